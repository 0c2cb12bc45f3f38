"""The forms of what is printed for an event: which sheets, and in which languages."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.activities.queries import EventRow
from portal.activities.queries.sessions import SessionRow
from portal.core.forms import (
    CheckboxesField,
    ChoiceField,
    Form,
    RadioChoiceField,
    WholeNumberField,
    chosen,
    offer,
    required,
)
from portal.core.web.language import LANGUAGES, text_in
from portal.reports.documents.frame import languages_of
from portal.reports.documents.sheets import NAMES, TALLY, SheetOrder
from portal.reports.spans import show_span

KINDS = {
    "names": _l("Sign-in sheet with names and signatures"),
    "codes": _l("Sheet with codes to tick, without names"),
    "tally": _l("Tally sheet by group, without names and codes"),
}
USUAL_ROWS = 10
MOST_ROWS = 500
# Where convicted persons and their families are expected, nobody signs by name.
WITHOUT_NAMES = frozenset({"support_group"})


class LanguagesForm(Form):
    """One language, or two that stand side by side."""

    first = ChoiceField(_l("Language"), [required()])
    second = ChoiceField(_l("Second language"))

    def offer_languages(self) -> None:
        """Fill the lists of languages."""
        offer(self.first, LANGUAGES.items())
        offer(self.second, [("", _("None")), *LANGUAGES.items()])

    def validate_second(self, field: ChoiceField) -> None:
        """Two languages are two different ones."""
        if field.data and field.data == self.first.data:
            raise ValidationError(_("Choose two different languages, or none as the second."))

    @property
    def languages(self) -> list[str]:
        """The languages that were chosen, in their order."""
        return [language for language in (self.first.data, self.second.data) if language]


class SheetsForm(LanguagesForm):
    """Which sheets are printed."""

    kind = RadioChoiceField(_l("Kind of sheet"), [required()])
    sessions = CheckboxesField(_l("Sessions"), [chosen])
    rows = WholeNumberField(_l("Empty rows at the end, for people who come without registration"), most=MOST_ROWS)

    def order(self, sessions: Sequence[SessionRow], addresses: dict[int, str]) -> SheetOrder:
        """What was asked for; no empty row where none were stated."""
        wanted = [each for each in sessions if str(each.position) in (self.sessions.data or ())]
        return SheetOrder(str(self.kind.data), self.languages, wanted, self.rows.data or 0, addresses)


def sheets_form(event: EventRow, sessions: Sequence[SessionRow], *, is_sensitive: bool) -> SheetsForm:
    """The form with what is usual chosen: all sessions, the organisers' languages, names where they may be written."""
    first, second = usual_languages(event)
    is_nameless = is_sensitive or event.kind in WITHOUT_NAMES
    expected = TALLY if is_nameless else NAMES
    positions = [str(each.position) for each in sessions]
    form = SheetsForm(
        data={"kind": expected, "first": first, "second": second, "sessions": positions, "rows": USUAL_ROWS}
    )
    form.offer_languages()
    offer(form.kind, [(kind, words) for kind, words in KINDS.items() if not (is_nameless and kind == NAMES)])
    offer(form.sessions, [(str(each.position), _named(event, each)) for each in sessions])
    return form


def usual_languages(event: EventRow) -> tuple[str, str]:
    """The languages of the organisers' countries: the first, and the second or ''."""
    first, *others = languages_of([each.country for each in event.organisers])
    return first, others[0] if others else ""


def _named(event: EventRow, session: SessionRow) -> str:
    when = show_span(session.starts_at, session.ends_at, event.time_zone)
    return " · ".join(filter(None, (when, text_in(session.title))))
