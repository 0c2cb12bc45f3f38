"""Marking who was at an event: once each, undone by a further fact, with what follows for statuses and seats."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.activities.models import AttendanceMark, Event, EventSession, Participation, Registration, RegistrationDesk
from portal.activities.queries.marking import count_present, list_latest, list_missed, list_people, minutes_attended
from portal.activities.services.events import move_event
from portal.activities.services.marking import Mark, mark, mark_all, mark_rest_absent
from portal.activities.services.paper_sheets import SheetDraft, WalkIn, add_walk_in, save_sheet, set_sheet_count
from portal.audit.models import AuditEntry
from portal.core.db import db, transaction
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.projects.queries import get_project
from tests.conftest import NOW
from tests.make import PROJECT, make_event, make_people, make_project, version_of

LATER = NOW + timedelta(minutes=5)
BY = 7


@pytest.fixture
def event_id(in_app) -> int:
    """A workshop of one day, six hours long, with three registered people: Ona, Jan and a code."""
    make_project()
    event_id = make_event()
    make_people(event_id, ["ona@example.org"], name="Ona", status="registered")
    make_people(event_id, ["jan@example.org"], name="Jan", status="registered")
    make_people(event_id, ["K001"], status="registered")
    return event_id


@pytest.fixture
def two_days(in_app) -> int:
    """A training on 10 and 11 March 2026, 10:00 to 16:00 in Vilnius, with Ona registered."""
    make_project()
    event_id = make_event(ends=datetime(2026, 3, 11, 16, 0))
    make_people(event_id, ["ona@example.org"], name="Ona", status="registered")
    return event_id


def row_of(participant: str) -> int:
    return db.session.scalars(select(Participation.id).where(Participation.participant == participant)).one()


def status_of(participant: str) -> str:
    db.session.expire_all()
    return db.session.scalars(select(Participation.status).where(Participation.participant == participant)).one()


def set_status(participant: str, status: str) -> None:
    with transaction() as session:
        session.get_one(Participation, row_of(participant)).status = status


def say(event_id: int, participant: str, *, there: bool = True, position: int = 1, **act) -> bool:
    stated = Mark(row_of(participant), is_present=there, minutes=act.pop("minutes", None))
    return mark(event_id, position, stated, by=BY, **{"now": NOW, **act})


def marks() -> list[tuple[bool, int | None]]:
    return [tuple(row) for row in db.session.execute(select(AttendanceMark.is_present, AttendanceMark.minutes)).all()]


def actions() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def register(event_id: int, participant: str, *, capacity: int | None = None, confirmed: bool = True, **place) -> None:
    """Let the person have come by the event's registration page, which is opened for it, straight in the tables."""
    with transaction() as session:
        event = session.get_one(Event, event_id)
        desk = session.get(RegistrationDesk, event_id)
        if desk is None:
            times = {"opens_at": event.starts_at - timedelta(days=9), "closes_at": event.starts_at}
            desk = RegistrationDesk(
                event_id=event_id, token="t" * 43, consent={}, created_at=NOW, updated_at=NOW, **times
            )
            session.add(desk)
            session.flush()
        desk.last_place += 1
        event.capacity = capacity
        facts = {"place": desk.last_place, "nonce": f"{desk.last_place:016d}", "language": "en", "consent_version": 1}
        if confirmed:
            facts["confirmed_at"] = NOW
        row_id = row_of(participant)
        session.add(
            Registration(
                participation_id=row_id, event_id=event_id, leader_id=row_id, registered_at=NOW, **facts, **place
            )
        )


def test_a_person_is_marked_once_and_attended(event_id: int):
    assert say(event_id, "ona@example.org")
    assert not say(event_id, "ona@example.org", now=LATER)
    assert marks() == [(True, None)]
    assert status_of("ona@example.org") == "attended"
    assert count_present(event_id, 1) == 1


def test_undoing_is_a_further_fact(event_id: int):
    say(event_id, "ona@example.org")
    assert say(event_id, "ona@example.org", there=False)
    assert not say(event_id, "ona@example.org", there=False)
    assert marks() == [(True, None), (False, None)]
    assert status_of("ona@example.org") == "registered"
    assert say(event_id, "ona@example.org")
    assert status_of("ona@example.org") == "attended"


