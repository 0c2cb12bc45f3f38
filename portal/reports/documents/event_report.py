"""The report of one event as a document: what happened, who was there in figures, what it counts towards and why."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _

from portal.activities import labels
from portal.activities.models import Event
from portal.activities.rules.events import is_joint
from portal.core.web.formats import show_country, show_list, show_local_time, show_number
from portal.core.web.language import speaking, text_in
from portal.projects.labels import AGE_BANDS, EVENT_KINDS, GENDERS, GROUPS
from portal.reports.documents.frame import frame
from portal.reports.documents.typesetting import typeset
from portal.reports.queries.event_report import Came, EventReport
from portal.reports.spans import show_span
from portal.reports.standing_words import tell_count, tell_why


class Column(NamedTuple):
    """A column of a list: its header, its share of the room (0: as wide as it needs), and whether it holds numbers."""

    name: str
    width: int = 0
    number: bool = False


def event_report_pdf(report: EventReport, language: str, *, now: datetime) -> bytes:
    """The report in `language` as PDF, as of `now`."""
    event = report.event
    with speaking(language):
        moment = show_local_time(now, report.project.time_zone)
        around = frame(
            report.project,
            [language],
            title=lambda: _("Report of the event: %(title)s", title=text_in(event.title)),
            as_of=_("As of %(day)s", day=moment),
            is_example=event.is_example,
        )
        lists = [each for each in _lists(report) if each["rows"]]
        facts = [[_("Facts of the event"), _facts(event)], [_("Who was there"), _people(report)]]
        notes = {"caption": _("Notes"), "lines": list(_notes(report))}
        return typeset("event_report", {**around, "facts": facts, "lists": lists, "notes": notes}, now=now)


def _facts(event: Event) -> list[list[str]]:
    public = _("Public: open to everyone") if event.is_public else _("Closed: invited people only")
    rows = [
        [_("Reference"), event.ref],
        [_("State"), str(labels.EVENT_STATUSES[event.status])],
        [_("Kind"), str(EVENT_KINDS[event.kind])],
        [_("Activity"), f"{event.activity.number} {text_in(event.activity.title)}"],
        [_("Organisers"), "; ".join(text_in(each.name) for each in event.organisers)],
        [_("Joint"), tell_joint(event)],
        [_("When"), f"{show_span(event.starts_at, event.ends_at, event.time_zone)} ({event.time_zone})"],
        [_("Where"), ", ".join(filter(None, (event.place, show_country(event.country))))],
        [_("Who may come"), public],
    ]
    for name, number in ((_("Seats"), event.capacity), (_("Planned participants"), event.planned_participants)):
        rows += [] if number is None else [[name, show_number(number)]]
    return rows


def tell_joint(event: Event) -> str:
    """Whether the event is joint, and why."""
    countries = show_list([show_country(country) for country in event.organiser_countries])
    if is_joint([each.country for each in event.organisers]):
        return str(_("Joint, because organisers come from %(countries)s.", countries=countries))
    said = _(
        "Not joint, because all organisers come from %(country)s. A joint event needs organisers from at least two "
        "countries.",
        country=countries,
    )
    return str(said)


def _people(report: EventReport) -> list[list[str]]:
    unnamed = sum(row.number for row in report.headcounts)
    return [
        [_("People in all"), show_number(report.people)],
        [_("On the list of participants"), show_number(report.people - unnamed)],
        [_("People counted without names"), show_number(unnamed)],
    ]


def _lists(report: EventReport) -> Iterator[dict[str, Any]]:
    """The lists of the report, in order; those without rows are left out by the caller."""
    yield _standings(report)
    yield _registrations(report)
    yield _sessions(report)
    for caption, name, counts in _breakdowns(report):
        yield _counted(caption, name, counts)
    yield _headcounts(report)
    yield _evidence(report)


def _standings(report: EventReport) -> dict[str, Any]:
    return _list(
        _("What it counts towards"),
        [Column(_("Row of the outcome table"), 3), Column(_("Counts")), Column(_("Why"), 5)],
        [[text_in(each.indicator.name), tell_count(each), tell_why(each, report.event)] for each in report.standings],
    )


def _registrations(report: EventReport) -> dict[str, Any]:
    """How people came onto the list, and what became of them; the last row sums up."""
    found = [(str(words), report.list[status]) for status, words in labels.PARTICIPATION_STATUSES.items()
             if status in report.list]  # fmt: skip
    if found:
        whole = Came(*(sum(came[index] for _words, came in found) for index in (0, 1)))
        found.append((_("Total"), whole))
    return _list(
        _("List of participants"),
        [
            Column(_("State"), 2),
            Column(_("By the registration page"), 1, number=True),
            Column(_("Entered by the organisers"), 1, number=True),
            Column(_("Total"), 1, number=True),
        ],
        [[words, *(show_number(number) for number in (*came, sum(came)))] for words, came in found],
    )


def _sessions(report: EventReport) -> dict[str, Any]:
    zone = report.event.time_zone
    rows = []
    for session, present in report.sessions:
        when = show_span(session.starts_at, session.ends_at, zone)
        rows.append(
            [
                show_number(session.position),
                " · ".join(filter(None, (text_in(session.title), when))),
                show_number(present),
                show_number(session.sheet_count),
            ]
        )
    columns = [
        Column(_("No."), number=True),
        Column(_("Session"), 3),
        Column(_("Entered"), 1, number=True),
        Column(_("Signatures on the sheet"), 1, number=True),
    ]
    return _list(_("Attendance by session"), columns, rows)


def _breakdowns(report: EventReport) -> list[tuple[str, str, list[tuple[str, int]]]]:
    """Caption, what is told apart, and how many people of each kind, those not known last."""
    by = report.breakdowns
    known = sorted((show_country(code), number) for code, number in by["country"].items() if code)
    unknown = [(_("Not known"), by["country"][""])] if "" in by["country"] else []
    return [
        (_("By country"), _("Country"), [*known, *unknown]),
        (_("By group"), _("Group"), _worded(by["group"], GROUPS)),
        (_("By gender"), _("Gender"), _worded(by["gender"], GENDERS)),
        (_("By age"), _("Age"), _worded(by["age_band"], AGE_BANDS)),
    ]


def _worded(counts: Mapping[str, int], words: Mapping[str, Any]) -> list[tuple[str, int]]:
    return [(str(said), counts[value]) for value, said in words.items() if value in counts]


def _counted(caption: str, name: str, counts: Sequence[tuple[str, int]]) -> dict[str, Any]:
    rows = [[said, show_number(number)] for said, number in counts]
    if rows:
        rows.append([_("Total"), show_number(sum(number for _said, number in counts))])
    return _list(caption, [Column(name, 3), Column(_("Number of people"), 1, number=True)], rows)


def _headcounts(report: EventReport) -> dict[str, Any]:
    return _list(
        _("People counted without names"),
        [
            Column(_("Group"), 3),
            Column(_("Country"), 2),
            Column(_("Gender"), 2),
            Column(_("Age"), 2),
            Column(_("Number"), 1, number=True),
        ],
        [
            [
                str(GROUPS[row.group]),
                show_country(row.country) if row.country else _("Not known"),
                str(GENDERS[row.gender]),
                str(AGE_BANDS[row.age_band]),
                show_number(row.number),
            ]
            for row in report.headcounts
        ],
    )


def _evidence(report: EventReport) -> dict[str, Any]:
    return _list(
        _("Evidence"),
        [Column(_("Kind"), 1), Column(_("File"), 3)],
        [[str(labels.EVIDENCE_KINDS[kind]), name] for kind, name in report.evidence or ()],
    )


def _notes(report: EventReport) -> Iterator[str]:
    if not report.standings:
        yield _("No row of the outcome table counts events.")
    if report.evidence is None and report.is_evidenced:
        yield _("The attendance is evidenced by files that the organisers can open.")
    if not report.is_evidenced:
        yield _("The attendance is not evidenced yet.")
    yield _("Small numbers are not hidden in this report: do not publish it as it is.")


def _list(caption: str, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> dict[str, Any]:
    return {"caption": caption, "columns": [column._asdict() for column in columns], "rows": rows}
