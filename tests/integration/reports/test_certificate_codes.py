"""Certificates of attendance are checked by their code: the page says what was certified, as long as it may."""

from datetime import timedelta

import pytest

from portal.activities.models import Event, Participation
from portal.activities.queries.certificates import find_certificate
from portal.core.db import transaction
from portal.projects.queries import get_project
from tests.conftest import NOW
from tests.integration.pages import find_all, page_text, read_page, read_table, text_of
from tests.integration.reports.certificates import ADDRESS, ANNA, codes, issue, make_organiser
from tests.integration.reports.printed import id_of, text_of_pdf
from tests.make import PROJECT


@pytest.fixture
def organiser(app):
    return make_organiser(app)


def test_whoever_holds_the_code_can_check_what_it_says(app, organiser):
    issue(organiser)
    (code,) = codes(app)
    stranger = app.test_client()
    page = stranger.get(f"/certificate/{code}")
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Cache-Control"] == "no-store"
    facts = text_of(next(find_all(read_page(page), "dl")))
    for words in (
        ANNA,
        "Training",
        "10 March 2026 – 11 March 2026",
        "12 hours",
        "Lithuanian Prison Service",
        "Olsztyn",
    ):
        assert words in facts
    assert stranger.get(f"/certificate/{code.lower()}").status_code == 200
    pdf = stranger.get(f"/certificate/{code}.pdf")
    assert ANNA in text_of_pdf(pdf.data)
    assert pdf.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_the_page_of_a_code_says_what_was_certified_whatever_is_corrected_later(app, organiser):
    issue(organiser)
    (code,) = codes(app)
    before = text_of(next(find_all(read_page(app.test_client().get(f"/certificate/{code}")), "dl")))
    with app.app_context(), transaction() as session:
        event = session.get_one(Event, 1)
        event.title, event.place, event.country = {"en": "Renamed"}, "Kaunas", "LT"
        event.starts_at -= timedelta(days=30)
        event.organisers = event.organisers[:1]
        get_project(PROJECT).title = {"en": "Renamed project"}
        session.get_one(Participation, id_of(ANNA)).name = "Somebody Else"
    page = app.test_client().get(f"/certificate/{code}")
    assert text_of(next(find_all(read_page(page), "dl"))) == before
    assert ANNA in before


@pytest.mark.parametrize("code", ["A" * 26, "x", "A" * 300, "%00", "AAAA'--"])
def test_a_code_that_is_none_is_said_to_be_none(client, code):
    for ending in ("", ".pdf"):
        answer = client.get(f"/certificate/{code}{ending}")
        assert answer.status_code in (400, 404)
    assert "There is no certificate with this code" in page_text(client.get(f"/certificate/{'A' * 26}"))


def test_once_the_name_is_not_kept_the_page_says_so_and_the_file_is_gone(app, organiser):
    issue(organiser)
    (code,) = codes(app)
    with app.app_context(), transaction() as session:
        person = session.get_one(Participation, id_of(ANNA))
        person.name, person.participant, person.anonymised_at = "", "anonymous-1", NOW
        number = person.id
    page = app.test_client().get(f"/certificate/{code}")
    assert "The name is no longer kept." in page_text(page)
    assert "Training" in page_text(page)
    assert ANNA not in page_text(page)
    assert app.test_client().get(f"/certificate/{code}.pdf").status_code == 404
    assert organiser.get(f"{ADDRESS}/{number}.pdf").status_code == 404
    assert organiser.get(f"{ADDRESS}.zip").status_code == 404
    rows = read_table(organiser.get(f"{ADDRESS}?percent=1"), "Who attended")[1:]
    assert any("the name is no longer kept" in row[3] for row in rows)
    with app.app_context():
        assert find_certificate(number) is None
