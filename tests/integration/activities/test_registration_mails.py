"""What the mails to those who registered say, in their language, and where their links lead."""

import re

import pytest
from flask import current_app
from sqlalchemy import select

from portal.activities.models import Registration, RegistrationDesk
from portal.activities.registration_mails import KINDS, MOVED, TRUE_OF
from portal.activities.rules.links import nonce_of as nonce_in
from portal.activities.rules.links import was_mailed
from portal.activities.rules.registering import PersonDraft, RegistrationDraft
from portal.activities.services.registrations.registering import register
from portal.activities.services.registrations.telling import tell
from portal.core.db import db, transaction
from portal.jobs import mail
from portal.jobs.models import Mail
from tests.conftest import NOW
from tests.integration.activities.desks import come, go, make_desk, nonce_of, take
from tests.make import make_project

TITLES = {"en": "Opening workshop", "lt": "Seminaras", "pl": "Warsztaty"}
TIMES = {
    "en": "20 December 2026, 10:00 – 16:00 (Europe/Vilnius)",
    "lt": "2026-12-20, 10:00 – 16:00 (Europe/Vilnius)",
    "pl": "20.12.2026, 10:00 – 16:00 (Europe/Vilnius)",
}
LINK = re.compile(r"http://127\.0\.0\.1:5000/register/([\w-]{43})/([0-9a-f]{48})\?key=([0-9a-f]{32})")


@pytest.fixture(autouse=True)
def _project(in_app):
    make_project()


def last_mail() -> Mail:
    return db.session.scalars(select(Mail).order_by(Mail.id.desc())).first()


@pytest.mark.parametrize("language", ["en", "lt", "pl"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_mail_says_which_event_when_and_where_and_names_nobody(kind, language):
    event_id = make_desk(5, event={"title": TITLES}, largest_party=2)
    people = [PersonDraft("Ona Onaitė", "ona@example.org", "Institute"), PersonDraft("Jan Kowalski")]
    nonce = register(event_id, RegistrationDraft(people, language, 1, {}), now=NOW)
    with transaction() as session:
        row = session.scalars(select(Registration).where(Registration.nonce == nonce)).one()
        if row.participation.status not in TRUE_OF[kind]:
            row.participation.status = min(TRUE_OF[kind])
        tell(session, kind, row, now=NOW)
    sent = last_mail()
    assert sent.language == language
    assert sent.values.keys() == {"registration", "nonce", "until"}
    letter = mail.render(kind, language, sent.values)
    assert TITLES[language] in letter.subject
    for part in (TITLES[language], TIMES[language], "Vilnius"):
        assert part in letter.text
    words = re.sub(r"http\S+", "", letter.subject + letter.text)  # the letters of a link may spell a name
    assert not re.search("Ona|Jan|Kowalski|Institute|example.org|unknown", words)
    assert "None" not in letter.text


def test_links_hold_what_the_personal_page_asks_for():
    event_id = make_desk(1)
    row = come(event_id, "Ona")
    sent = last_mail()
    token, secret, key = LINK.search(mail.render(sent.kind, "lt", sent.values).text).groups()
    own = current_app.config["SECRET_KEY"]
    assert token == db.session.get_one(RegistrationDesk, event_id).token
    assert nonce_in(own, secret) == nonce_of(row)
    assert was_mailed(own, nonce_of(row), key)


def test_the_queue_is_told_by_place():
    event_id = make_desk(1)
    for name in ("Ona", "Jan", "Ewa"):
        come(event_id, name)
    sent = last_mail()
    assert "Your place in the queue: 2" in mail.render(sent.kind, "en", sent.values).text
    go(event_id, "Jan")
    assert "Your place in the queue: 1" in mail.render(sent.kind, "en", sent.values).text


def test_a_mail_about_a_place_that_was_given_up_and_taken_anew_has_nothing_to_say():
    event_id = make_desk(2)
    come(event_id, "Ona")
    first = last_mail()
    go(event_id, "Ona")
    come(event_id, "Ona")
    with pytest.raises(LookupError):
        mail.render(first.kind, "en", first.values)
    with pytest.raises(LookupError):
        mail.render(first.kind, "en", {**first.values, "registration": 999})


def test_a_mail_that_asks_for_an_answer_has_a_deadline_and_others_have_none():
    event_id = make_desk(1)
    come(event_id, "Ona")
    assert last_mail().values["until"] == "2026-11-22T12:00:00+00:00"
    take(event_id, "Ona")
    assert "until" not in last_mail().values


def test_where_one_of_several_is_cancelled_the_mail_says_so():
    event_id = make_desk(5, largest_party=2)
    come(event_id, "Ona", "Jan*")
    members = db.session.scalars(select(Registration).order_by(Registration.place)).all()
    go(event_id, "Ona", only=members[1].participation_id)
    sent = last_mail()
    assert "one of the people you registered" in mail.render(sent.kind, "en", sent.values).text
    go(event_id, "Ona")
    sent = last_mail()
    assert "your place at this event has been cancelled" in mail.render(sent.kind, "en", sent.values).text


def test_a_changed_event_leaves_a_seat_or_a_place_in_the_queue():
    event_id = make_desk(1)
    said = {}
    for name in ("Ona", "Jan"):
        row = come(event_id, name)
        with transaction() as session:
            tell(session, MOVED, session.get_one(Registration, row), now=NOW)
        said[name] = mail.render(MOVED, "en", last_mail().values).text
    assert "Your place stays yours." in said["Ona"]
    assert "queue" not in said["Ona"]
    assert "Your place in the queue: 1" in said["Jan"]
    assert "You get a mail as soon as a seat is free for you." in said["Jan"]
    assert not re.search("stays yours|gets the seat", said["Jan"])


@pytest.mark.parametrize("kind", KINDS)
def test_every_link_speaks_the_language_of_its_mail(kind):
    row = come(make_desk(5), "Ona", language="pl")
    with transaction() as session:
        registration = session.get_one(Registration, row)
        registration.participation.status = min(TRUE_OF[kind])
        tell(session, kind, registration, now=NOW)
    links = re.findall(r"http\S+", mail.render(kind, "pl", last_mail().values).text)
    assert links
    assert all(link.endswith("lang=pl") for link in links)
