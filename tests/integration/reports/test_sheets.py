"""Sheets that are printed for an event, read back: who is on them, in which languages, and who is on none."""

from datetime import datetime

import pytest

from portal.accounts.rules import Role
from portal.activities.models import Event
from portal.activities.services.attendance import HeadcountDraft
from portal.core.db import transaction
from portal.reports.documents.frame import languages_of, qr_code
from tests.integration.pages import page_text, read_errors, read_fields
from tests.integration.reports.printed import (
    HARD_NAMES,
    make_person,
    make_training,
    read_pdf,
    text_of_page,
    text_of_pdf,
)
from tests.make import (
    PROJECT,
    make_headcounts,
    make_people,
    make_project,
    make_tournament,
    sign_in_as,
)

ADDRESS = f"/projects/{PROJECT}/events/1/sheets"


@pytest.fixture
def organiser(app):
    """A browser of lps, which organises the training, event 1."""
    with app.app_context():
        make_project()
        make_training()
    return sign_in_as(app, Role.PARTNER, "lps")


def ask(browser, **changes):
    fields = read_fields(browser.get(ADDRESS))
    return browser.post(ADDRESS, data={**fields, **changes})


def test_the_organisers_languages_all_sessions_and_ten_rows_are_chosen_at_first(organiser):
    fields = read_fields(organiser.get(ADDRESS))
    chosen = {name: fields[name] for name in ("kind", "first", "second", "sessions", "rows")}
    assert chosen == {"kind": "names", "first": "lt", "second": "pl", "sessions": ["1", "2"], "rows": "10"}


def test_a_sheet_says_in_both_languages_whose_event_it_is_when_and_who_pays(app, organiser):
    answer = ask(organiser)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert f"{PROJECT}-T1-names-lt-pl.pdf" in answer.headers["Content-Disposition"]
    pages = [text_of_page(page) for page in read_pdf(answer.data).pages]
    assert len(pages) == 2
    for said, days in zip(pages, [("2026-03-10", "10.03.2026"), ("2026-03-11", "11.03.2026")], strict=True):
        assert "Bendrai finansuoja Europos Sąjunga" in said
        assert "Współfinansowane przez Unię Europejską" in said
        assert "Mokymai pareigūnams" in said
        assert "Szkolenie dla kuratorów" in said
        assert "Lietuvos kalėjimų tarnyba" in said
        assert "Litewska Służba Więzienna" in said
        assert "Olsztyn" in said
        assert all(f"{day}, 10:00–16:00" in said for day in days)
        assert "Vardas ir pavardė Imię i nazwisko" in said
        assert "Puslapis 1 iš 1 / Strona 1 z 1" in said


def test_people_stand_in_order_with_their_numbers_and_empty_rows_go_on(app, organiser):
    with app.app_context():
        for name in (*HARD_NAMES, "Adam Nowak"):
            make_person(1, name, organisation="Zakład Karny w Łodzi", country="PL")
    said = text_of_pdf(ask(organiser, sessions=["1"], rows="2").data)
    assert "1 Adam Nowak Zakład Karny w Łodzi PL 2 Łucja Źrebięć ąćęłńóśźż" in said
    assert "3 Žygimantas Ąžuolaitis ąčęėįšųūž Zakład Karny w Łodzi PL 4 5" in said
    assert " 6 " not in said.partition("PL 4 5")[2].partition("Puslapis")[0]


def test_who_cancelled_waits_or_is_not_confirmed_in_time_is_left_out(app, organiser):
    with app.app_context():
        for status in ("registered", "unconfirmed", "offered", "attended", "absent"):
            make_person(1, f"Here {status}", status=status)
        for status in ("cancelled", "waitlisted", "expired"):
            make_person(1, f"Gone {status}", status=status)
    said = text_of_pdf(ask(organiser, sessions=["1"], rows="0").data)
    assert said.count("Here ") == 5
    assert "Gone" not in said


def test_one_language_stands_alone(organiser):
    said = text_of_pdf(ask(organiser, first="pl", second="", sessions=["1"]).data)
    assert "Szkolenie dla kuratorów" in said
    assert "Mokymai" not in said
    assert "Strona 1 z 1" in said


def test_the_paper_does_not_say_that_its_wording_is_assumed(organiser):
    said = text_of_pdf(ask(organiser, first="en", second="", sessions=["1"]).data)
    assert "Co-funded by the European Union" in said
    assert "wording assumed" not in said


def test_without_people_there_are_empty_rows_only(organiser):
    page = organiser.get(ADDRESS)
    assert "Nobody is on the list yet" in page_text(page)
    said = text_of_pdf(ask(organiser, sessions=["1"], rows="3").data)
    assert " 1 2 3 " in said.replace("ne nie", "ne nie ")


def test_300_people_are_printed_and_pages_are_numbered_for_each_session(app, organiser):
    with app.app_context():
        rows = [f"Dalyvė Ąžuolaitė-Łukasiewicz numeris {number:03d}" for number in range(1, 301)]
        with transaction():
            for name in rows:
                make_person(1, name, organisation="Lietuvos kalėjimų tarnybos Vilniaus regiono skyrius", country="LT")
    fields = read_fields(organiser.get(ADDRESS))
    answer = organiser.post(ADDRESS, data={**fields, "sessions": ["1"]})
    pages = [text_of_page(page) for page in read_pdf(answer.data).pages]
    last = len(pages)
    assert 10 <= last <= 25
    assert all(name in " ".join(pages) for name in rows)
    for number, said in enumerate(pages, start=1):
        assert f"Puslapis {number} iš {last}" in said
        assert "Szkolenie dla kuratorów" in said


