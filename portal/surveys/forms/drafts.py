"""What all forms of a draft have: its version, and its texts in the language in which it is written."""

from collections.abc import Mapping
from typing import Any

from wtforms import Field

from portal.core.errors import PortalError, Problem
from portal.core.forms import Difference, Form, VersionField
from portal.core.sentences import sentence
from portal.surveys.forms.naming import spoken
from portal.surveys.rules.documents import Instrument, Texts
from portal.surveys.rules.outdated import Renamed, Spot

STALE = Problem("study-stale")
# What a questionnaire's file calls a column that a form calls otherwise.
FIELDS = {"min": "least", "max": "most", "show_if": "show_item", "title": "text", "min_answered": "answered_percent"}


class DraftForm(Form):
    """The base of a form that changes a draft: the version that the page showed."""

    version = VersionField()

    # Where problems stand: the tables of a questionnaire as a file states them.
    tables: Mapping[str, Any] = {}

    @property
    def place(self) -> str:
        """The place of the part that the form is about, as problems name it."""
        return ""

    def field_at(self, where: str) -> Field | None:
        """The field of what a problem at this place is about; None where there is none."""
        is_own = "." not in where or where.startswith(f"{self.place}.")
        column = where.removeprefix(f"{self.place}.").partition(".")[0] if is_own else ""
        return self._fields.get(FIELDS.get(column, column)) or self._fields.get(column)

    def show_problems(self, error: PortalError) -> None:
        """Put each problem at the field of what it is about, or at the top together with its place in words."""
        others = []
        for problem in error.problems:
            field = self.field_at(problem.where)
            if field is None:
                others.append(problem)
            else:
                field.errors = [*field.errors, sentence(problem)]
        for each in spoken(others, self.tables):
            self.refuse(each)

    def changed(self, instrument: Instrument) -> Instrument:
        """The questionnaire with what the form says; raise InvalidInput for what cannot be."""
        return instrument

    @property
    def renames(self) -> tuple[Renamed, ...]:
        """Parts that get another key."""
        return ()

    @property
    def confirmed(self) -> tuple[Spot, ...]:
        """Translations that are still right though their text was written anew."""
        return ()

    def stale(self, stored: Mapping[str, Any]) -> list[Difference]:
        """Where a form that came too late differs from what is stored by now; it can be sent again."""
        return self.stale_over(stored, STALE)


def written(instrument: Instrument, texts: Texts) -> str:
    """The text in the language in which the questionnaire is written."""
    return texts.get(instrument.languages[0], "")


def lines_of(text: str | None) -> list[str]:
    """The lines that are not empty, without the space around them."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
