"""Forms of events, attendance and evidence."""

from portal.activities.forms.attendance import CodedPersonForm, PersonForm, RemoveForm, person_form
from portal.activities.forms.events import EventForm, StatusForm, copied_values, event_values
from portal.activities.forms.evidence import EvidenceForm, evidence_form
from portal.activities.forms.headcounts import division_form, division_values, headcounts_form

__all__ = [
    "CodedPersonForm",
    "EventForm",
    "EvidenceForm",
    "PersonForm",
    "RemoveForm",
    "StatusForm",
    "copied_values",
    "division_form",
    "division_values",
    "event_values",
    "evidence_form",
    "headcounts_form",
    "person_form",
]