def test_who_was_never_marked_and_is_unmarked_keeps_their_place(event_id: int):
    assert not say(event_id, "ona@example.org", there=False)
    assert marks() == []
    assert status_of("ona@example.org") == "registered"


def test_marks_do_not_make_open_forms_of_the_event_stale(event_id: int):
    before = version_of(event_id)
    say(event_id, "ona@example.org")
    set_sheet_count(event_id, 1, 33, now=NOW)
    assert version_of(event_id) == before


def test_a_part_of_the_time_is_kept_in_minutes_and_can_be_mended(event_id: int):
    assert say(event_id, "ona@example.org", minutes=90)
    assert minutes_attended(event_id) == {row_of("ona@example.org"): 90}
    assert say(event_id, "ona@example.org", minutes=120)
    assert minutes_attended(event_id) == {row_of("ona@example.org"): 120}
    assert say(event_id, "ona@example.org", minutes=360)
    assert minutes_attended(event_id) == {row_of("ona@example.org"): 360}
    with pytest.raises(InvalidInput, match="marks-minutes"):
        say(event_id, "jan@example.org", minutes=361)


def test_a_tick_without_a_box_of_minutes_leaves_those_that_were_stated(event_id: int):
    say(event_id, "ona@example.org", minutes=90)
    person = row_of("ona@example.org")
    assert not say(event_id, "ona@example.org")
    assert mark_all(event_id, 1, [Mark(person, True)], now=LATER, by=1)["changed"] == 0
    assert minutes_attended(event_id) == {person: 90}
    assert mark_all(event_id, 1, [Mark(person, True, None, is_timed=True)], now=LATER, by=1)["changed"] == 1
    assert minutes_attended(event_id) == {person: 360}


def test_a_helper_who_marks_again_leaves_the_minutes(event_id: int):
    say(event_id, "ona@example.org", minutes=90)
    assert not say(event_id, "ona@example.org", by_link=True)
    assert minutes_attended(event_id) == {row_of("ona@example.org"): 90}


def test_hours_of_several_days_add_up(two_days: int):
    say(two_days, "ona@example.org", position=1)
    assert minutes_attended(two_days) == {row_of("ona@example.org"): 360}
    say(two_days, "ona@example.org", position=2, minutes=45)
    assert minutes_attended(two_days) == {row_of("ona@example.org"): 405}
    say(two_days, "ona@example.org", position=1, there=False)
    assert status_of("ona@example.org") == "attended"
    assert minutes_attended(two_days) == {row_of("ona@example.org"): 45}
    assert (count_present(two_days, 1), count_present(two_days, 2)) == (0, 1)


def test_who_is_said_to_have_attended_was_at_every_session_until_one_is_unmarked(two_days: int):
    make_people(two_days, ["all@example.org"], name="All")
    assert minutes_attended(two_days)[row_of("all@example.org")] == 720
    assert not say(two_days, "all@example.org", position=1)
    assert say(two_days, "all@example.org", position=2, there=False)
    assert minutes_attended(two_days)[row_of("all@example.org")] == 360
    assert status_of("all@example.org") == "attended"


def test_the_list_stands_in_the_order_of_the_sheet_with_walk_ins_last(event_id: int):
    add_walk_in(event_id, 1, WalkIn("Adam"), now=NOW, by=BY)
    assert [(each.number, each.label, each.is_present) for each in list_people(event_id, 1)] == [
        (1, "Jan", False),
        (2, "Ona", False),
        (3, "K001", False),
        (4, "Adam", True),
    ]
    with pytest.raises(NotFound):
        list_people(event_id, 2)


def test_the_last_marks_come_first(event_id: int):
    say(event_id, "ona@example.org")
    say(event_id, "jan@example.org", now=LATER)
    assert [each.name for each in list_latest(list_people(event_id, 1))] == ["Jan", "Ona"]


