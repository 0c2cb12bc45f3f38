"""Administrators see what waits and what failed, and set it going again; nobody else sees it at all."""

import re

import pytest
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.audit.models import AuditEntry
from portal.core.db import db, transaction
from portal.jobs import mail
from portal.jobs.models import Mail
from portal.jobs.queries import get_job, get_mail
from portal.jobs.services import enqueue, send_mail
from portal.jobs.services.outbox import claim_mail, keep_failure, keep_sent
from portal.jobs.services.work import claim_job
from tests.conftest import NOW
from tests.integration.pages import links_of, page_text, read_fields, read_table
from tests.make import make_project, make_user, noted_queries, sign_in

OUTBOX, JOBS = "/admin/outbox", "/admin/jobs"
ADDRESS = "asta.zaliukiene@example.org"


@pytest.fixture
def browser(app, client):
    """A browser in which an administrator has signed in."""
    with app.app_context():
        make_project()
        user_id = make_user(None, email="admin@example.org", admin=True)
    return sign_in(client, user_id)


def put_mail(app, **changes) -> int:
    facts = {"kind": "test", "recipient": ADDRESS, "language": "en", "values": {"name": "Jan"}, **changes}
    with app.app_context(), transaction() as session:
        return send_mail(session, **facts, now=NOW)


def put_failed(app) -> int:
    mail_id = put_mail(app)
    with app.app_context():
        keep_failure(claim_mail(mail_id, now=NOW), "SMTPDataError 554", final=True, now=NOW)
    return mail_id


def put_job(app) -> int:
    with app.app_context(), transaction() as session:
        return enqueue(session, "note", {}, now=NOW)


def press(browser, page: str, address: str, **changes: str):
    """Press the button of the page that leads to the address."""
    text = browser.get(page).text
    key = re.search(f'action="{re.escape(address)}".*?name="form_key"[^>]*value="([^"]+)"', text, re.DOTALL)
    assert key, f"{page} has no button for {address}"
    return browser.post(address, data={"form_key": key[1], **changes})


def test_the_outbox_shows_mails_latest_first_without_their_recipients(app, browser, office):
    put_mail(app)
    put_failed(app)
    page = browser.get(OUTBOX)
    _, latest, first = read_table(page, "Mails, latest first")
    assert latest[0].startswith("Test mail 2")
    assert latest[1:] == ["a…@example.org English", "Failed", "1", "–", "SMTPDataError 554"]
    assert first[1:] == ["a…@example.org English", "Waiting", "0", "20 November 2026, 12:00", "–"]
    assert ADDRESS not in page.text
    assert "No mail server" not in page_text(page)


def test_a_mail_that_is_true_no_more_says_so_and_is_not_offered_again(app, browser, office, monkeypatch):
    def outdated(values):
        raise mail.Outdated("the place is another by now")

    mail_id = put_failed(app)
    monkeypatch.setitem(mail._readers, "test", outdated)
    page = browser.get(f"{OUTBOX}/{mail_id}")
    said = page_text(page)
    assert "What this mail would say is no longer true. It will not be sent." in said
    assert "cannot be written" not in said
    assert f"{OUTBOX}/{mail_id}/resend" not in page.text


def test_the_outbox_is_filtered_by_state_and_refuses_others(app, browser):
    put_mail(app)
    assert "No mail fits this choice" in page_text(browser.get(f"{OUTBOX}?state=failed"))
    assert len(read_table(browser.get(f"{OUTBOX}?state=waiting"), "Mails")) == 2
    assert browser.get(f"{OUTBOX}?state=lost").status_code == 422


def test_the_outbox_is_paged_with_a_constant_number_of_queries(app, browser):
    def count() -> int:
        with noted_queries(app) as statements:
            assert browser.get(OUTBOX).status_code == 200
        return len(statements)

    put_mail(app)
    browser.get(OUTBOX)
    few = count()
    with app.app_context(), transaction() as session:
        for _each in range(60):
            session.add(Mail(kind="test", recipient=ADDRESS, language="lt", values={}, created_at=NOW, due_at=NOW))
    assert count() == few
    assert len(read_table(browser.get(f"{OUTBOX}?page=2"), "Mails")) == 12
    assert "Next page →" in links_of(browser.get(OUTBOX))


def test_without_a_server_the_page_says_so_and_the_mail_can_be_read(app, browser):
    mail_id = put_mail(app)
    assert "No mail server is set up" in page_text(browser.get(OUTBOX))
    text = page_text(browser.get(f"{OUTBOX}/{mail_id}"))
    assert "Jan asked for this mail" in text
    assert "http://127.0.0.1:5000/admin/outbox" in text
    assert "Send again" not in text


