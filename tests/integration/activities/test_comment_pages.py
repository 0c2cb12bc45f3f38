"""Pages of questions and answers: who may do what, what is shown, and that nothing foreign is reached."""

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.rules import Role
from portal.activities.models import Comment
from portal.activities.queries import get_thread
from portal.activities.rules.comments import Author, TopicKind
from portal.activities.services import comments as services
from portal.core.db import db
from tests.conftest import NOW
from tests.integration.pages import (
    find_all,
    links_of,
    page_text,
    read_errors,
    read_fields,
    read_page,
    read_table,
    send_form,
    text_of,
)
from tests.make import (
    OTHER_PROJECT,
    PROJECT,
    make_event,
    make_other_project,
    make_project,
    make_user,
    noted_queries,
    sign_in,
    sign_in_as,
)

BASE = f"/projects/{PROJECT}"
EVENT = f"{BASE}/events/1"
ACTIVITY = f"{BASE}/plan/activities/1.1"

# Everyone reads and asks; done is for who asked, the manager and the organisers, lps and ols.
PEOPLE = {
    "manager": (Role.MANAGER, "", 302),
    "organiser": (Role.PARTNER, "ols", 302),
    "other partner": (Role.PARTNER, "lpro", 403),
    "finance of an organiser": (Role.FINANCE, "ols", 403),
    "controller of an organiser": (Role.CONTROLLER, "ols", 403),
    "programme": (Role.PROGRAMME, "", 403),
    "researcher": (Role.RESEARCHER, "", 403),
    "auditor": (Role.AUDITOR, "", 403),
    "viewer": (Role.VIEWER, "", 403),
    "stranger": (None, "", 404),
}


@pytest.fixture
def asker(app):
    """The browser of a viewer who has asked question 1, about event 1."""
    with app.app_context():
        make_project()
        make_event(ref="W1")
        user_id = make_user(Role.VIEWER, email="asker@example.org")
        put(text="Who brings the net?", by=Author(user_id, "Asta"))
    return sign_in(app.test_client(), user_id)


def put(text: str = "Why?", by: Author | None = None, event_id: int = 1, code: str = PROJECT) -> int:
    return services.ask(code, TopicKind.EVENT, event_id, text, by=by or Author(99, "Someone else"), now=NOW)


def put_answer(question_id: int = 1, by: Author | None = None) -> int:
    return services.answer(PROJECT, question_id, "We do.", by=by or Author(98, "Jan"), now=NOW)


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Comment)) or 0


def is_done(app: Flask, question_id: int = 1) -> bool:
    with app.app_context():
        return get_thread(PROJECT, question_id).question.done_at is not None


@pytest.mark.parametrize("person", PEOPLE)
def test_every_member_asks_and_answers_and_some_call_it_done(app, asker, person):
    role, organisation, settles = PEOPLE[person]
    browser = sign_in_as(app, role, organisation)
    member = role is not None
    assert ("Mark the question as done" in page_text(browser.get(EVENT))) is (settles == 302)
    pages = (f"{BASE}/comments", f"{EVENT}/comments/new", f"{ACTIVITY}/comments/new", f"{BASE}/comments/1")
    answers = [browser.get(page, follow_redirects=True).status_code for page in pages]
    assert answers == [200 if member else 404] * 4
    for page in pages[1:]:
        assert browser.post(page, data={"text": "Words"}).status_code == (302 if member else 404)
    assert count(app) == (4 if member else 1)
    assert browser.post(f"{BASE}/comments/1/done", data={"wanted": "done"}).status_code == settles
    assert is_done(app) is (settles == 302)


def test_whoever_has_not_signed_in_is_sent_to_sign_in(client, asker):
    assert client.get(f"{BASE}/comments/1").location.startswith("/login?next=")
    assert client.post(f"{BASE}/comments/1", data={"text": "Words"}).location.startswith("/login")


def test_a_question_stands_on_the_events_page_and_leads_to_its_answer(app, asker):
    sent = send_form(asker, f"{EVENT}/comments/new", text="When do we meet?\r\nAnd where?")
    assert sent.location == f"{EVENT}#comment-2"
    [question] = find_all(read_page(asker.get(EVENT)), "article", id="comment-2")
    assert [each.children for each in find_all(question, "p", class_="words")] == [["When do we meet?\nAnd where?"]]
    organiser = sign_in_as(app, Role.PARTNER, "ols")
    answered = send_form(organiser, links_of(organiser.get(EVENT))["Answer"], text="At nine.")
    assert answered.location == f"{EVENT}#comment-3"
    assert "answers · 20 November 2026, 14:00 At nine." in page_text(asker.get(EVENT))


def test_a_question_about_an_activity_stands_on_the_activitys_page(asker):
    assert send_form(asker, f"{ACTIVITY}/comments/new", text="When?").location == f"{ACTIVITY}#comment-2"
    page = asker.get(ACTIVITY)
    assert "When?" in page_text(page)
    assert "Who brings the net?" not in page_text(page)
    assert "Who brings the net?" in page_text(asker.get(EVENT))
    assert asker.get(f"{BASE}/plan/activities/9.9/comments/new", follow_redirects=True).status_code == 404


