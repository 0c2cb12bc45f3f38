"""Each mail is sent once, after the commit, in its recipient's language; nothing is lost while the server is away."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core.db import db, transaction
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.jobs import delivery
from portal.jobs import mail as mails
from portal.jobs.models import Mail
from portal.jobs.queries import get_mail, list_due_work
from portal.jobs.queue import Work
from portal.jobs.rules import ATTEMPT, DELAYS, KEPT
from portal.jobs.services import send_mail
from portal.jobs.services.outbox import claim_mail, keep_sent, purge_mails, resend_mail
from tests.conftest import NOW

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def inside(in_app):
    """The app with its context."""
    return in_app


def put_mail(**changes) -> int:
    facts = {"kind": "test", "recipient": "asta@example.org", "language": "en", "values": {"name": "Jan"}, **changes}
    with transaction() as session:
        return send_mail(session, **facts, now=NOW)


def deliver(mail_id: int, monkeypatch, *, now=NOW) -> Mail:
    """Try to deliver the mail at `now`, and return it as stored."""
    monkeypatch.setattr(delivery.clock, "now", lambda: now)
    delivery.deliver(mail_id, now=now)
    db.session.rollback()
    return get_mail(mail_id)


def resend(mail_id: int, *, now=NOW) -> None:
    with transaction() as session:
        resend_mail(session, mail_id, now=now)


def test_a_mail_is_delivered_once_and_its_values_are_forgotten(office, monkeypatch):
    mail_id = put_mail()
    for _again in range(2):
        mail = deliver(mail_id, monkeypatch)
    assert (mail.state, mail.values, mail.attempts, mail.sent_at) == ("sent", {}, 1, NOW)
    [letter] = office.letters
    assert (letter["To"], letter["From"]) == ("asta@example.org", "portal@127.0.0.1")
    assert letter["Subject"] == "Test mail of the project portal"
    assert letter.get_content().startswith("Jan asked for this mail")
    assert "http://127.0.0.1:5000/admin/outbox" in letter.get_content()


def test_a_mail_that_is_true_no_more_goes_unsent_and_troubles_nobody(office, monkeypatch):
    def outdated(values):
        raise mails.Outdated("the place is another by now")

    monkeypatch.setitem(mails._readers, "test", outdated)
    mail_id = put_mail()
    monkeypatch.setattr(delivery.clock, "now", lambda: NOW)
    delivery.deliver(mail_id, now=NOW)
    assert office.letters == []
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 0


def put_mail_and_fail() -> None:
    with transaction():
        put_mail()
        raise InvalidInput("amount-missing")


def test_a_mail_that_is_undone_with_its_transaction_is_never_sent(office):
    with pytest.raises(InvalidInput):
        put_mail_and_fail()
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 0


def test_ten_minutes_without_a_server_lose_nothing(office, monkeypatch):
    office.refusals["greeting"] = "421 closing"
    numbers = [put_mail(recipient=f"a{each}@example.org") for each in range(3)]
    for minutes in (0, 1, 6):
        moment = NOW + timedelta(minutes=minutes)
        due = list_due_work(now=moment, with_mails=True)
        assert due == [Work("mail", number) for number in numbers]
        assert {deliver(work.id, monkeypatch, now=moment).state for work in due} == {"waiting"}
    assert "SMTPConnectError 421" in {get_mail(number).error for number in numbers}
    office.refusals.clear()
    later = NOW + timedelta(minutes=21)
    assert {deliver(number, monkeypatch, now=later).state for number in numbers} == {"sent"}
    assert [letter["To"] for letter in office.letters] == [f"a{each}@example.org" for each in range(3)]


def test_a_mail_is_not_tried_before_its_time(office, monkeypatch):
    office.refusals["MAIL"] = "451 later"
    mail_id = put_mail()
    assert deliver(mail_id, monkeypatch).due_at == NOW + DELAYS[0]
    assert deliver(mail_id, monkeypatch, now=NOW + DELAYS[0] - SECOND).attempts == 1
    assert list_due_work(now=NOW + DELAYS[0] - SECOND, with_mails=True) == []
    assert deliver(mail_id, monkeypatch, now=NOW + DELAYS[0]).attempts == 2


def test_after_about_a_day_a_mail_has_failed_and_can_be_sent_again(office, monkeypatch):
    office.refusals["DATA"] = "451 later"
    mail_id, moment = put_mail(), NOW
    while (mail := deliver(mail_id, monkeypatch, now=moment)).state == "waiting":
        moment = mail.due_at
    assert (mail.state, mail.error, mail.attempts) == ("failed", "SMTPDataError 451", len(DELAYS) + 1)
    assert timedelta(hours=24) < moment - NOW < timedelta(hours=25)
    assert mail.values == {"name": "Jan"}
    office.refusals.clear()
    resend(mail_id, now=moment)
    assert deliver(mail_id, monkeypatch, now=moment).state == "sent"
    assert len(office.letters) == 1


@pytest.mark.parametrize(("step", "answer"), [("RCPT", "550 unknown"), ("text", "554 refused")])
def test_a_recipient_refused_for_good_is_not_tried_again(office, monkeypatch, step, answer):
    office.refusals[step] = answer
    mail = deliver(put_mail(), monkeypatch)
    assert mail.state == "failed"
    assert mail.error.endswith(answer[:3])
    assert "asta" not in mail.error


def test_a_farewell_that_fails_does_not_send_the_mail_again(office, monkeypatch):
    office.refusals["QUIT"] = "500 what?"
    assert deliver(put_mail(), monkeypatch).state == "sent"


def test_a_mail_that_cannot_be_written_has_failed(office, monkeypatch):
    mail = deliver(put_mail(values={}), monkeypatch)
    assert (mail.state, mail.error) == ("failed", "UndefinedError")


def test_of_two_workers_one_has_the_mail(office, in_app):
    mail_id = put_mail()

    def work(_worker: int) -> None:
        with in_app.app_context():
            delivery.deliver(mail_id, now=NOW)

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(8)))
    assert len(office.letters) == 1


def test_a_worker_that_dies_in_the_middle_leaves_the_mail_to_the_next(office, monkeypatch):
    mail_id = put_mail()
    claim = claim_mail(mail_id, now=NOW)
    assert deliver(mail_id, monkeypatch, now=NOW + ATTEMPT - SECOND).attempts == 1
    mail = deliver(mail_id, monkeypatch, now=NOW + ATTEMPT)
    assert (mail.state, mail.attempts, len(office.letters)) == ("sent", 2, 1)
    # What the dead one has still to say changes nothing.
    keep_sent(claim, now=NOW + 2 * ATTEMPT)
    db.session.rollback()
    assert get_mail(mail_id).sent_at == NOW + ATTEMPT


def test_the_message_id_stays_the_same_and_belongs_to_one_mail(office, monkeypatch):
    first, second = put_mail(), put_mail()
    office.refusals["text"] = "451 later"
    for number in (first, second):
        deliver(number, monkeypatch)
    office.refusals.clear()
    claims = [claim_mail(number, now=NOW + DELAYS[0]) for number in (first, second)]
    ids = [delivery.mail.compose(claim, now=NOW)["Message-ID"] for claim in claims]
    assert ids == [
        delivery.mail.compose(claim._replace(attempt=9), now=NOW + DELAYS[0])["Message-ID"] for claim in claims
    ]
    assert len(set(ids)) == 2


def test_without_a_server_mails_wait(monkeypatch):
    mail_id = put_mail()
    assert deliver(mail_id, monkeypatch).attempts == 0
    assert list_due_work(now=NOW, with_mails=False) == []


def test_what_has_been_sent_or_is_being_sent_is_not_sent_again(office, monkeypatch):
    sent, under_way = put_mail(), put_mail()
    deliver(sent, monkeypatch)
    claim_mail(under_way, now=NOW)
    for mail_id, code in ((sent, "mail-sent"), (under_way, "mail-under-way")):
        with pytest.raises(Conflict, match=code):
            resend(mail_id)
    with pytest.raises(NotFound, match="mail-unknown"):
        resend(99)


def test_sent_mails_are_forgotten_after_their_time_and_others_kept(office, monkeypatch):
    sent, waiting = put_mail(), put_mail()
    deliver(sent, monkeypatch)
    purge_mails(now=NOW + KEPT)
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 2
    purge_mails(now=NOW + KEPT + SECOND)
    assert list(db.session.scalars(select(Mail.id))) == [waiting]


def test_a_mail_of_an_unknown_kind_is_refused_where_it_is_written():
    with pytest.raises(LookupError):
        put_mail(kind="unknown")


def test_a_mail_whose_link_no_longer_works_is_not_sent(office, monkeypatch):
    mail_id = put_mail(values={"name": "Jan", "until": (NOW + SECOND).isoformat()})
    mail = deliver(mail_id, monkeypatch, now=NOW + SECOND)
    assert (mail.state, mail.error) == ("failed", "too-late")
    assert office.letters == []