def test_long_and_hostile_names_are_printed_as_they_are(app, organiser):
    hostile = '#read("/etc/passwd") *bold* <b>x</b> =HYPERLINK("http://example.org") $x$'
    with app.app_context():
        make_person(1, "W" * 200)
        make_person(1, hostile)
        make_person(1, "Jonas\u202eXYZ")
    answer = ask(organiser, sessions=["1"], rows="0")
    said = text_of_pdf(answer.data)
    assert said.replace(" ", "").count("W" * 200) == 1
    assert hostile.replace(" ", "") in said.replace(" ", "")
    assert "JonasXYZ" in said
    assert len(read_pdf(answer.data).pages) == 1


def test_at_sensitive_events_nobody_can_be_printed_by_name(app, organiser):
    with app.app_context():
        make_person(1, "Vardenis Pavardenis")
        make_people(1, ["K017"], group="convicted_person")
    fields = read_fields(organiser.get(ADDRESS))
    assert fields["kind"] == "tally"
    refused = ask(organiser, kind="names")
    assert refused.status_code == 422
    assert "kind" in read_errors(refused)
    tally = text_of_pdf(ask(organiser, kind="tally").data)
    assert "Nuteistieji Osoby skazane" in tally
    codes = text_of_pdf(ask(organiser, kind="codes", sessions=["1"], rows="1").data)
    assert "2 K017 3" in codes
    # The group beside a code would tell of a conviction.
    assert "Nuteistieji" not in codes
    for said in (tally, codes):
        assert "Vardenis" not in said
        assert "Pavardenis" not in said


def test_a_headcount_of_family_members_makes_the_event_sensitive_too(app, organiser):
    with app.app_context():
        make_person(1, "Vardenis Pavardenis")
        make_headcounts(1, HeadcountDraft("family_member", 3))
    assert ask(organiser, kind="names").status_code == 422


def test_a_support_group_has_no_sheet_with_names(app):
    with app.app_context():
        make_project()
        make_training(kind="support_group")
    organiser = sign_in_as(app, Role.PARTNER, "lps")
    assert read_fields(organiser.get(ADDRESS))["kind"] == "tally"
    assert 'value="names"' not in organiser.get(ADDRESS).get_data(as_text=True)
    assert ask(organiser, kind="names").status_code == 422


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sessions", []),
        ("sessions", ["9"]),
        ("rows", "-1"),
        ("rows", "501"),
        ("rows", "many"),
        ("first", "de"),
        ("second", "lt"),
        ("kind", "names-of-convicts"),
    ],
)
def test_what_cannot_be_printed_is_refused_at_its_field(organiser, field, value):
    answer = ask(organiser, **{field: value})
    assert answer.status_code == 422
    assert list(read_errors(answer)) == [field]


@pytest.mark.parametrize(
    ("role", "organisation", "status"),
    [
        (Role.MANAGER, "", 200),
        (Role.PARTNER, "ols", 200),
        (Role.PARTNER, "lpro", 403),
        (Role.CONTROLLER, "lps", 403),
        (Role.VIEWER, "", 403),
        (None, "", 404),
    ],
)
def test_only_organisers_and_the_manager_print_sheets(app, role, organisation, status):
    with app.app_context():
        make_project()
        make_training()
    browser = sign_in_as(app, role, organisation)
    assert browser.get(ADDRESS).status_code == status
    answer = browser.post(ADDRESS, data={"kind": "names", "first": "en", "sessions": ["1"]})
    assert answer.status_code == status


def test_a_night_event_is_one_session_with_both_days(app):
    with app.app_context():
        make_project()
        make_training(starts=datetime(2026, 3, 10, 20, 0), ends=datetime(2026, 3, 11, 6, 0))
    said = text_of_pdf(ask(sign_in_as(app, Role.MANAGER), second="").data)
    assert "2026-03-10, 20:00 – 2026-03-11, 06:00 (Europe/Warsaw)" in said


def test_invented_events_are_marked(app):
    with app.app_context():
        make_project()
        event_id = make_tournament()
        with transaction() as session:
            session.get_one(Event, event_id).is_example = True
    said = text_of_pdf(ask(sign_in_as(app, Role.MANAGER), kind="tally").data)
    assert "Pavyzdiniai duomenys" in said


def test_the_languages_are_those_of_the_organisers_countries_in_their_order():
    assert languages_of(["LT", "PL", "LT"]) == ["lt", "pl"]
    assert languages_of(["PL"]) == ["pl"]
    assert languages_of(["DE", "LV", "PL"]) == ["en", "pl"]
    assert languages_of([]) == ["en"]


def test_a_code_holds_the_address_it_is_made_of():
    first, second = qr_code("https://example.org/1"), qr_code("https://example.org/2")
    assert first.startswith("<svg")
    assert first != second
    assert first == qr_code("https://example.org/1")
