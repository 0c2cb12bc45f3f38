"""Fetching exchange rates from a configured address: off by default, bounded, and whatever comes is told."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Membership
from portal.accounts.rules import Role
from portal.audit.models import AuditEntry
from portal.budget.fetching import RatesAddress, fetch
from portal.budget.models import ExchangeRate
from portal.budget.services.rates import ask_to_fetch
from portal.core.db import db, transaction
from portal.core.errors import Conflict, InvalidInput
from portal.jobs.carrying import run_job
from portal.jobs.models import Job
from tests.conftest import NOW
from tests.integration.budget.rates_server import PLN_IN_JULY, Answer, rates_server
from tests.integration.pages import page_text, read_fields, read_summary
from tests.make import PROJECT, make_project, make_user, run_portal, sign_in_as

RATES = f"/projects/{PROJECT}/rates"
ASKED = f"{RATES}/fetch"


@pytest.fixture
def project(app: Flask) -> Flask:
    with app.app_context():
        make_project()
    return app


@contextmanager
def configured(app: Flask, url: str, seconds: int = 5) -> Iterator[None]:
    """The app set up to fetch from there, as long as the block lasts."""
    app.config["RATES_ADDRESS"] = RatesAddress(url, seconds)
    try:
        yield
    finally:
        app.config["RATES_ADDRESS"] = None


def carry_out(app: Flask) -> tuple[str, str]:
    """Let the worker do the latest job; return what became of it, and why it failed."""
    with app.app_context():
        job_id = db.session.scalars(select(Job.id).order_by(Job.id.desc())).first()
        run_job(job_id, stopping=Event(), now=NOW)
        job = db.session.get_one(Job, job_id, populate_existing=True)
        return job.state, job.error


def stored(app: Flask) -> list[tuple[str, str, int, str, str]]:
    with app.app_context():
        rows = db.session.scalars(select(ExchangeRate).order_by(ExchangeRate.month, ExchangeRate.currency))
        return [(row.currency, row.month, row.rate_micros, row.source, row.actor) for row in rows]


def test_nothing_is_fetched_and_nothing_offered_where_no_address_is_configured(project: Flask):
    manager = sign_in_as(project, Role.MANAGER)
    assert "Fetch the rates" not in page_text(manager.get(RATES))
    assert manager.post(ASKED, data={"month": "2026-07"}).status_code == 422
    told = run_portal(project, "rates", "fetch", PROJECT, "--month", "2026-07")
    assert (told.exit_code, "[rates-fetch-off]" in told.stderr) == (1, True)


def test_the_command_fetches_for_those_who_enter_expenditure_only(project: Flask):
    with project.app_context():
        make_user(None, email="stranger@example.org")
        make_user(Role.VIEWER, email="viewer@example.org")
        make_user(Role.FINANCE, "lps", email="finance@example.org")
    with rates_server(Answer()) as served:
        said = {}
        for name in ("stranger", "viewer", "finance"):
            words = ("rates", "fetch", PROJECT, "--month", "2026-07", "--as", f"{name}@example.org")
            result = run_portal(project, *words, PORTAL_RATES_URL=served.url)
            said[name] = result.stderr.rpartition("[")[2].strip("]\n") if result.exit_code else ""
    assert said == {"stranger": "not-a-member", "viewer": "not-allowed", "finance": ""}
    assert [each[-1] for each in stored(project)] == ["finance@example.org"]


def test_a_job_fetches_the_month_that_was_asked_for(project: Flask):
    manager = sign_in_as(project, Role.MANAGER)
    with rates_server(Answer()) as served, configured(project, served.url):
        fields = read_fields(manager.get(RATES))
        assert fields["month"] == "2026-11"
        assert manager.post(ASKED, data={**fields, "month": "2026-07"}).status_code == 302
        assert "The rates of 2026-07 are being fetched." in page_text(manager.get(RATES))
        again = manager.post(ASKED, data={**read_fields(manager.get(RATES)), "month": "2026-06"})
        assert again.status_code == 409
        assert read_summary(again) == ["Rates are being fetched at this moment. Look at this page again in a minute."]
        with project.app_context(), pytest.raises(Conflict, match="rates-fetch-under-way"):
            ask_to_fetch(PROJECT, "2026-06", now=NOW)
        assert carry_out(project) == ("done", "")
        assert served.asked == ["/rates/2026/07"]
        assert "The rates of 2026-07 were fetched on" in page_text(manager.get(RATES))
    assert stored(project) == [("PLN", "2026-07", 4_256_300, "fetched", "manager-@example.org")]
    with project.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "rates_fetched")).one()
        assert (entry.actor, entry.changes) == ("manager-@example.org", {"PLN 2026-07": [None, "4.256300"]})


def test_of_a_history_only_the_month_asked_for_is_stored_and_a_changed_rate_is_changed(project: Flask):
    july = {"currencyIso": "PLN", "refCurrencyIso": "EUR", "amount": 4.3}
    entries = [
        {**july, "dateStart": "01/07/2026", "dateEnd": "31/07/2026"},
        {**july, "dateStart": "01/08/2026", "dateEnd": "31/08/2026"},
    ]
    with rates_server(Answer(), Answer(json.dumps(entries).encode())) as served:
        fetched = [
            run_portal(
                project,
                "rates",
                "fetch",
                PROJECT,
                "--month",
                "2026-07",
                "--format",
                "json",
                PORTAL_RATES_URL=served.url,
            )
            for _ in range(3)
        ]
    assert [each.exit_code for each in fetched] == [0, 0, 0]
    counts = [json.loads(each.stdout) for each in fetched]
    assert [(each["created"], each["updated"], each["unchanged"]) for each in counts] == [
        (1, 0, 0),
        (0, 1, 0),
        (0, 0, 1),
    ]
    assert stored(project) == [("PLN", "2026-07", 4_300_000, "fetched", "command line")]


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        (Answer(seconds=2), "rates-fetch-late", "did not answer in time"),
        (Answer(drip_seconds=0.2), "rates-fetch-late", "did not answer in time"),
        (Answer(status=404), "rates-fetch-refused", "refused the request"),
        (Answer(status=500), "rates-fetch-refused", "refused the request"),
        (Answer(b"<html>Maintenance</html>"), "rates-not-json", "What came could not be used (rates-not-json)"),
        (Answer(b"x" * (2 * 1024 * 1024 + 1)), "rates-too-large", "What came could not be used (rates-too-large)"),
        (Answer(b"[]"), "rates-other-form", "What came could not be used"),
        (Answer(PLN_IN_JULY.replace(b"PLN", b"XDR")), "rates-fetch-none", "holds no rate of that month"),
        (Answer(PLN_IN_JULY.replace(b"4.2563", b"4.25631234")), "rate-unreadable", "What came could not be used"),
        (Answer(status=302, location="http://127.0.0.2/else"), "rates-fetch-elsewhere", "pointed to another place"),
        (Answer(status=302, location="file:///etc/passwd"), "rates-fetch-refused", "refused the request"),
    ],
)
def test_what_goes_wrong_is_told_on_the_page_and_stores_nothing(project: Flask, answer: Answer, code: str, said: str):
    manager = sign_in_as(project, Role.MANAGER)
    with rates_server(answer) as served, configured(project, served.url, seconds=1):
        manager.post(ASKED, data={**read_fields(manager.get(RATES)), "month": "2026-07"})
        assert carry_out(project) == ("failed", code)
        text = page_text(manager.get(RATES))
    assert "The rates of 2026-07 could not be fetched on" in text
    assert said in text
    assert stored(project) == []


def test_an_address_where_nobody_answers_is_told(project: Flask):
    with rates_server(Answer()) as served:
        address = RatesAddress(served.url, 1)
    with pytest.raises(InvalidInput, match="rates-fetch-unreachable"):
        fetch(address, "2026-07")


def test_a_turn_at_the_same_place_is_followed(project: Flask):
    with rates_server(Answer(status=302, location="/elsewhere/2026"), Answer()) as served:
        assert fetch(RatesAddress(served.url, 5), "2026-07") == PLN_IN_JULY
    assert served.asked == ["/rates/2026/07", "/elsewhere/2026"]


def test_a_month_that_is_not_offered_is_refused(project: Flask):
    manager = sign_in_as(project, Role.MANAGER)
    with configured(project, "http://127.0.0.1:9/{year}/{month}"):
        answer = manager.post(ASKED, data={**read_fields(manager.get(RATES)), "month": "1999-01"})
    assert answer.status_code == 422
    assert read_summary(answer)


def test_rights_that_are_lost_meanwhile_fetch_nothing(project: Flask):
    manager = sign_in_as(project, Role.MANAGER)
    with rates_server(Answer()) as served, configured(project, served.url):
        manager.post(ASKED, data={**read_fields(manager.get(RATES)), "month": "2026-07"})
        with project.app_context(), transaction() as session:
            session.delete(session.scalars(select(Membership)).one())
        assert carry_out(project) == ("failed", "not-allowed")
        assert served.asked == []


def test_only_those_who_enter_expenditure_may_ask(project: Flask):
    with configured(project, "http://127.0.0.1:9/{year}/{month}"):
        viewer = sign_in_as(project, Role.VIEWER)
        assert viewer.post(ASKED, data={"month": "2026-07"}).status_code == 403
        assert "Fetch the rates" not in page_text(viewer.get(RATES))
