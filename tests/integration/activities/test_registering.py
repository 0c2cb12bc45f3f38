"""Registering for an event: seats, the queue in its order, confirming, cancelling, and what lapses."""

from datetime import timedelta

import pytest

from portal.activities.models import Registration, RegistrationDesk
from portal.activities.rules.desks import QuestionDraft
from portal.activities.services.registrations.answering import cancel, confirm
from portal.activities.services.registrations.chores import lapse_due
from portal.activities.services.registrations.registering import AlreadyRegistered, RegistrationClosed
from portal.core.db import db
from portal.core.errors import Conflict, InvalidInput, NotFound, Problem
from portal.core.sentences import sentence
from portal.reports.checks import list_violations
from tests.conftest import NOW
from tests.integration.activities.desks import (
    HOUR,
    START,
    come,
    come_each,
    go,
    mails,
    make_desk,
    nonce_of,
    row_of,
    seats_taken,
    statuses,
    take,
)
from tests.make import make_project


@pytest.fixture(autouse=True)
def _project(in_app):
    make_project()
    yield
    assert list_violations() == []


def test_the_first_have_seats_and_the_others_a_place_in_the_queue():
    event_id = make_desk(2)
    come_each(event_id, ["Ona", "Jan", "Ewa", "Rūta"])
    seen = statuses(event_id)
    assert seen == {"Ona": "unconfirmed", "Jan": "unconfirmed", "Ewa": "waitlisted", "Rūta": "waitlisted"}
    assert seats_taken(event_id) == 2
    assert [kind for kind, _ in mails()] == ["registration_seat"] * 2 + ["registration_queue"] * 2


def test_a_cancelled_seat_is_offered_to_exactly_the_first_in_the_queue():
    event_id = make_desk(1)
    come_each(event_id, ["Ona", "Jan", "Ewa"])
    go(event_id, "Ona")
    assert statuses(event_id) == {"Ona": "cancelled", "Jan": "offered", "Ewa": "waitlisted"}
    assert mails("registration_offer") == [("jan", "jan")] or mails("registration_offer") == [
        ("registration_offer", "jan")
    ]
    go(event_id, "Ona")
    assert mails("registration_offer") == [("registration_offer", "jan")]


def test_an_offer_is_taken_until_its_deadline_and_then_passed_on():
    event_id = make_desk(1, offer_hours=24)
    come_each(event_id, ["Ona", "Jan", "Ewa"])
    go(event_id, "Ona")
    late = NOW + 24 * HOUR
    with pytest.raises(Conflict, match="place-lapsed"):
        take(event_id, "Jan", now=late)
    lapse_due(late - timedelta(seconds=1))
    assert statuses(event_id)["Jan"] == "offered"
    lapse_due(late)
    lapse_due(late)
    assert statuses(event_id) == {"Ona": "cancelled", "Jan": "expired", "Ewa": "offered"}
    assert mails("registration_offer", "registration_lapsed")[1:] == [
        ("registration_lapsed", "jan"),
        ("registration_offer", "ewa"),
    ]
    take(event_id, "Ewa", now=late)
    take(event_id, "Ewa", now=late)
    assert statuses(event_id)["Ewa"] == "registered"
    assert mails("registration_confirmed") == [("registration_confirmed", "ewa")]
    assert seats_taken(event_id) == 1


def test_nobody_is_offered_a_seat_once_the_event_has_begun():
    event_id = make_desk(1)
    come_each(event_id, ["Ona", "Jan"], now=START - 30 * HOUR)
    lapse_due(START)
    assert statuses(event_id) == {"Ona": "expired", "Jan": "waitlisted"}
    with pytest.raises(Conflict, match="event-begun"):
        go(event_id, "Jan", now=START)


def test_an_offer_is_never_open_beyond_the_start():
    event_id = make_desk(1, offer_hours=100)
    come_each(event_id, ["Ona", "Jan"])
    go(event_id, "Ona", now=START - HOUR)
    assert db.session.get_one(Registration, row_of(event_id, "Jan")).answer_until == START


def test_a_party_comes_whole_or_waits_whole_and_holds_back_those_behind_it():
    event_id = make_desk(3, largest_party=3)
    come(event_id, "Ona", "Jan*")
    come(event_id, "Ewa", "Rūta", "Petras*")
    come(event_id, "Adam")
    assert seats_taken(event_id) == 2
    assert [statuses(event_id)[name] for name in ("Ewa", "Rūta", "Petras", "Adam")] == ["waitlisted"] * 4
    go(event_id, "Ona", only=row_of(event_id, "Jan"))
    assert statuses(event_id)["Ewa"] == "waitlisted"
    go(event_id, "Ona")
    assert statuses(event_id) == {
        "Ona": "cancelled", "Jan": "cancelled", "Ewa": "offered", "Rūta": "offered", "Petras": "offered",
        "Adam": "waitlisted",
    }  # fmt: skip
    assert mails("registration_offer") == [("registration_offer", "ewa")]
    take(event_id, "Ewa")
    assert [statuses(event_id)[name] for name in ("Ewa", "Rūta", "Petras")] == ["registered"] * 3


