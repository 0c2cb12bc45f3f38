"""Who registered for an event and who was there, as workbooks."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from portal.activities.labels import PARTICIPATION_STATUSES
from portal.activities.queries import EventRow
from portal.activities.queries.people_files import AttendanceList, ListedPerson, Question
from portal.core.tables import Cell, Column, Sheet, write_xlsx
from portal.core.web.formats import show_country, show_local_time
from portal.core.web.language import speaking, text_in
from portal.projects.labels import GROUPS

MINUTES: Final = 60
HOURS: Final = "0.00"


def participants_workbook(
    event: EventRow, people: Sequence[ListedPerson], questions: Sequence[Question], language: str, *, now: datetime
) -> bytes:
    """The list of participants as XLSX in `language`: those who registered in the order of arrival, then the others."""
    with speaking(language):
        columns = [*_person_columns(), *(Column(text_in(each.text), 30) for each in questions)]
        rows = (_person(event, each, questions) for each in people)
        notes = [
            *_about(event, now),
            _("Those who registered come first, in the order of arrival; the others follow as they were entered."),
            _("Convicted persons and family members are listed by a code only."),
        ]
        return write_xlsx([Sheet(_("Participants"), columns, rows), _notes(notes)])


def _person_columns() -> list[Column]:
    return [
        Column(_("Place in the order of arrival"), 12),
        Column(_("Name"), 26),
        Column(_("E-mail or code"), 30),
        Column(_("Institution"), 30),
        Column(_("Country"), 14),
        Column(_("Group"), 20),
        Column(_("Attendance"), 18),
        Column(_("Registered on"), 18),
        Column(_("Confirmed on"), 18),
    ]


def _person(event: EventRow, person: ListedPerson, questions: Sequence[Question]) -> list[Cell]:
    zone = ZoneInfo(event.time_zone)
    return [
        person.place,
        person.name,
        person.email or person.participant,
        person.organisation,
        show_country(person.country) if person.country else "",
        str(GROUPS[person.group]),
        str(PARTICIPATION_STATUSES[person.status]),
        person.registered_at and person.registered_at.astimezone(zone),
        person.confirmed_at and person.confirmed_at.astimezone(zone),
        *(_answer(each, person) for each in questions),
    ]


def _answer(question: Question, person: ListedPerson) -> str:
    """What the person answered, in the language of the moment; '' if nothing."""
    answer = (person.answers or {}).get(str(question.id), "")
    if isinstance(answer, int):
        return text_in(question.choices[answer]) if answer < len(question.choices) else ""
    return answer


def attendance_workbook(event: EventRow, listed: AttendanceList, language: str, *, now: datetime) -> bytes:
    """The attendance list as XLSX in `language`: the hours of each person at each session, and their sums."""
    with speaking(language):
        notes = [
            *_about(event, now),
            _("An empty cell of a session: nobody has said that the person was there."),
            _("“On the paper sheet” is how many signatures the paper list has, as it was entered."),
            _("People without names (headcounts) at this event: %(number)s.", number=listed.unnamed),
        ]
        rows = [*_attendance_rows(listed), *_sums(listed)]
        return write_xlsx([Sheet(_("Attendance"), _attendance_columns(event, listed), rows), _notes(notes)])


def _attendance_columns(event: EventRow, listed: AttendanceList) -> list[Column]:
    zone = ZoneInfo(event.time_zone)
    sessions = [
        " ".join(filter(None, (f"{each.starts_at.astimezone(zone):%Y-%m-%d %H:%M}", text_in(each.title))))
        for each in listed.sessions
    ]
    return [
        Column(_("Number"), 8),
        Column(_("Name"), 26),
        Column(_("E-mail or code"), 30),
        Column(_("Institution"), 30),
        Column(_("Country"), 14),
        Column(_("Group"), 20),
        *(Column(title, 14, HOURS) for title in sessions),
        Column(_("Hours"), 10, HOURS),
        Column(_("Attendance"), 18),
    ]


def _attendance_rows(listed: AttendanceList) -> Iterator[list[Cell]]:
    for number, person in enumerate(listed.people, start=1):
        yield [
            number,
            person.name,
            person.participant,
            person.organisation,
            show_country(person.country) if person.country else "",
            str(GROUPS[person.group]),
            *(_hours(person.minutes.get(each.position)) for each in listed.sessions),
            _hours(sum(person.minutes.values()) if person.minutes else None),
            str(PARTICIPATION_STATUSES[person.status]),
        ]


def _sums(listed: AttendanceList) -> Iterator[list[Cell]]:
    """Under the list: hours, people and signatures of each session."""
    people, sessions = listed.people, listed.sessions
    minutes = [sum(each.minutes.get(session.position, 0) for each in people) for session in sessions]
    yield _foot(_("Hours"), [*map(_hours, minutes), _hours(sum(minutes))])
    present = [sum(session.position in each.minutes for each in people) for session in sessions]
    yield _foot(_("People present"), [*present, sum(bool(each.minutes) for each in people)])
    yield _foot(_("On the paper sheet"), [each.sheet_count for each in sessions])


def _foot(title: str, cells: Sequence[Cell]) -> list[Cell]:
    return [None, title, None, None, None, None, *cells]


def _hours(minutes: int | None) -> Decimal | None:
    return None if minutes is None else round(Decimal(minutes) / MINUTES, 2)


def _about(event: EventRow, now: datetime) -> list[str]:
    return [
        f"{event.ref} {text_in(event.title)}",
        _(
            "As of %(moment)s; times are those of the clocks where the event takes place.",
            moment=show_local_time(now, event.time_zone),
        ),
    ]


def _notes(notes: Sequence[str]) -> Sheet:
    return Sheet(_("Notes"), [Column(_("Notes"), 100)], [[note] for note in notes])
