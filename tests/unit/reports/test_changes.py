"""Latest changes: repeated ones are told once, and what one act did to many things too."""

from datetime import UTC, datetime

from portal.audit.rules import Act
from portal.reports.rules.changes import ATTENDANCE, ATTENDANCE_ACTIONS, TOLD_ACTIONS, tell


def act(action: str, number: int, *, minute: int, kind: str = "event") -> Act:
    return Act(
        datetime(2026, 3, 10, 9, minute, tzinfo=UTC), "someone@example.org", "", action, kind, number, f"E{number}"
    )


def told(*acts: Act, most: int = 8) -> list[tuple[str, int, bool]]:
    return [(each.what, each.act.subject_id, each.others) for each in tell(acts, most)]


def test_people_entered_one_by_one_are_one_attendance_told_when_it_was_last_recorded():
    acts = [act("participation_added", 1, minute=minute) for minute in (30, 20, 10)]
    found = tell([act("event_held", 1, minute=40), *acts, act("headcounts_recorded", 1, minute=5)], 8)
    assert [(each.what, each.act.at.minute) for each in found] == [("event_held", 40), (ATTENDANCE, 30)]


def test_what_one_act_did_to_many_things_is_told_of_the_last_of_them():
    imported = [act("event_imported", number, minute=10) for number in (9, 8, 7)]
    assert told(*imported, act("event_created", 1, minute=5)) == [
        ("event_imported", 9, True),
        ("event_created", 1, False),
    ]


def test_one_thing_changed_twice_at_one_moment_is_no_other_thing():
    assert told(act("evidence_added", 1, minute=10), act("evidence_added", 1, minute=10)) == [
        ("evidence_added", 1, False)
    ]


def test_things_of_different_kinds_with_one_number_are_told_apart():
    acts = [act("activity_progress", 1, minute=9, kind="activity"), act("event_held", 1, minute=8)]
    assert told(*acts) == [("activity_progress", 1, False), ("event_held", 1, False)]


def test_no_more_are_told_than_asked_for_and_later_things_of_a_told_act_still_belong_to_it():
    acts = [act("event_created", 3, minute=3), act("event_held", 2, minute=2), act("event_created", 1, minute=3)]
    assert told(*acts, most=1) == [("event_created", 3, True)]


def test_nothing_is_told_whose_name_may_be_a_persons():
    assert not {each for each in TOLD_ACTIONS if each.startswith(("account", "membership", "contact", "import_"))}
    assert ATTENDANCE_ACTIONS < TOLD_ACTIONS
