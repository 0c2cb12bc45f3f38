"""What everyone may read of a project, in three languages."""

import gzip
from datetime import datetime, timedelta

import pytest

from portal.accounts.rules import Role
from tests.conftest import empty_database
from tests.integration.pages import find_all, links_of, page_text, read_page, read_table, text_of
from tests.make import PROJECT, make_event, make_people, make_project, make_tournament, sign_in_as

PAGE = f"/public/{PROJECT}"

PACKED = {"Accept-Encoding": "gzip, deflate, br"}
AUTUMN = datetime(2026, 9, 10, 10, 0)

TITLES = {
    "en": "Networking towards Successful Resocialization of Convicts and Uniting Society for Common Trust",
    "lt": "Tinklaveika siekiant sėkmingos nuteistųjų resocializacijos ir visuomenės telkimas bendram pasitikėjimui",
    "pl": "Tworzenie sieci na rzecz skutecznej resocjalizacji skazanych i jednoczenie społeczeństwa na rzecz wspólnego "
    "zaufania",
}
STATEMENTS = {
    "en": "Co-funded by the European Union. Interreg VI-A Lithuania-Poland Programme.",
    "lt": "Bendrai finansuoja Europos Sąjunga. „Interreg VI-A“ Lietuvos ir Lenkijos programa.",
    "pl": "Współfinansowane przez Unię Europejską. Program Interreg VI-A Litwa-Polska.",
}
LEADS = {"en": "Lithuanian Prison Service", "lt": "Lietuvos kalėjimų tarnyba", "pl": "Litewska Służba Więzienna"}
LAST_DAYS = {"en": "31 December 2027", "lt": "2027-12-31", "pl": "31.12.2027"}
ROWS = {
    "en": "Participation in workshops and training activities",
    "lt": "Dalyvavimas seminaruose ir mokymuose",
    "pl": "Uczestnictwo w warsztatach i szkoleniach",
}
SHARES = {"en": "42.42 %", "lt": "42,42 %", "pl": "42,42 %"}
# Sentences of the portal's own that no page in another language may show.
ENGLISH = ("Outcomes achieved", "What the project does", "Budget by partner", "Skip to the content", "Lead partner")


@pytest.fixture(autouse=True)
def _project(app):
    with app.app_context():
        make_project()


@pytest.mark.parametrize("language", TITLES)
def test_the_page_speaks_the_language_that_the_address_asks_for(app, client, language):
    with app.app_context():
        make_tournament()
    answer = client.get(f"{PAGE}?lang={language}")
    page = page_text(answer)
    [html] = find_all(read_page(answer), "html")
    assert html.attributes["lang"] == language
    for texts in (TITLES, STATEMENTS, LEADS, LAST_DAYS, ROWS, SHARES):
        assert texts[language] in page
        assert not any(text in page for other, text in texts.items() if text != texts[language] and other != language)
    expected = ENGLISH if language == "en" else ()
    assert [text for text in ENGLISH if text in page] == list(expected)


def test_the_language_is_kept_and_can_be_switched_on_the_page(client):
    client.get(f"{PAGE}?lang=lt")
    answer = client.get(PAGE)
    assert TITLES["lt"] in page_text(answer)
    assert TITLES["pl"] in page_text(client.get(links_of(answer)["PL"]))


@pytest.mark.parametrize(
    ("accepted", "language"), [("pl,en;q=0.8", "pl"), ("lt-LT", "lt"), ("de", "en"), ("*", "en"), ("", "en")]
)
def test_without_a_choice_the_page_speaks_what_the_browser_asks_for(client, accepted, language):
    assert TITLES[language] in page_text(client.get(PAGE, headers={"Accept-Language": accepted}))


def test_a_language_that_is_not_offered_changes_nothing(client):
    assert TITLES["en"] in page_text(client.get(f"{PAGE}?lang=de"))


