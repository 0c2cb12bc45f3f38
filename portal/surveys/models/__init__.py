"""Tables of surveys: what is asked, when, and what was answered."""

from portal.surveys.models.answers import PaperSheet, Response, Sitting, Token
from portal.surveys.models.studies import Analysis, FieldworkNote, Instrument, Study, Wave

__all__ = [
    "Analysis",
    "FieldworkNote",
    "Instrument",
    "PaperSheet",
    "Response",
    "Sitting",
    "Study",
    "Token",
    "Wave",
]
