"""The poster for registration: the event in two languages and the address at which people register."""

from datetime import UTC, datetime

import pytest

from portal.accounts.rules import Role
from portal.activities.models import RegistrationDesk
from portal.core.db import transaction
from tests.conftest import NOW
from tests.integration.pages import links_of
from tests.integration.reports.printed import make_training, read_pdf, text_of_pdf
from tests.make import PROJECT, make_project, sign_in_as

ADDRESS = f"/projects/{PROJECT}/events/1/sheets/poster.pdf"
TOKEN = "a" * 43


@pytest.fixture
def planned(app):
    """A training that is still to come."""
    with app.app_context():
        make_project()
        make_training(starts=datetime(2026, 12, 10, 10, 0), ends=datetime(2026, 12, 10, 16, 0))
    return app


def open_desk(app):
    opens, closes = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 9, 11, 0, tzinfo=UTC)
    with app.app_context(), transaction() as session:
        desk = RegistrationDesk(event_id=1, token=TOKEN, opens_at=opens, closes_at=closes, consent={"en": "Yes."})
        desk.created_at = desk.updated_at = NOW
        session.add(desk)


def test_the_poster_has_the_event_in_both_languages_and_the_address(planned):
    open_desk(planned)
    browser = sign_in_as(planned, Role.PARTNER, "lps")
    sheets = browser.get(f"/projects/{PROJECT}/events/1/sheets")
    assert links_of(sheets)["Download the poster for registration"] == ADDRESS
    answer = browser.get(ADDRESS)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    said = text_of_pdf(answer.data)
    assert len(read_pdf(answer.data).pages) == 1
    for words in (
        "Mokymai pareigūnams",
        "Szkolenie dla kuratorów",
        "2026-12-10, 10:00–16:00 (Europe/Warsaw)",
        "10.12.2026, 10:00–16:00 (Europe/Warsaw)",
    ):
        assert words in said
    assert f"http://127.0.0.1:5000/register/{TOKEN}" in said.replace(" ", "")
    # The public is not told that the wording is assumed.
    assert "Bendrai finansuoja Europos Sąjunga" in said
    assert not any(words in said for words in ("formuluotė grindžiama", "brzmienie założone"))
    assert "2026-12-09, 12:00 (Europe/Warsaw)" in said


def test_without_registration_there_is_no_poster(planned):
    browser = sign_in_as(planned, Role.PARTNER, "lps")
    assert browser.get(ADDRESS).status_code == 404
    assert "Download the poster for registration" not in links_of(browser.get(f"/projects/{PROJECT}/events/1/sheets"))


def test_only_organisers_have_the_poster(planned):
    open_desk(planned)
    assert sign_in_as(planned, Role.PARTNER, "lpro").get(ADDRESS).status_code == 403
    assert sign_in_as(planned, None).get(ADDRESS).status_code == 404
