"""Rules of registration: who has a seat, when it is open, who is next, and what a draft of a page must say."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.activities.rules.desks import (
    DeskDraft,
    DeskTimes,
    KnownQuestion,
    QuestionDraft,
    check_desk,
    times_before,
)
from portal.activities.rules.links import mailed_secret, nonce_of, personal_secret, was_mailed
from portal.activities.rules.participants import PARTICIPATION_STATUSES, ParticipationStatus
from portal.activities.rules.registering import Asked, PersonDraft, check_answers, check_people
from portal.activities.rules.registrations import (
    BY_PORTAL,
    ENDED,
    LISTED,
    MOVES,
    SEATED,
    DeskState,
    Place,
    Waiting,
    answer_until,
    check_by_hand,
    check_capacity,
    check_move,
    desk_state,
    fitting_place,
    holds_seat,
    kept_before,
    next_offers,
    reminder_at,
    will_hold_seat,
)
from portal.core.errors import Conflict, InvalidInput, InvalidInputs

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=24)
CONSENT = {"en": "I agree.", "lt": "Sutinku.", "pl": "Zgadzam się."}
DESK = DeskDraft(datetime(2026, 11, 1, 9), datetime(2026, 12, 19, 18), CONSENT)
START = datetime(2026, 12, 20, 8, 0, tzinfo=UTC)
YES_NO = [{"en": "Yes"}, {"en": "No"}]


def faults(draft: DeskDraft, known: dict[int, KnownQuestion] | None = None) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInputs) as error:
        check_desk(draft, zone="Europe/Vilnius", starts_at=START, known=known)
    return [(each.code, each.where) for each in error.value.problems]


def test_every_status_is_in_the_right_groups():
    assert set(PARTICIPATION_STATUSES) == LISTED | SEATED | ENDED
    assert not LISTED & ENDED
    assert {"registered", "cancelled", "attended", "absent"} == set(PARTICIPATION_STATUSES) - BY_PORTAL
    assert set(MOVES) == LISTED


@pytest.mark.parametrize(
    ("status", "place", "seated"),
    [
        ("registered", None, True),
        ("attended", None, False),
        ("waitlisted", None, False),
        ("unconfirmed", Place(answer_until=NOW), True),
        ("waitlisted", Place(), False),
        ("attended", Place(NOW), True),
        ("attended", Place(ended_at=NOW), False),
        ("cancelled", Place(NOW, None, NOW), False),
    ],
)
def test_who_takes_a_seat(status, place, seated):
    assert holds_seat(status, place) is seated


@pytest.mark.parametrize(
    ("wanted", "place", "fitted"),
    [
        ("registered", Place(answer_until=LATER), Place(NOW)),
        ("registered", Place(ended_at=NOW), Place(NOW)),
        ("cancelled", Place(NOW), Place(NOW, None, NOW)),
        ("attended", Place(answer_until=LATER), Place(NOW)),
        ("attended", Place(), Place(ended_at=NOW)),
        ("absent", Place(ended_at=NOW), Place(ended_at=NOW)),
        ("waitlisted", Place(NOW), Place()),
        ("unconfirmed", Place(), Place(answer_until=LATER)),
        ("offered", Place(answer_until=NOW), Place(answer_until=NOW)),
    ],
)
def test_a_place_agrees_with_a_status_set_by_hand(wanted, place, fitted):
    assert fitting_place(wanted, place, now=NOW, until=LATER) == fitted


def test_a_seat_follows_the_status_that_is_wanted():
    assert will_hold_seat("waitlisted", "registered", Place())
    assert not will_hold_seat("waitlisted", "attended", Place())
    assert will_hold_seat("registered", "attended", Place(NOW))
    assert will_hold_seat("registered", "attended", None)
    assert will_hold_seat("attended", "absent", None, "registered")
    assert not will_hold_seat("cancelled", "attended", None)
    assert not will_hold_seat("attended", "cancelled", None, "registered")


@pytest.mark.parametrize(
    ("status", "wanted", "before", "kept"),
    [
        ("registered", "attended", "", "registered"),
        ("registered", "absent", "", "registered"),
        ("waitlisted", "attended", "", "waitlisted"),
        ("attended", "absent", "registered", "registered"),
        ("absent", "attended", "", ""),
        ("attended", "registered", "registered", ""),
        ("registered", "cancelled", "", ""),
    ],
)
def test_what_somebody_was_is_kept_while_it_is_said_whether_they_came(status, wanted, before, kept):
    assert kept_before(status, wanted, before) == kept


@pytest.mark.parametrize(
    ("status", "now", "state"),
    [
        ("planned", NOW - timedelta(seconds=1), DeskState.EARLY),
        ("planned", NOW, DeskState.OPEN),
        ("planned", LATER, DeskState.OVER),
        ("held", NOW, DeskState.OVER),
        ("cancelled", NOW, DeskState.CANCELLED),
    ],
)
def test_when_people_can_register(status, now, state):
    assert desk_state(status=status, opens_at=NOW, closes_at=LATER, starts_at=START, now=now) is state


def test_registration_ends_with_the_start_whatever_the_page_says():
    assert desk_state(status="planned", opens_at=NOW, closes_at=START, starts_at=LATER, now=LATER) is DeskState.OVER


def test_an_answer_is_waited_for_until_the_start_at_most():
    assert answer_until(24, starts_at=START, now=NOW) == LATER
    assert answer_until(24, starts_at=NOW + timedelta(hours=1), now=NOW) == NOW + timedelta(hours=1)


def test_people_are_reminded_before_the_start_or_not_at_all():
    assert reminder_at(2, starts_at=START) == START - timedelta(hours=2)
    assert reminder_at(0, starts_at=START) is None


@pytest.mark.parametrize(
    ("free", "capacity", "offered"),
    [
        (0, 5, []), (1, 5, [1]), (2, 5, [1]), (3, 5, [1]), (4, 5, [1, 2]), (5, 5, [1, 2, 3]),
        (None, None, [1, 2, 3]), (2, 2, [1, 3]),
    ],
)  # fmt: skip
def test_seats_are_offered_in_the_order_of_places(free, capacity, offered):
    queue = [Waiting(3, 30, 1), Waiting(1, 10, 1), Waiting(2, 20, 3)]
    assert [each.leader_id for each in next_offers(queue, free, capacity)] == offered


def test_a_place_moves_only_as_it_can():
    check_move("offered", ParticipationStatus.REGISTERED)
    for status in ("attended", "expired", "waitlisted"):
        with pytest.raises(Conflict, match="place-move"):
            check_move(status, ParticipationStatus.REGISTERED)


def test_fewer_seats_than_are_taken_and_statuses_of_the_portal_are_refused():
    check_capacity(None, 50)
    check_capacity(50, 50)
    with pytest.raises(InvalidInput, match="capacity-below-seats"):
        check_capacity(49, 50)
    check_by_hand("registered")
    with pytest.raises(InvalidInput, match="status-by-registration"):
        check_by_hand("offered")


def test_the_times_of_a_page_are_those_of_clocks_at_the_place():
    expected = DeskTimes(datetime(2026, 11, 1, 7, tzinfo=UTC), datetime(2026, 12, 19, 16, tzinfo=UTC))
    assert check_desk(DESK, zone="Europe/Vilnius", starts_at=START) == expected


def test_registration_may_close_as_the_event_starts_but_not_after():
    check_desk(DESK._replace(closes=datetime(2026, 12, 20, 10)), zone="Europe/Vilnius", starts_at=START)
    assert faults(DESK._replace(closes=datetime(2026, 12, 20, 10, 1))) == [("closes-after-start", "closes")]
    assert faults(DESK._replace(closes=DESK.opens)) == [("closes-before-opening", "closes")]


def test_a_time_that_clocks_show_twice_is_refused_where_it_stands():
    assert faults(DESK._replace(opens=datetime(2026, 10, 25, 3, 30))) == [("time-twice", "opens")]


def test_a_moved_event_takes_its_registration_along():
    times = DeskTimes(NOW, LATER)
    assert times_before(START, times) == times
    assert times_before(NOW + timedelta(hours=1), times) == DeskTimes(NOW, NOW + timedelta(hours=1))
    assert times_before(NOW, times) == DeskTimes(NOW - timedelta(minutes=1), NOW)


def test_questions_need_a_text_and_choices_to_choose_from():
    questions = [
        QuestionDraft(None, "choice", {"en": "Lunch?"}, YES_NO[:1]),
        QuestionDraft(None, "text", {"en": " "}, YES_NO),
        QuestionDraft(None, "number", {"en": "Age"}),
        QuestionDraft(7, "text", {"en": "x" * 501}),
    ]
    assert faults(DESK._replace(questions=questions)) == [
        ("question-unknown", "questions"),
        ("choices-number", "questions-0-choices"),
        ("question-text-missing", "questions-1-text"),
        ("choices-of-text", "questions-1-choices"),
        ("unknown-value", "questions-2-kind"),
        ("text-too-long", "questions-3-text"),
    ]


def test_an_answered_question_may_be_worded_anew_but_stays():
    known = {7: KnownQuestion("choice", 2, is_answered=True), 8: KnownQuestion("text", 0, is_answered=False)}
    fine = QuestionDraft(7, "choice", {"en": "Lunch there?"}, [*YES_NO, {"en": "Maybe"}])
    check_desk(DESK._replace(questions=[fine]), zone="Europe/Vilnius", starts_at=START, known=known)
    assert faults(DESK, known) == [("question-answered", "questions")]
    other = QuestionDraft(7, "text", {"en": "Lunch?"})
    assert faults(DESK._replace(questions=[other]), known) == [("question-answered", "questions-0-kind")]
    fewer = QuestionDraft(7, "choice", {"en": "Lunch?"}, [*YES_NO])
    three = {7: KnownQuestion("choice", 3, is_answered=True)}
    assert faults(DESK._replace(questions=[fewer]), three) == [("question-answered", "questions-0-choices")]


def test_people_are_checked_all_at_once():
    bad = [
        PersonDraft("", "", "x" * 201, "XX"),
        PersonDraft("a\u202eb", "not an address"),
        PersonDraft("Line\nbreak", "ona@example.org\r\nBcc: x@example.org"),
        PersonDraft("Ona", "ona@example.org"),
        PersonDraft("Ona", " ONA@example.org "),
    ]
    with pytest.raises(InvalidInputs) as error:
        check_people(bad)
    assert [(each.code, each.where) for each in error.value.problems] == [
        ("person-name-missing", "people-0-name"),
        ("text-too-long", "people-0-organisation"),
        ("person-email-missing", "people-0-email"),
        ("unknown-country", "people-0-country"),
        ("text-unprintable", "people-1-name"),
        ("email-malformed", "people-1-email"),
        ("text-unprintable", "people-2-name"),
        ("email-malformed", "people-2-email"),
        ("email-twice", "people-4-email"),
    ]


def test_markup_and_formulas_in_names_are_text():
    names = ["<script>alert(1)</script>", "=1+1", "Žydrūnė Łucja O'Brien-Ąžuolė"]
    assert [
        each.name for each in check_people([PersonDraft(name, f"p{at}@example.org") for at, name in enumerate(names)])
    ] == names


def test_answers_are_read_as_the_questions_ask():
    asked = [Asked(1, 2, is_required=True), Asked(2, 0, is_required=False)]
    assert check_answers({1: 1, 2: " a\r\nb ", 3: "not asked"}, asked) == {1: 1, 2: "a\nb"}
    with pytest.raises(InvalidInputs) as error:
        check_answers({1: 2, 2: "x" * 1001}, asked)
    assert [each.code for each in error.value.problems] == ["answer-unknown", "text-too-long"]
    with pytest.raises(InvalidInputs, match="answer-missing"):
        check_answers({1: ""}, asked)


def test_links_are_made_from_the_nonce_and_the_portals_key():
    secret = personal_secret("key", "0123456789abcdef")
    assert nonce_of("key", secret) == "0123456789abcdef"
    assert nonce_of("other", secret) is None
    assert nonce_of("key", "é" * 48) is None
    assert was_mailed("key", "0123456789abcdef", mailed_secret("key", "0123456789abcdef"))
    assert not was_mailed("key", "0123456789abcdef", secret[16:])