def test_nobody_is_marked_at_a_cancelled_event_nor_before_its_first_day(in_app):
    make_project()
    cancelled = make_event(status="cancelled")
    make_people(cancelled, ["a@example.org"], status="registered")
    starts = datetime(2026, 11, 21, 10, 0)
    tomorrow = make_event(starts=starts, ends=starts.replace(hour=16))
    make_people(tomorrow, ["b@example.org"], status="registered")
    for code, event, person in (
        ("marks-cancelled", cancelled, "a@example.org"),
        ("marks-early", tomorrow, "b@example.org"),
    ):
        for act in (
            lambda event=event, person=person: say(event, person),
            lambda event=event: add_walk_in(event, 1, WalkIn("Adam"), now=NOW, by=BY),
            lambda event=event: set_sheet_count(event, 1, 3, now=NOW),
            lambda event=event: mark_rest_absent(event, now=NOW),
        ):
            with pytest.raises(Conflict, match=code):
                act()
    assert marks() == []
    assert say(tomorrow, "b@example.org", now=datetime(2026, 11, 20, 22, 0, tzinfo=UTC))


def test_a_held_event_can_still_be_corrected_and_a_closed_project_cannot(event_id: int):
    move_event(event_id, "held", version=version_of(event_id), now=NOW)
    assert say(event_id, "ona@example.org")
    get_project(PROJECT).status = "closed"
    db.session.commit()
    with pytest.raises(Conflict, match="project-closed"):
        say(event_id, "jan@example.org")


def test_people_and_sessions_of_other_events_are_not_found(event_id: int):
    other = make_event(ref="W9")
    make_people(other, ["other@example.org"], status="registered")
    with pytest.raises(NotFound, match="participation-unknown"):
        mark(event_id, 1, Mark(row_of("other@example.org"), is_present=True), now=NOW, by=BY)
    with pytest.raises(NotFound, match="session-unknown"):
        say(event_id, "ona@example.org", position=2)
    with pytest.raises(NotFound, match="event-unknown"):
        mark(999, 1, Mark(1, is_present=True), now=NOW, by=BY)
    assert marks() == []


def test_a_sheet_is_saved_as_one_with_those_who_are_gone_left_out(event_id: int):
    stated = [Mark(row_of("ona@example.org"), is_present=True), Mark(999, is_present=True)]
    draft = SheetDraft(stated, is_counted=True, sheet_count=2, walk_in=WalkIn("Adam"))
    told = save_sheet(event_id, 1, draft, now=NOW, by=BY)
    assert (told["changed"], told["gone"]) == (1, 1)
    assert [each.label for each in list_people(event_id, 1) if each.is_present] == ["Ona", "Adam"]
    assert db.session.scalars(select(EventSession.sheet_count)).one() == 2
    wrong = SheetDraft([Mark(row_of("jan@example.org"), is_present=True)], walk_in=WalkIn("", "a@example.org"))
    with pytest.raises(InvalidInput, match="walk-in-name"):
        save_sheet(event_id, 1, wrong, now=NOW, by=BY)
    assert status_of("jan@example.org") == "registered"
    assert mark_all(event_id, 1, stated, now=LATER, by=BY) == {"changed": 0, "gone": 1}


def test_the_rest_is_absent(event_id: int):
    say(event_id, "ona@example.org")
    make_people(event_id, ["gone@example.org"], status="cancelled")
    assert [each.label for each in list_missed(event_id)] == ["Jan", "K001"]
    assert mark_rest_absent(event_id, now=NOW) == 2
    assert mark_rest_absent(event_id, now=NOW) == 0
    assert [status_of(each) for each in ("ona@example.org", "jan@example.org", "gone@example.org")] == [
        "attended",
        "absent",
        "cancelled",
    ]
    assert say(event_id, "jan@example.org")
    assert status_of("jan@example.org") == "attended"


def test_a_walk_in_with_the_e_mail_of_somebody_on_the_list_is_marked_there(event_id: int):
    assert add_walk_in(event_id, 1, WalkIn("Ona O.", "ONA@example.org"), now=NOW, by=BY) == row_of("ona@example.org")
    assert [each.label for each in list_people(event_id, 1) if each.is_present] == ["Ona"]
    new = add_walk_in(event_id, 1, WalkIn("Eva", "eva@example.org", "City", "LT"), now=NOW, by=BY)
    assert new == row_of("eva@example.org")


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (WalkIn(""), "walk-in-name"),
        (WalkIn("Eva", "eva"), "email-malformed"),
        (WalkIn("Eva", "eva@example.org\nBcc: x@example.org"), "email-malformed"),
        (WalkIn("x" * 201), "text-too-long"),
        (WalkIn("Eva", organisation="x" * 201), "text-too-long"),
        (WalkIn("Eva", country="XX"), "unknown-country"),
        (WalkIn("Eva", group="nobody"), "unknown-value"),
    ],
)
def test_a_walk_in_that_cannot_be_stored_is_refused(event_id: int, draft: WalkIn, code: str):
    with pytest.raises(InvalidInput, match=code):
        add_walk_in(event_id, 1, draft, now=NOW, by=BY)
    assert len(list_people(event_id, 1)) == 3


