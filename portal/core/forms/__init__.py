"""Forms: our base class, and fields that forgive how people type."""

from portal.core.forms.base import Difference, Form, csrf, typed_in
from portal.core.forms.fields import (
    CheckboxesField,
    ChoiceField,
    Choices,
    DayField,
    LocalMomentField,
    ParagraphsField,
    RadioChoiceField,
    TextField,
    VersionField,
    WholeNumberField,
    at_most,
    chosen,
    offer,
    offered,
    required,
)
from portal.core.forms.reading import ReadField

__all__ = [
    "CheckboxesField",
    "ChoiceField",
    "Choices",
    "DayField",
    "Difference",
    "Form",
    "LocalMomentField",
    "ParagraphsField",
    "RadioChoiceField",
    "ReadField",
    "TextField",
    "VersionField",
    "WholeNumberField",
    "at_most",
    "chosen",
    "csrf",
    "offer",
    "offered",
    "required",
    "typed_in",
]
