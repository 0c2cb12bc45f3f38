"""Search finds what members may read, however they spell it, and nothing of anybody else's project."""

from datetime import date, datetime

import pytest

from portal.accounts.models import Membership
from portal.accounts.rules import Role
from portal.core.db import db
from portal.core.errors import InvalidInput
from portal.projects.models import Contact, Organisation, Project
from portal.reports.queries.search import MOST_HITS, search
from tests.integration.pages import find_all, links_of, page_text, read_page, text_of
from tests.make import (
    OTHER_PROJECT,
    PROJECT,
    make_event,
    make_other_project,
    make_people,
    make_project,
    make_tournament,
    make_user,
    noted_queries,
    sign_in,
    sign_in_as,
)

ALIAS = "Regional Inspectorate of the Prison Service in Olsztyn"


@pytest.fixture
def project(app):
    with app.app_context():
        make_project()
        make_tournament()
        make_event(ref="W1", place="Šiauliai", title={"en": "Opening workshop", "pl": "Warsztaty otwierające"})
        make_event(ref="W10", title={"lt": "Seminaras Nr. 10"})
    return app


def find(query: str, codes: tuple[str, ...] = (PROJECT,), language: str = "en") -> list[tuple[str, str, str]]:
    """Kind, mark and the other spelling of what is found, in order."""
    return [(each.kind, hit.mark, hit.also) for each in search(codes, query, language=language) for hit in each.hits]


@pytest.mark.parametrize(
    ("query", "hit"),
    [
        ("volleyball", ("events", "V1", "")),
        ("TINKLINIO", ("events", "V1", "Tinklinio turnyras")),
        ("siatkowki turniej", ("events", "V1", "Turniej siatkówki")),
        ("turnyras volleyball", ("events", "V1", "")),
        ("v1", ("events", "V1", "")),
        ("siauliai", ("events", "W1", "Šiauliai")),
        ("otwierajace", ("events", "W1", "Warsztaty otwierające")),
        ("regional inspectorate of the prison", ("organisations", "ols", ALIAS)),
        ("okregowy inspektorat", ("organisations", "ols", "Okręgowy Inspektorat Służby Więziennej w Olsztynie")),
        ("olstyno apygardos", ("organisations", "ols", "Olštyno apygardos kalėjimų inspekcija")),
        ("KAIŠIADORYS", ("organisations", "kaisiadorys", "")),
        ("kaisiadoriu", ("organisations", "kaisiadorys", "Kaišiadorių rajono savivaldybė")),
        ("LTPL00388", ("projects", PROJECT, "")),
        ("2.4", ("activities", "2.4", "")),
    ],
)
def test_things_are_found_by_any_name_in_any_spelling(project, query, hit):
    with project.app_context():
        assert hit in find(query)


def test_a_project_is_found_by_both_spellings_of_its_title(project):
    with project.app_context():
        db.session.get_one(Project, PROJECT).title_aliases = ["Ties that bind"]
        db.session.commit()
        assert find("TIES that") == [("projects", PROJECT, "Ties that bind")]
        title = db.session.get_one(Project, PROJECT).title["lt"]
        assert find(title, language="lt")[0] == ("projects", PROJECT, "")


def test_what_is_called_just_like_the_query_comes_first_and_the_rest_latest_first(project):
    with project.app_context():
        make_event(ref="XW1", starts=datetime(2026, 9, 1, 10), ends=datetime(2026, 9, 1, 11))
        assert [mark for kind, mark, _ in find("w1") if kind == "events"] == ["W1", "XW1", "W10"]


def test_a_title_is_shown_in_the_readers_language_with_the_spelling_that_was_found(project):
    with project.app_context():
        found = {each.kind: each for each in search([PROJECT], "volleyball tournament", language="pl")}
    [hit] = found["events"].hits
    assert (hit.title, hit.also, hit.day) == ("Turniej siatkówki", "Volleyball tournament", date(2026, 6, 6))


@pytest.mark.parametrize(
    "query", ["", "  ", "w", "ž", "´", "nothing-like-this", "volleyball lps", "%", "_", "' OR 1=1"]
)
def test_what_says_too_little_or_fits_nothing_finds_nothing(project, query):
    with project.app_context():
        assert find(query) == []


def test_a_query_of_200_characters_is_looked_for_and_a_longer_one_is_refused(project):
    with project.app_context():
        assert find("x" * 200) == []
        with pytest.raises(InvalidInput) as caught:
            find("x" * 201)
    assert caught.value.problem.code == "search-too-long"


def test_nobodys_name_is_found(project):
    with project.app_context():
        make_people(2, ["a.participant@example.org"], name="Zenobia Participant", organisation="Zenobia School")
        organisation = db.session.query(Organisation).filter_by(project_code=PROJECT, key="ols").one()
        db.session.add(Contact(organisation_id=organisation.id, name="Zenobia Contact", email="zenobia@example.org"))
        db.session.commit()
        make_user(Role.VIEWER, email="zenobia.member@example.org")
        assert find("zenobia") == []
        assert find("example.org") == []