def test_in_production_the_page_shows_no_link_of_a_mail(app, browser, monkeypatch):
    mail_id = put_mail(app)
    monkeypatch.setitem(app.config, "PRODUCTION", True)
    text = page_text(browser.get(f"{OUTBOX}/{mail_id}"))
    assert "http://127.0.0.1:5000/…" in text
    assert "http://127.0.0.1:5000/admin" not in text


def test_a_mail_shows_its_text_in_its_own_language_and_escaped(app, browser):
    mail_id = put_mail(app, values={"name": "<script>alert(1)</script>"})
    page = browser.get(f"{OUTBOX}/{mail_id}")
    assert "&lt;script&gt;alert(1)" in page.text
    assert '<div class="letter" lang="en">' in page.text


def test_a_sent_mail_has_no_text_any_more(app, browser):
    mail_id = put_mail(app)
    with app.app_context():
        keep_sent(claim_mail(mail_id, now=NOW), now=NOW)
    assert "The text is not kept" in page_text(browser.get(f"{OUTBOX}/{mail_id}"))


def test_a_failed_mail_is_sent_again_once_with_a_trace_that_names_nobody(app, browser, office):
    mail_id = put_failed(app)
    page = f"{OUTBOX}/{mail_id}"
    answer = press(browser, page, f"{page}/resend")
    assert (answer.status_code, answer.location) == (302, page)
    assert "on its way again" in page_text(browser.get(page))
    with app.app_context():
        assert (get_mail(mail_id).state, get_mail(mail_id).attempts) == ("waiting", 0)
        [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "mail_resent"))
        assert (entry.actor, entry.subject_kind, entry.subject_id, entry.subject) == (
            "admin@example.org",
            "mail",
            mail_id,
            "test",
        )


def test_a_mail_that_was_sent_meanwhile_is_not_sent_again(app, browser, office):
    mail_id = put_mail(app)
    page = f"{OUTBOX}/{mail_id}"
    fields = read_fields(browser.get(page))
    with app.app_context():
        keep_sent(claim_mail(mail_id, now=NOW), now=NOW)
    browser.post(f"{page}/resend", data=fields)
    assert "This mail has been sent already" in page_text(browser.get(page))


def test_an_administrator_can_mail_oneself(app, browser):
    press(browser, OUTBOX, f"{OUTBOX}/test")
    with app.app_context():
        assert get_mail(1).recipient == "admin@example.org"


def test_the_jobs_are_listed_and_one_is_cancelled_with_a_trace(app, browser, carried_out):
    job_id, running = put_job(app), put_job(app)
    with app.app_context():
        claim_job(running, now=NOW)
    _, latest, _first = read_table(browser.get(JOBS), "Jobs, latest first")
    assert latest[1:] == ["Running", "0 %", "1", "–", f"Cancel job {running}"]
    for each in (job_id, running):
        assert press(browser, JOBS, f"{JOBS}/{each}/cancel").location == JOBS
    with app.app_context():
        assert get_job(job_id).state == "cancelled"
        assert (get_job(running).state, get_job(running).cancel_asked) == ("running", True)
        acts = select(AuditEntry).where(AuditEntry.action == "job_cancelled").order_by(AuditEntry.id)
        entries = db.session.scalars(acts)
        assert [entry.subject_id for entry in entries] == [job_id, running]
    _, latest, first = read_table(browser.get(JOBS), "Jobs")
    assert latest[1] == "Running asked to end"
    assert first[-1] == "–"


def test_a_job_that_has_ended_meanwhile_is_not_cancelled(app, browser, carried_out):
    job_id = put_job(app)
    press(browser, JOBS, f"{JOBS}/{job_id}/cancel")
    browser.post(f"{JOBS}/{job_id}/cancel")
    assert "This job has ended already" in page_text(browser.get(JOBS))
    assert browser.get(f"{JOBS}?state=sent").status_code == 422


@pytest.mark.parametrize("address", [f"{OUTBOX}/99", f"{OUTBOX}/99/resend", f"{JOBS}/99/cancel"])
def test_what_does_not_exist_is_not_found(browser, address):
    answer = browser.get(address) if address.endswith("/99") else browser.post(address)
    assert answer.status_code == 404


def test_nobody_else_sees_any_of_it(app, client, carried_out):
    with app.app_context():
        make_project()
    mail_id, job_id = put_failed(app), put_job(app)
    pages = [OUTBOX, f"{OUTBOX}/{mail_id}", JOBS]
    acts = [f"{OUTBOX}/{mail_id}/resend", f"{OUTBOX}/test", f"{JOBS}/{job_id}/cancel"]
    assert {client.get(page).status_code for page in pages} == {302}
    with app.app_context():
        user_id = make_user(Role.MANAGER)
    manager = sign_in(client, user_id)
    assert {manager.get(page).status_code for page in pages} == {404}
    assert {manager.post(act).status_code for act in acts} == {404}
    with app.app_context():
        assert (get_mail(mail_id).state, get_job(job_id).state) == ("failed", "waiting")