def test_the_published_texts_plan_and_partners_are_there(client):
    answer = client.get(PAGE)
    page = page_text(answer)
    assert "The project strengthens the resocialization of convicted persons" in page
    assert "Duration 1 January 2026 – 31 December 2027" in page
    assert "Work package 2: Promoting Communities' Involvement" in page.replace(" : ", ": ").replace("’", "'")
    assert "2.4 International sports events" in page
    assert [text_of(each).partition(",")[0] for each in find_all(read_page(answer), "strong")] == [
        "Lithuanian Prison Service",
        "Lithuanian Probation Service",
        "Regional Prison Inspectorate in Olsztyn",
        "Alytus City Municipality",
        "Kaunas District Municipality",
        "Kaišiadorys District Municipality",
    ]


def test_the_outcomes_are_live_and_say_what_was_counted_and_assumed(app, client):
    def row() -> list[str]:
        return read_table(client.get(PAGE), "Expected and achieved")[3][1:4]

    assert row() == ["132", "–", "–"]
    with app.app_context():
        make_tournament()
    assert row() == ["132", "56", "42.42 %"]
    page = page_text(client.get(PAGE))
    assert "up to and including 20 November 2026" in page
    assert "Assumed: how each row is counted is the project team's reading" in page
    assert "Example data" not in page


def test_the_public_page_shows_no_person_and_no_figure_of_a_single_event(app, client):
    with app.app_context():
        event_id = make_event(title={"en": "Closed workshop"}, status="held")
        make_people(event_id, ["ona@example.lt"], name="Ona Onaitė")
    page = client.get(PAGE)
    assert "Onaitė" not in page.text
    assert "ona@example.lt" not in page.text
    assert "/events/" not in page.text


def test_the_start_page_leads_to_the_public_page_and_says_what_to_do_without_a_project(app, client):
    answer = client.get("/")
    assert links_of(answer)[TITLES["en"]] == PAGE
    with app.app_context():
        empty_database()
    assert "No project is published here yet." in page_text(client.get("/"))


def test_the_page_with_all_that_it_asks_for_travels_in_less_than_a_hundred_kilobytes(app, client):
    with app.app_context():
        make_tournament()
    page = client.get(PAGE, headers=PACKED)
    assert page.headers["Content-Encoding"] == "gzip"
    read = client.get(PAGE)
    assert gzip.decompress(page.data) == read.data
    asked = [each.attributes["href"] for each in find_all(read_page(read), "link")]
    assert [address.partition("?")[0].rpartition("/")[2] for address in asked] == [
        "bootstrap.min.css",
        "portal.css",
        "icon.svg",
    ]
    assert not list(find_all(read_page(read), "script"))
    assert not list(find_all(read_page(read), "img"))
    sizes = [len(page.data), *(len(client.get(address, headers=PACKED, buffered=True).data) for address in asked)]
    assert sum(sizes) < 60_000


def test_periods_of_a_few_people_are_shown_as_fewer_than_ten_like_those_beside_them(app, client):
    with app.app_context():
        first = make_event(ref="W1", status="held")
        make_people(first, [f"a{n}" for n in range(20)], country="LT")
        second = make_event(ref="W2", starts=AUTUMN, ends=AUTUMN + timedelta(hours=3), status="held")
        make_people(second, [f"b{n}" for n in range(9)], country="PL")
    answer = client.get(PAGE)
    rows = {row[0]: row[1:] for row in read_table(answer, "Outcomes achieved by period")}
    assert rows[ROWS["en"]] == ["<10", "<10"]
    assert rows["Jointly organised cross-border public events"] == ["0", "0"]
    assert rows["Cross-border partner organizations"] == ["2", "0"]
    assert "<10 stands for fewer than 10 people" in page_text(answer)
    assert read_table(answer, "Expected and achieved")[2][1:4] == ["216", "29", "13.43 %"]


def test_without_small_numbers_nothing_is_explained_and_what_is_not_reported_is_a_dash(app, client):
    with app.app_context():
        make_tournament()
    answer = client.get(PAGE)
    rows = {row[0]: row[1:] for row in read_table(answer, "Outcomes achieved by period")}
    assert rows[ROWS["en"]] == ["–", "–"]
    assert rows["Participations in joint cross-border actions"] == ["56", "0"]
    assert "stands for fewer than" not in page_text(answer)