def test_only_the_projects_that_are_named_are_searched(project):
    with project.app_context():
        make_other_project()
        make_event(ref="F1", project_code=OTHER_PROJECT, title={"en": "Foreign workshop"})
        assert find("foreign") == []
        assert find("foreign", (OTHER_PROJECT,)) == [("events", "F1", "")]
        assert find("foreign", (PROJECT, OTHER_PROJECT)) == [("events", "F1", "")]
        assert find("workshop", ()) == []


def test_at_most_fifty_of_a_kind_are_shown_with_the_number_of_all(project):
    with project.app_context():
        for number in range(MOST_HITS + 2):
            make_event(ref=f"M{number}", title={"en": "Many of them"})
        [found] = search([PROJECT], "many of", language="en")
    assert (len(found.hits), found.total) == (MOST_HITS, MOST_HITS + 2)
    page = sign_in_as(project, Role.VIEWER).get("/search?q=many+of")
    assert "Events (52)" in page_text(page)
    assert "The first 50 are shown." in page_text(page)


def test_the_page_links_to_what_is_found(project):
    links = links_of(sign_in_as(project, Role.AUDITOR).get("/search?q=olsztyn"))
    assert links["Regional Prison Inspectorate in Olsztyn"] == f"/projects/{PROJECT}/organisations/ols"
    links = links_of(sign_in_as(project, Role.VIEWER).get("/search?q=volleyball"))
    assert links["Volleyball tournament"] == f"/projects/{PROJECT}/events/1"


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("", 200, "Every word must occur."),
        ("?q=", 200, "Every word must occur."),
        ("?q=w", 200, "Type at least two letters or digits."),
        ("?q=nothing-like-this", 200, "Nothing is called “nothing-like-this” in your projects."),
        ("?q=<script>alert(1)</script>", 200, "Nothing is called “<script>alert(1)</script>”"),
        (f"?q={'x' * 201}", 422, "Shorten it to at most 200 characters."),
    ],
)
def test_the_page_says_what_to_do(project, query, status, said):
    page = sign_in_as(project, Role.VIEWER).get(f"/search{query}")
    assert page.status_code == status
    assert said in page_text(page)


def test_whoever_is_a_member_of_another_project_finds_nothing_of_ours(project):
    with project.app_context():
        make_other_project()
        theirs = db.session.query(Organisation).filter_by(project_code=OTHER_PROJECT, key="ols").one()
        theirs.aliases = []
        db.session.commit()
        user_id = make_user(None, email="other@example.org")
        db.session.add(Membership(user_id=user_id, project_code=OTHER_PROJECT, role="partner", organisation_key="ols"))
        db.session.commit()
    other = sign_in(project.test_client(), user_id)
    for query in ("v1", "siauliai", "regional+inspectorate+of+the", PROJECT):
        assert "Nothing is called" in page_text(other.get(f"/search?q={query}"))
    found = other.get("/search?q=olsztyn")
    assert PROJECT not in found.text
    assert links_of(found)["Regional Prison Inspectorate in Olsztyn"].startswith(f"/projects/{OTHER_PROJECT}/")


def test_a_stranger_and_an_administrator_find_nothing_and_a_visitor_is_asked_to_sign_in(project, client):
    assert "Nothing is called" in page_text(sign_in_as(project, None).get("/search?q=volleyball"))
    with project.app_context():
        admin = make_user(None, email="admin@example.org", admin=True)
    found = sign_in(project.test_client(), admin).get("/search?q=volleyball")
    assert "Nothing is called" in page_text(found)
    assert client.get("/search?q=volleyball").status_code == 302


def test_the_field_in_the_top_bar_is_labelled_and_only_there_for_who_has_signed_in(project, client):
    page = read_page(sign_in_as(project, Role.VIEWER).get(f"/projects/{PROJECT}/"))
    [form] = find_all(page, "form", role="search")
    [label] = find_all(form, "label")
    [field] = find_all(form, "input")
    assert (form.attributes["action"], form.attributes["method"]) == ("/search", "get")
    assert (text_of(label), label.attributes["for"]) == ("Search your projects", field.attributes["id"])
    assert not list(find_all(read_page(client.get("/")), "form", role="search"))


def test_the_number_of_queries_does_not_grow_with_what_is_found(project):
    browser = sign_in_as(project, Role.VIEWER)
    counts = []
    for more in (0, 20):
        with project.app_context():
            for number in range(more):
                make_event(ref=f"Q{number}", title={"en": "Volleyball again"})
        with noted_queries(project) as statements:
            assert browser.get("/search?q=volleyball").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]
