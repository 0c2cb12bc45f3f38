"""What everyone may read of a project, in three languages."""

import pytest

from portal.accounts.rules import Role
from tests.conftest import empty_database
from tests.integration.pages import find_all, links_of, page_text, read_page, read_table, text_of
from tests.make import PROJECT, make_event, make_people, make_project, make_tournament, sign_in_as

PAGE = f"/public/{PROJECT}"

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
    assert "Ona" not in page.text
    assert "ona@example.lt" not in page.text
    assert "/events/" not in page.text


def test_the_start_page_leads_to_the_public_page_and_says_what_to_do_without_a_project(app, client):
    answer = client.get("/")
    assert links_of(answer)[TITLES["en"]] == PAGE
    with app.app_context():
        empty_database()
    assert "No project is published here yet." in page_text(client.get("/"))


def test_the_page_is_small_enough_for_a_slow_connection(app, client):
    with app.app_context():
        make_tournament()
    assert len(client.get(PAGE).data) < 100_000


def test_a_member_sees_the_same_public_page(app, client):
    signed_in = sign_in_as(app, Role.MANAGER)
    assert read_table(signed_in.get(PAGE), "Expected") == read_table(client.get(PAGE), "Expected")