def test_who_leaves_a_party_alone_hands_it_to_the_next_one_who_is_told():
    event_id = make_desk(3, largest_party=3)
    ona = come(event_id, "Ona", "Jan*", "Ewa")
    go(event_id, "Ona", only=ona)
    assert statuses(event_id) == {"Ona": "cancelled", "Jan": "unconfirmed", "Ewa": "unconfirmed"}
    assert mails("registration_link") == [("registration_link", "ewa")]
    take(event_id, "Ewa")
    assert statuses(event_id) == {"Ona": "cancelled", "Jan": "registered", "Ewa": "registered"}
    come(event_id, "Ona")
    go(event_id, "Ona")
    assert statuses(event_id) == {"Ona": "cancelled", "Jan": "registered", "Ewa": "registered"}


def test_registering_again_goes_to_the_end_under_a_new_link():
    event_id = make_desk(1)
    come_each(event_id, ["Ona", "Jan", "Ewa"])
    old = nonce_of(row_of(event_id, "Jan"))
    go(event_id, "Jan")
    come(event_id, "Jan")
    with pytest.raises(NotFound):
        confirm(event_id, old, now=NOW)
    go(event_id, "Ona")
    assert statuses(event_id) == {"Ona": "cancelled", "Jan": "waitlisted", "Ewa": "offered"}


def test_nobody_is_on_the_list_twice():
    event_id = make_desk(5, largest_party=2)
    come(event_id, "Ona")
    with pytest.raises(AlreadyRegistered):
        come(event_id, "ONA")
    with pytest.raises(AlreadyRegistered) as refused:
        come(event_id, "Jan", "ona")
    # Not at the person: that would tell which of several addresses is on the list.
    assert refused.value.problem == Problem("registered-already-together", "people")
    assert seats_taken(event_id) == 1


def test_an_earlier_consent_text_is_refused():
    event_id = make_desk(5)
    with pytest.raises(Conflict, match="consent-changed"):
        come(event_id, "Ona", version=2)
    assert statuses(event_id) == {}


@pytest.mark.parametrize(
    ("now", "code"),
    [(NOW - 600 * HOUR, "registration-early"), (START - HOUR, "registration-over"), (START, "registration-over")],
)
def test_outside_its_times_nobody_registers(now, code):
    event_id = make_desk(5)
    with pytest.raises(RegistrationClosed, match=code):
        come(event_id, "Ona", now=now)


def test_a_party_larger_than_allowed_or_than_the_event_is_refused():
    event_id = make_desk(2, largest_party=3)
    with pytest.raises(InvalidInput, match="party-beyond-capacity"):
        come(event_id, "Ona", "Jan", "Ewa")
    with pytest.raises(InvalidInput, match="party-too-large"):
        come(event_id, "Ona", "Jan", "Ewa", "Adam")


@pytest.mark.parametrize(("most", "said"), [(1, "at most 1 person at once"), (3, "at most 3 people at once")])
def test_the_refusal_of_a_large_party_speaks_of_one_or_of_many(in_app, most, said):
    with in_app.test_request_context():
        assert said in sentence(Problem("party-too-large", "people", {"most": most}))


def test_answers_are_kept_with_who_registers():
    questions = [
        QuestionDraft(None, "choice", {"en": "Lunch?"}, [{"en": "Yes"}, {"en": "No"}], is_required=True),
        QuestionDraft(None, "text", {"en": "Allergies"}),
    ]
    event_id = make_desk(5, questions=questions, largest_party=2)
    first, second = (each.id for each in db.session.get_one(RegistrationDesk, event_id).questions)
    with pytest.raises(InvalidInput, match="answer-missing"):
        come(event_id, "Ona")
    with pytest.raises(InvalidInput, match="answer-unknown"):
        come(event_id, "Ona", **{f"q{first}": 2})
    with pytest.raises(InvalidInput, match="answer-unknown"):
        come(event_id, "Ona", **{f"q{first}": 0, f"q{second}": 7})
    row = come(event_id, "Ona", "Jan*", **{f"q{first}": 0, f"q{second}": "Nuts\r\nMilk"})
    assert db.session.get_one(Registration, row).answers == {str(first): 0, str(second): "Nuts\nMilk"}
    assert db.session.get_one(Registration, row_of(event_id, "Jan")).answers == {}


def test_without_a_limit_everybody_has_a_seat():
    event_id = make_desk(None)
    come_each(event_id, ["Ona", "Jan", "Ewa"])
    assert set(statuses(event_id).values()) == {"unconfirmed"}
    assert seats_taken(event_id) == 3


def test_an_unknown_link_changes_nothing():
    event_id = make_desk(1)
    for act in (confirm, cancel):
        with pytest.raises(NotFound):
            act(event_id, "0" * 16, now=NOW)