@pytest.mark.parametrize(
    "stated", [{"name": "Secret Person"}, {"email": "s@example.org"}, {"organisation": "Prison 7"}]
)
def test_nothing_that_names_a_convicted_walk_in_is_stored_or_repeated(event_id: int, stated: dict[str, str]):
    with pytest.raises(InvalidInput, match="sensitive-name") as refused:
        add_walk_in(event_id, 1, WalkIn(**stated, group="convicted_person"), now=NOW, by=BY)
    [value] = stated.values()
    assert value not in str(refused.value)
    assert len(list_people(event_id, 1)) == 3
    with pytest.raises(InvalidInput, match="sensitive-code"):
        add_walk_in(event_id, 1, WalkIn(code="Jonas", group="family_member"), now=NOW, by=BY)


def test_a_convicted_walk_in_comes_under_a_code(event_id: int):
    new = add_walk_in(event_id, 1, WalkIn(group="convicted_person", country="PL"), now=NOW, by=BY)
    row = db.session.get_one(Participation, new)
    assert (row.participant, row.name, row.organisation, row.status) == ("K002", "", "", "attended")


def test_the_audit_says_what_was_done_and_names_nobody(event_id: int):
    say(event_id, "ona@example.org", minutes=90)
    say(event_id, "ona@example.org", there=False)
    add_walk_in(event_id, 1, WalkIn("Adam Adamski", "adam@example.org"), now=NOW, by=BY)
    set_sheet_count(event_id, 1, 33, now=NOW)
    set_sheet_count(event_id, 1, 33, now=NOW)
    mark_rest_absent(event_id, now=NOW)
    expected = ["attendance_marked", "attendance_unmarked", "participation_added", "walk_in_marked", "sheet_counted"]
    assert actions()[-6:] == [*expected, "rest_absent"]
    kept = " ".join(f"{row.subject} {row.changes}" for row in db.session.scalars(select(AuditEntry)))
    assert "Adam" not in kept
    assert "@" not in kept


def test_a_seat_stays_with_who_came_and_who_did_not(event_id: int):
    register(event_id, "ona@example.org", capacity=3)
    register(event_id, "jan@example.org", capacity=3, confirmed=False, answer_until=NOW)
    set_status("jan@example.org", "unconfirmed")
    both = [Mark(row_of(each), is_present=True) for each in ("ona@example.org", "jan@example.org")]
    mark_all(event_id, 1, both, now=NOW, by=BY)
    event = db.session.get_one(Event, event_id)
    # The code came by hand, and keeps the seat that it had.
    assert event.seats_taken == 3
    say(event_id, "jan@example.org", there=False)
    assert status_of("jan@example.org") == "registered"
    mark_rest_absent(event_id, now=NOW)
    assert [status_of(each) for each in ("jan@example.org", "K001")] == ["absent", "absent"]
    db.session.refresh(event)
    assert event.seats_taken == 3


def test_who_waited_in_vain_and_comes_is_counted_without_a_seat(event_id: int):
    register(event_id, "ona@example.org", capacity=3)
    make_people(event_id, ["late@example.org"], name="Late", status="cancelled")
    register(event_id, "late@example.org", capacity=3, confirmed=False)
    set_status("late@example.org", "waitlisted")
    assert "Late" not in [each.label for each in list_people(event_id, 1)]
    add_walk_in(event_id, 1, WalkIn("Late", "late@example.org"), now=NOW, by=BY)
    assert status_of("late@example.org") == "attended"
    assert db.session.get_one(Event, event_id).seats_taken == 3
    say(event_id, "late@example.org", there=False)
    assert status_of("late@example.org") == "waitlisted"