def test_public_events_are_named_with_day_and_place_and_closed_ones_are_not(app, client):
    spring = datetime(2027, 4, 10, 18, 0)
    with app.app_context():
        make_tournament(place="Pravieniškės")
        planned = {"starts": spring, "ends": spring + timedelta(hours=2), "is_public": True}
        make_event(ref="P1", title={"en": "Open evening"}, country="PL", place="Olsztyn", **planned)
        make_event(ref="P2", title={"en": "Cancelled evening"}, **planned, status="cancelled")
        make_event(ref="P3", title={"en": "Closed evening"}, **{**planned, "is_public": False})
        make_event(ref="P4", title={"en": "Forgotten evening"}, is_public=True)
    sections = {each.attributes.get("aria-labelledby"): text_of(each) for each in sections_of(client.get(PAGE))}
    assert sections["held"] == "Last public events 6 June 2026 Volleyball tournament Pravieniškės, Lithuania"
    assert sections["coming"] == (
        "Next public events 10 April 2027, 18:00 Open evening Olsztyn, Poland ·"
        " Lithuanian Prison Service, Regional Prison Inspectorate in Olsztyn All coming public events"
    )
    page = page_text(client.get(PAGE))
    assert not any(title in page for title in ("Cancelled evening", "Closed evening", "Forgotten evening"))


def sections_of(answer):
    return find_all(read_page(answer), "section")


def test_the_page_may_be_kept_and_is_asked_for_again_each_time(app, client):
    first = client.get(PAGE, headers=PACKED)
    assert first.headers["Cache-Control"] == "no-cache"
    assert {each.strip() for each in first.headers["Vary"].split(",")} == {
        "Cookie",
        "Accept-Language",
        "Accept-Encoding",
    }
    assert "Set-Cookie" not in first.headers
    again = client.get(PAGE, headers={**PACKED, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert "Content-Security-Policy" in again.headers
    with app.app_context():
        make_tournament()
    changed = client.get(PAGE, headers={**PACKED, "If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_what_is_ones_own_is_neither_kept_nor_packed(app, client):
    signed_in = sign_in_as(app, Role.MANAGER).get(PAGE, headers=PACKED)
    chosen = client.get(f"{PAGE}?lang=lt", headers=PACKED)
    missing = client.get("/public/NOWHERE", headers=PACKED)
    for answer in (signed_in, chosen, missing):
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Content-Encoding" not in answer.headers
        assert "ETag" not in answer.headers
    assert "Set-Cookie" in chosen.headers
    assert client.get(PAGE, headers=PACKED).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "gzip;q=0, *;q=0"])
def test_who_cannot_unpack_gets_it_as_it_is(client, accepted):
    for address in (PAGE, "/static/portal.css"):
        answer = client.get(address, headers={"Accept-Encoding": accepted}, buffered=True)
        assert "Content-Encoding" not in answer.headers
        assert "Accept-Encoding" in answer.headers["Vary"]


def test_files_of_our_own_travel_packed_and_are_sent_once(client):
    answer = client.get("/static/portal.css", headers=PACKED, buffered=True)
    plain = client.get("/static/portal.css", buffered=True)
    assert gzip.decompress(answer.data) == plain.data
    assert int(answer.headers["Content-Length"]) == len(answer.data) < len(plain.data)
    assert answer.headers["ETag"] == f"W/{plain.headers['ETag']}"
    for etag in (answer.headers["ETag"], plain.headers["ETag"]):
        again = client.get("/static/portal.css", headers={**PACKED, "If-None-Match": etag}, buffered=True)
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", answer.headers["ETag"])
    part = client.get("/static/portal.css", headers={**PACKED, "Range": "bytes=0-9"}, buffered=True)
    assert (part.status_code, part.data) == (206, plain.data[:10])
    head = client.head("/static/portal.css", headers=PACKED, buffered=True)
    assert (head.data, head.headers["Content-Length"]) == (b"", answer.headers["Content-Length"])


def test_a_member_sees_the_same_public_page(app, client):
    signed_in = sign_in_as(app, Role.MANAGER)
    assert read_table(signed_in.get(PAGE), "Expected") == read_table(client.get(PAGE), "Expected")
