"""The words for the projects' vocabularies, as people read them."""

from typing import Any

from flask_babel import lazy_gettext as _l

ROLES = {
    "lead": _l("Lead partner"),
    "partner": _l("Project partner"),
    "associated": _l("Associated partner"),
}

ACTIVITY_STATUSES = {
    "planned": _l("Planned"),
    "running": _l("Running"),
    "done": _l("Done"),
    "cancelled": _l("Cancelled"),
}

EVENT_KINDS = {
    "workshop": _l("Workshop"),
    "training": _l("Training"),
    "public_space_renewal": _l("Public-space renewal"),
    "creative": _l("Creative activity"),
    "support_group": _l("Support group"),
    "tournament": _l("Tournament"),
    "survey_fieldwork": _l("Survey fieldwork"),
    "meeting": _l("Meeting"),
    "other": _l("Other"),
}

GROUPS = {
    "professional": _l("Professionals"),
    "staff": _l("Staff"),
    "community_member": _l("Community members"),
    "convicted_person": _l("Convicted persons"),
    "family_member": _l("Family members"),
    "spectator": _l("Spectators"),
    "other": _l("Others"),
    "unknown": _l("Not known"),
}

GENDERS = {"f": _l("Female"), "m": _l("Male"), "x": _l("Other"), "unknown": _l("Not known")}

AGE_BANDS = {
    "under18": _l("Under 18"),
    "18-29": "18–29",
    "30-44": "30–44",
    "45-64": "45–64",
    "65plus": _l("65 and over"),
    "unknown": _l("Not known"),
}

UNITS = {
    "participations": _l("participations"),
    "organisations": _l("organisations"),
    "events": _l("events"),
    "persons": _l("persons"),
    "hours": _l("hours"),
}

WHY_NOT_COUNTED = {
    "figure-not-manual": _l("the indicator is counted from the portal's records now"),
    "figure-outside-days": _l("outside the project's days"),
}

ACTIONS = {
    "activity_progress": _l("Progress of an activity recorded"),
    "deliverable_progress": _l("Progress of a deliverable recorded"),
    "organisation_details_changed": _l("Spellings or address of an organisation edited"),
    "contact_added": _l("Contact added"),
    "contact_changed": _l("Contact edited"),
    "contact_removed": _l("Contact removed"),
    "figure_added": _l("Figure entered by hand"),
    "figure_changed": _l("Figure entered by hand edited"),
    "figure_removed": _l("Figure entered by hand removed"),
    "organisations_merged": _l("Another record of the organisation merged into it"),
    "organisation_merged_away": _l("Record of an organisation merged into another one"),
    "project_changed": _l("Project changed"),
    "project_closed": _l("Project closed"),
    "project_copied": _l("Project made from another one's structure"),
    "project_created": _l("Project made"),
    "project_reopened": _l("Project opened again"),
    "project_started": _l("Project began to run"),
    "project_loaded": _l("Project loaded from its file"),
    "project_updated": _l("Project updated from its file"),
}

# What the audit says of projects.
KINDS = {"figure": _l("Figure"), "organisation": _l("Organisation"), "project": _l("Project")}
FIELDS: dict[str, Any] = {
    "address": _l("Address"),
    "aliases": _l("Also written"),
    "budget_cents": _l("Budget in cents"),
    "contact": _l("Contact"),
    "contacts": _l("Contacts"),
    "day": _l("Day"),
    "duty": _l("What they do there"),
    "file": _l("File"),
    "merged": _l("Record merged into it"),
    "merged_into": _l("Merged into"),
    "number": _l("Number"),
    "part": _l("Part in the project"),
    "phone": _l("Phone"),
    "reason": _l("Reason"),
}
VALUES: dict[str, Any] = {"part": ROLES}
