"""What seldom happens to places: parties that fall apart, closed projects, mails that come too late to be true."""

from datetime import datetime

import pytest
from sqlalchemy import select

from portal.activities.models import Registration
from portal.activities.queries.places import get_party
from portal.activities.queries.registrations import find_standing
from portal.activities.services.attendance import ParticipationDraft, update_participation
from portal.activities.services.marking import Mark, mark
from portal.activities.services.registrations.answering import send_link_again
from portal.activities.services.registrations.chores import lapse_due, remind_due
from portal.activities.services.registrations.desks import open_desk
from portal.core.db import db, transaction
from portal.core.errors import Conflict, NotFound
from portal.jobs import mail
from portal.jobs.models import Mail
from portal.projects.models import Project
from portal.reports.checks import list_violations
from tests.conftest import NOW
from tests.integration.activities.desks import (
    DESK,
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
from tests.integration.activities.test_seats_elsewhere import change
from tests.make import PROJECT, make_event, make_people, make_project


@pytest.fixture(autouse=True)
def _project(in_app):
    make_project()
    yield
    assert list_violations() == []


def set_status(event_id: int, name: str, status: str, *, now=NOW) -> None:
    """Let an organiser change the status of the person in the form."""
    row = row_of(event_id, name)
    key = db.session.scalars(select(Registration).where(Registration.participation_id == row)).one()
    stated = ParticipationDraft(key.participation.participant, "unknown", name, status=status)
    update_participation(row, stated, event_id=event_id, now=now)


def texts(kind: str) -> dict[str, str]:
    """Who gets a mail of this kind -> what it says now."""
    rows = db.session.scalars(select(Mail).where(Mail.kind == kind)).all()
    return {row.recipient.partition("@")[0]: mail.render(kind, "en", row.values).text for row in rows}


def test_whoever_comes_behind_a_party_too_large_for_the_event_is_offered_a_free_seat():
    event_id = make_desk(4, largest_party=4)
    come(event_id, "Ona")
    take(event_id, "Ona")
    come(event_id, "Jan", "Ewa*", "Adam*", "Zofia*")
    change(event_id, capacity=3)
    come(event_id, "Piotr")
    assert statuses(event_id)["Piotr"] == "offered"
    assert statuses(event_id)["Jan"] == "waitlisted"
    assert mails()[-1] == ("registration_offer", "piotr")
    assert ("registration_queue", "piotr") not in mails()
    come(event_id, "Rasa")
    come(event_id, "Simona")
    assert (statuses(event_id)["Rasa"], statuses(event_id)["Simona"], seats_taken(event_id)) == (
        "offered",
        "waitlisted",
        3,
    )
    assert mails()[-1] == ("registration_queue", "simona")


def test_a_closed_project_takes_seats_back_and_offers_none():
    event_id = make_desk(1)
    come_each(event_id, ["Ona", "Jan"])
    with transaction() as session:
        session.get_one(Project, PROJECT).status = "closed"
    lapse_due(NOW + 72 * HOUR)
    assert statuses(event_id) == {"Ona": "expired", "Jan": "waitlisted"}
    assert mails("registration_offer") == []


def test_where_who_registered_lets_the_seat_lapse_the_others_are_handed_over():
    event_id = make_desk(4, largest_party=3)
    come(event_id, "Ona", "Jan*")
    set_status(event_id, "Jan", "registered")
    lapse_due(NOW + 72 * HOUR)
    assert statuses(event_id) == {"Ona": "expired", "Jan": "registered"}
    jan = db.session.get_one(Registration, row_of(event_id, "Jan"))
    assert (jan.leader_id, jan.email) == (jan.participation_id, "ona@example.org")
    assert mails("registration_link") == [("registration_link", "ona")]
    assert set(texts("registration_lapsed")) == {"ona"}


def test_nobody_gives_up_the_place_of_another_party():
    event_id = make_desk(5, largest_party=2)
    come(event_id, "Ona", "Jan")
    come(event_id, "Ewa")
    for owner, wanted in (("Ona", "Ewa"), ("Jan", "Ona"), ("Ewa", "Jan")):
        with pytest.raises(NotFound):
            go(event_id, owner, only=row_of(event_id, wanted))
    with pytest.raises(NotFound):
        go(event_id, "Ona", only=999_999)
    for _twice in range(2):
        go(event_id, "Ona", only=row_of(event_id, "Jan"))
    assert statuses(event_id) == {"Ona": "unconfirmed", "Jan": "cancelled", "Ewa": "unconfirmed"}


def test_who_is_at_the_event_early_stays_when_the_party_gives_its_places_up():
    event_id = make_desk(5, largest_party=3)
    come(event_id, "Ona", "Jan*", "Ewa*")
    take(event_id, "Ona")
    early = START - HOUR
    mark(event_id, 1, Mark(row_of(event_id, "Jan"), is_present=True), now=early, by=1)
    go(event_id, "Ona", now=early)
    assert statuses(event_id) == {"Ona": "cancelled", "Jan": "attended", "Ewa": "cancelled"}
    with pytest.raises(Conflict, match="place-move"):
        go(event_id, "Jan", now=early)


def test_who_comes_back_alone_is_alone():
    event_id = make_desk(5, largest_party=3)
    come(event_id, "Ona", "Jan*")
    go(event_id, "Ona")
    come(event_id, "Ona")
    party = get_party(event_id, nonce_of(row_of(event_id, "Ona")))
    assert [person.name for person in party.people] == ["Ona"]
    come(event_id, "Ewa", "Adam*")
    go(event_id, "Ewa")
    set_status(event_id, "Ewa", "registered")
    party = get_party(event_id, nonce_of(row_of(event_id, "Ewa")))
    assert [person.name for person in party.people] == ["Ewa"]


def test_who_comes_back_with_others_sees_them_and_not_those_of_before():
    event_id = make_desk(5, largest_party=3)
    come(event_id, "Ona", "Jan", "Ewa*")
    go(event_id, "Ona")
    come(event_id, "Ona", "Jan")
    party = get_party(event_id, nonce_of(row_of(event_id, "Ona")))
    assert [person.name for person in party.people] == ["Ona", "Jan"]


def test_a_place_cancelled_in_the_form_is_told_as_one_cancelled_on_the_list():
    event_id = make_desk(5, largest_party=2)
    come(event_id, "Ona", "Jan*")
    come(event_id, "Ewa")
    set_status(event_id, "Jan", "cancelled")
    set_status(event_id, "Ewa", "cancelled")
    set_status(event_id, "Ewa", "cancelled")
    assert mails("registration_cancelled") == [("registration_cancelled", name) for name in ("ona", "ewa")]


def test_nobody_is_told_of_a_list_that_is_put_right_after_the_event():
    event_id = make_desk(5)
    come(event_id, "Ona")
    take(event_id, "Ona")
    set_status(event_id, "Ona", "cancelled", now=START)
    assert mails("registration_cancelled") == []


def test_a_companion_whose_own_place_ended_reads_that_it_is_their_own():
    event_id = make_desk(5, largest_party=2)
    come(event_id, "Ona", "Jan")
    send_link_again(event_id, "jan@example.org", now=NOW)
    go(event_id, "Jan")
    said = texts("registration_cancelled")
    assert "your place at this event has been cancelled" in said["jan"]
    assert "the place of one of the people you registered" in said["ona"]


def test_mails_of_a_place_that_has_become_another_say_nothing():
    event_id = make_desk(1)
    come_each(event_id, ["Ona", "Jan"])
    take(event_id, "Ona")
    go(event_id, "Ona")
    sent = {row.kind: row for row in db.session.scalars(select(Mail).order_by(Mail.id))}
    for kind in ("registration_queue", "registration_confirmed"):
        with pytest.raises(mail.Outdated):
            mail.render(kind, "en", sent[kind].values)
    for kind in ("registration_offer", "registration_cancelled"):
        assert mail.render(kind, "en", sent[kind].values)


def test_the_link_is_sent_for_each_event_and_once_an_hour_though_the_mail_has_gone():
    one, other = make_desk(1), make_desk(1)
    for event_id in (one, other):
        come(event_id, "Ona")
    for event_id in (one, other, one, other):
        send_link_again(event_id, "ona@example.org", now=NOW)
        with transaction() as session:
            for row in session.scalars(select(Mail)):
                # As a mail is kept once it is sent.
                row.state, row.values = "sent", {}
    assert len(mails("registration_link")) == 2


def test_a_reminder_is_not_sent_once_the_event_has_begun():
    event_id = make_desk(5, reminder_hours=24)
    come(event_id, "Ona")
    take(event_id, "Ona")
    remind_due(START - 3 * HOUR)
    reminder = db.session.scalars(select(Mail).where(Mail.kind == "event_reminder")).one()
    assert reminder.values["until"] == START.isoformat()


def test_whom_the_organisers_noted_as_waiting_is_in_no_queue():
    event_id = make_event(capacity=5, starts=datetime(2026, 12, 20, 10), ends=datetime(2026, 12, 20, 16))
    make_people(event_id, ["noted@example.org"], name="Noted", status="waitlisted")
    open_desk(event_id, DESK, now=NOW)
    standing = find_standing(event_id, NOW)
    assert (standing.free, standing.waiting, standing.is_full) == (5, 0, False)
    come(event_id, "Ona")
    assert statuses(event_id)["Ona"] == "unconfirmed"