def test_what_was_written_is_text_and_never_markup(asker):
    send_form(asker, f"{EVENT}/comments/new", text="<script>alert(1)</script> {{ 7 * 7 }} & <b>net</b>")
    for address in (EVENT, f"{BASE}/comments/2", f"{BASE}/comments", f"{BASE}/comments/2/remove"):
        page = asker.get(address, follow_redirects=True)
        assert "<script>alert" not in page.text
        assert "<b>net" not in page.text
        assert "{{ 7 * 7 }} &" in page_text(page)


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "Fill this in"), (" \r\n ", "Fill this in"), ("ą" * 4001, "4000"), ("a\x08b", "control character")],
)
def test_a_bad_text_is_refused_at_its_field_and_kept(app, asker, text, words):
    for address in (f"{EVENT}/comments/new", f"{BASE}/comments/1"):
        refused = send_form(asker, address, text=text)
        assert refused.status_code == 422
        assert words in read_errors(refused)["text"]
        [box] = find_all(read_page(refused), "textarea")
        assert text.strip() in text_of(box) or len(text) < 5
    assert count(app) == 1


def test_the_longest_text_is_stored_whole(app, asker):
    assert send_form(asker, f"{EVENT}/comments/new", text="ą" * 4000).status_code == 302
    with app.app_context():
        assert len(db.session.get(Comment, 2).text) == 4000


def test_a_double_click_asks_once_and_answers_once(app, asker):
    for address, expected in ((f"{EVENT}/comments/new", 2), (f"{BASE}/comments/1", 3)):
        page = asker.get(address, follow_redirects=True)
        fields = {**read_fields(page), "text": "Once"}
        place = page.request.full_path
        first, second = (asker.post(place, data=fields) for _ in range(2))
        assert (first.status_code, first.location) == (second.status_code, second.location)
        assert count(app) == expected


def test_the_asker_marks_the_own_question_as_done_and_opens_it_again(app, asker):
    assert "Mark the question as done" in page_text(asker.get(EVENT))
    assert asker.post(f"{BASE}/comments/1/done", data={"wanted": "done"}).location == f"{EVENT}#comment-1"
    page = page_text(asker.get(EVENT))
    assert "1 question is done" in page
    assert "marked by Someone on 20 November 2026, 14:00" in page
    assert asker.post(f"{BASE}/comments/1/done", data={"wanted": "open"}).status_code == 302
    assert not is_done(app)


def test_a_press_that_says_nothing_known_is_refused(app, asker):
    refused = asker.post(f"{BASE}/comments/1/done", data={"wanted": "gone"})
    assert refused.status_code == 422
    assert "Choose one of those offered" in page_text(refused)
    assert not is_done(app)


def test_ones_own_question_is_removed_after_a_question(app, asker):
    address = f"{BASE}/comments/1/remove"
    page = asker.get(address)
    assert "It is removed for good." in page_text(page)
    fields = read_fields(page)
    for _ in range(2):
        assert asker.post(address, data=fields).location == f"{EVENT}#comments"
    assert count(app) == 0
    assert asker.get(address).status_code == 404


def test_what_was_answered_since_stays_and_the_page_says_why(app, asker):
    address = f"{BASE}/comments/1/remove"
    fields = read_fields(asker.get(address))
    with app.app_context():
        put_answer()
    refused = asker.post(address, data=fields)
    assert refused.status_code == 409
    assert "Something has been written after this" in page_text(refused)
    assert asker.get(address).status_code == 409
    assert count(app) == 2
    assert "Remove" not in links_of(asker.get(EVENT))


def test_nobody_but_the_manager_removes_what_another_wrote(app, asker):
    address = f"{BASE}/comments/1/remove"
    for role, organisation in ((Role.PARTNER, "ols"), (Role.VIEWER, "")):
        browser = sign_in_as(app, role, organisation)
        assert [browser.get(address).status_code, browser.post(address).status_code] == [403, 403]
        assert "Remove" not in links_of(browser.get(EVENT))
    with app.app_context():
        put_answer()
    manager = sign_in_as(app, Role.MANAGER)
    assert "with its 1 answer" in page_text(manager.get(address))
    assert send_form(manager, address).status_code == 302
    assert count(app) == 0


def test_the_projects_list_shows_open_questions_and_those_done(app, asker):
    with app.app_context():
        put(text="Second?")
        put_answer(1)
        services.settle(PROJECT, 2, done=True, by=Author(99, "X"), now=NOW)
    assert read_table(asker.get(f"{BASE}/comments"), "Open questions")[1:] == [
        ["Who brings the net?", "W1 Opening workshop", "Asta", "20 November 2026, 14:00", "1"]
    ]
    done = asker.get(f"{BASE}/comments?status=done")
    assert [row[0] for row in read_table(done, "Questions that are done")[1:]] == ["Second?"]
    assert links_of(asker.get(f"{BASE}/events"))["Questions and answers"] == f"{BASE}/comments"
    assert links_of(asker.get(f"{BASE}/plan"))["Questions and answers"] == f"{BASE}/comments"


