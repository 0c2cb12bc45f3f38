"""Sheets that are printed before an event: with names to sign, with codes to tick, or with groups to tally."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from flask_babel import gettext as _

from portal.activities.models import Event
from portal.activities.queries.sessions import SessionRow
from portal.core.web.formats import show_country
from portal.core.web.language import speaking, text_in
from portal.projects.labels import GROUPS
from portal.projects.models import Project
from portal.reports.documents.frame import beside, frame, in_each, qr_code
from portal.reports.documents.typesetting import typeset
from portal.reports.queries.sheets import Signer
from portal.reports.spans import show_span

NAMES, CODES, TALLY = SHEET_KINDS = ("names", "codes", "tally")
# Boxes to tally, in clusters of five, for each group.
FIVES: Final = 10


class SheetOrder(NamedTuple):
    """What is to be printed: which kind, in which languages, for which sessions, with how many rows left empty.

    `addresses` are position of a session -> the page on which its attendance is entered.
    """

    kind: str
    languages: Sequence[str]
    sessions: Sequence[SessionRow]
    empty_rows: int
    addresses: Mapping[int, str]


def sheets_pdf(project: Project, event: Event, order: SheetOrder, people: Sequence[Signer], *, now: datetime) -> bytes:
    """The sheets of the event as PDF, each session on pages of its own.

    A sheet with names lists those of `people` who may sign, a sheet of codes those known by a code, a tally sheet
    nobody.
    """
    say = _TITLES[order.kind]
    around = frame(project, order.languages, title=say, is_example=event.is_example, public=True)
    sheet = {
        "kind": order.kind,
        "ref": event.ref,
        "sides": [_side(project, event, say, language) for language in order.languages],
        "sessions": [_session(event, session, order) for session in order.sessions],
        "hint": [] if order.kind == NAMES else in_each(order.languages, _no_names),
        "qr": in_each(order.languages, lambda: _("Enter attendance")),
        "total": beside(order.languages, _TOTALS[order.kind]),
        "fives": FIVES,
        **_table(order, people),
    }
    return typeset("sheets", {**around, "sheet": sheet}, now=now)


def _side(project: Project, event: Event, title: Callable[[], str], language: str) -> dict[str, Any]:
    """What one language says of the event in the head of each page."""
    facts = _in(
        language,
        lambda: [
            [_("Project"), f"{project.code} {text_in(project.title)}"],
            [_("Organisers"), "; ".join(text_in(each.name) for each in event.organisers)],
            [_("Where"), ", ".join(filter(None, (event.place, show_country(event.country))))],
        ],
    )
    return {"title": _in(language, title), "event": text_in(event.title, language), "facts": facts}


def _session(event: Event, session: SessionRow, order: SheetOrder) -> dict[str, Any]:
    address = order.addresses.get(session.position, "")
    return {
        "sides": [_in(language, lambda: _session_facts(event, session)) for language in order.languages],
        "address": address,
        "qr": qr_code(address) if address else "",
    }


def _session_facts(event: Event, session: SessionRow) -> list[list[str]]:
    span = show_span(session.starts_at, session.ends_at, event.time_zone)
    when = [[_("When"), f"{span} ({event.time_zone})"]]
    title = text_in(session.title)
    return [*when, [_("Session"), title]] if title else when


def _table(order: SheetOrder, people: Sequence[Signer]) -> dict[str, Any]:
    """The names of the columns, each in every language, and the rows, empty ones numbered on at the end."""
    columns = [in_each(order.languages, say) for say in _COLUMNS[order.kind]]
    if order.kind == TALLY:
        rows = [in_each(order.languages, words.__str__) for words in GROUPS.values()]
        return {"columns": columns, "rows": rows}
    if order.kind == NAMES:
        rows = [[str(each.number), each.label, each.institution, each.country] for each in people if each.may_sign]
    else:
        # The group stays out: beside its code it would tell everyone who sees the sheet of a conviction.
        rows = [[str(each.number), each.label] for each in people if each.is_coded]
    last = max((each.number for each in people), default=0)
    width = 4 if order.kind == NAMES else 2
    rows += [[str(last + number), *[""] * (width - 1)] for number in range(1, order.empty_rows + 1)]
    return {"columns": columns, "rows": rows}


def _in(language: str, say: Callable[[], Any]) -> Any:
    with speaking(language):
        return say()


def _no_names() -> str:
    return str(_("Write no names on this sheet."))


_TITLES: Final[Mapping[str, Callable[[], str]]] = {
    NAMES: lambda: _("Sign-in sheet"),
    CODES: lambda: _("Attendance sheet with codes"),
    TALLY: lambda: _("Tally sheet without names"),
}
_TOTALS: Final[Mapping[str, Callable[[], str]]] = {
    NAMES: lambda: _("Signatures on this page"),
    CODES: lambda: _("People on this page"),
    TALLY: lambda: _("People on this page"),
}
_COLUMNS: Final[Mapping[str, Sequence[Callable[[], str]]]] = {
    NAMES: (
        lambda: _("No."),
        lambda: _("Name"),
        lambda: _("Institution"),
        lambda: _("Country"),
        lambda: _("Signature"),
        lambda: _("Photos of me may be shown"),
        lambda: _("yes"),
        lambda: _("no"),
    ),
    CODES: (lambda: _("No."), lambda: _("Code"), lambda: _("Was there")),
    TALLY: (lambda: _("Group"), lambda: _("One box for each person"), lambda: _("Number")),
}