@pytest.mark.parametrize(
    ("role", "organisation", "words"),
    [
        (Role.MANAGER, "", "2 questions about what you answer for are open"),
        (Role.PARTNER, "ols", "1 question about what you answer for is open"),
        (Role.PARTNER, "lpro", "Nothing waits for you"),
    ],
)
def test_the_home_page_says_how_many_questions_wait_for_the_person(app, asker, role, organisation, words):
    send_form(asker, f"{ACTIVITY}/comments/new", text="When?")
    with app.app_context():
        services.settle(PROJECT, put(text="Done?"), done=True, by=Author(99, "X"), now=NOW)
    assert words in page_text(sign_in_as(app, role, organisation).get(f"{BASE}/"))


def test_a_list_without_questions_says_where_to_ask(app, asker):
    assert "No question is here yet" in page_text(asker.get(f"{BASE}/comments?status=done"))


def test_pages_need_as_many_queries_for_many_questions_as_for_few(app, asker):
    def needed() -> list[int]:
        numbers = []
        for address in (EVENT, f"{BASE}/comments"):
            with noted_queries(app) as statements:
                assert asker.get(address).status_code == 200
            numbers.append(len(statements))
        return numbers

    asker.get(EVENT)
    few = needed()
    with app.app_context():
        for number in range(12):
            put_answer(put(text=f"Question {number}?"))
    assert needed() == few


def test_the_list_is_paged_from_the_longest_waiting_on(app, asker):
    with app.app_context():
        for number in range(50):
            put(text=f"Question {number}?")
    first = read_table(asker.get(f"{BASE}/comments"), "Open questions")[1:]
    assert (len(first), first[0][0], first[-1][0]) == (50, "Who brings the net?", "Question 48?")
    assert [row[0] for row in read_table(asker.get(f"{BASE}/comments?page=2"), "Open")[1:]] == ["Question 49?"]
    assert len(read_table(asker.get(f"{BASE}/comments?page=99"), "Open")) == 2


def test_comments_of_another_project_are_not_there(app, asker):
    with app.app_context():
        make_other_project()
        make_event(ref="W2", project_code=OTHER_PROJECT)
        put(text="Foreign?", event_id=2, code=OTHER_PROJECT)
    manager = sign_in_as(app, Role.MANAGER)
    for address in ("/comments/2", "/comments/2/done", "/comments/2/remove", "/events/2/comments/new"):
        place = f"{BASE}{address}?form={'k' * 32}"
        answers = [manager.get(place), manager.post(place, data={"text": "Mine", "wanted": "done"})]
        assert {each.status_code for each in answers} <= {404, 405}
        assert all("Foreign?" not in each.text for each in answers)
    assert manager.get(f"/projects/{OTHER_PROJECT}/comments/2").status_code == 404
    assert count(app) == 2


def test_ids_in_the_body_lead_nowhere(app, asker):
    with app.app_context():
        make_other_project()
        make_event(ref="W2", project_code=OTHER_PROJECT)
        put(text="Foreign?", event_id=2, code=OTHER_PROJECT)
    stolen = {"question_id": "2", "event_id": "2", "activity_id": "2", "project_code": OTHER_PROJECT, "author_id": "99"}
    asked = send_form(asker, f"{EVENT}/comments/new", text="Mine?", **stolen)
    assert asked.status_code == 302
    with app.app_context():
        row = db.session.scalars(select(Comment).where(Comment.text == "Mine?")).one()
        assert (row.project_code, row.event_id, row.activity_id, row.question_id) == (PROJECT, 1, None, None)
        assert row.author_id != 99
        assert get_thread(OTHER_PROJECT, 2).answers == []


def test_an_answer_has_no_page_of_its_own(app, asker):
    with app.app_context():
        put_answer()
    assert asker.get(f"{BASE}/comments/2", follow_redirects=True).status_code == 404
    assert asker.post(f"{BASE}/comments/2", data={"text": "More"}).status_code == 404
    assert asker.post(f"{BASE}/comments/2/done", data={"wanted": "done"}).status_code == 404
    assert count(app) == 2


@pytest.mark.parametrize("language", ["en", "lt", "pl"])
def test_every_id_on_a_page_full_of_questions_is_there_once(app, asker, language):
    with app.app_context():
        put_answer()
        put_answer(put())
        services.settle(PROJECT, put(text="Third?"), done=True, by=Author(99, "X"), now=NOW)
    for address in (EVENT, f"{BASE}/comments/1"):
        page = asker.get(f"{address}?lang={language}", follow_redirects=True)
        ids = re.findall(r'\sid="([^"]+)"', page.text)
        assert sorted(ids) == sorted(set(ids))
