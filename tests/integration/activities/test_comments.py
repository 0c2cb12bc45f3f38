"""Asking, answering, done and removed: what is stored, whom a mail tells, and what the audit keeps."""

from typing import Any

import pytest
from sqlalchemy import func, select, update

from portal.accounts.models import Membership, User
from portal.accounts.rules import Role
from portal.activities.models import Comment
from portal.activities.queries import (
    activity_topic,
    count_open_questions,
    event_topic,
    get_event,
    list_comments,
    list_questions,
)
from portal.activities.rules.comments import Author, TopicKind
from portal.activities.services import comments as services
from portal.audit.models import AuditEntry
from portal.core.db import db, transaction
from portal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from portal.jobs import mail
from portal.jobs.delivery import deliver
from portal.jobs.models import Mail
from portal.projects.models import Activity, Organisation
from portal.projects.queries.plan import get_activity
from tests.conftest import NOW
from tests.integration.jobs.post_office import open_post_office
from tests.make import OTHER_PROJECT, PROJECT, make_event, make_other_project, make_project, make_user

pytestmark = pytest.mark.usefixtures("in_app")

EVENT, ACTIVITY = TopicKind.EVENT, TopicKind.ACTIVITY


@pytest.fixture(autouse=True)
def people(in_app) -> dict[str, Author]:
    """The people of these tests; the event is organised by lps and ols."""
    make_project()
    make_event(ref="W1")
    held = {
        "manager": (Role.MANAGER, ""),
        "lps": (Role.PARTNER, "lps"),
        "ols": (Role.PARTNER, "ols"),
        "lpro": (Role.PARTNER, "lpro"),
        "finance": (Role.FINANCE, "lps"),
        "viewer": (Role.VIEWER, ""),
    }
    return {name: author(name, *role) for name, role in held.items()}


def author(name: str, role: Role | None, organisation: str = "") -> Author:
    return Author(make_user(role, organisation, email=f"{name}@example.org"), name)


def ask(by: Author, text: str = "Who brings the net?", event_id: int = 1) -> int:
    return services.ask(PROJECT, EVENT, event_id, text, by=by, now=NOW)


def answer(question_id: int, by: Author, text: str = "We do.") -> int:
    return services.answer(PROJECT, question_id, text, by=by, now=NOW)


def remove(comment_id: int, by: Author, *, as_manager: bool = False) -> Any:
    return services.remove_comment(PROJECT, comment_id, by=by, as_manager=as_manager, now=NOW)


def said(event_id: int = 1) -> list[tuple[str, list[str]]]:
    """The open questions about the event with their answers."""
    talk = list_comments(event_topic(get_event(PROJECT, event_id)))
    return [(each.question.text, [row.text for row in each.answers]) for each in talk.open]


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Comment)) or 0


def told() -> list[tuple[str, str]]:
    """The kind and the recipient, before the @, of the mails in the outbox, in order."""
    rows = db.session.execute(select(Mail.kind, Mail.recipient).order_by(Mail.id))
    return [(kind.removeprefix("comment_"), recipient.partition("@")[0]) for kind, recipient in rows]


def letters() -> list[mail.Letter]:
    rows = db.session.scalars(select(Mail).order_by(Mail.id))
    return [mail.render(each.kind, each.language, each.values) for each in rows]


def entries() -> list[tuple[str, str, int, dict[str, Any]]]:
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("comment")).order_by(AuditEntry.id))
    return [(row.action, row.subject_kind, row.subject_id, row.changes) for row in rows]


def test_questions_stand_in_the_order_asked_with_their_answers(people):
    first, second = ask(people["viewer"], "One?"), ask(people["lpro"], "Two?")
    answer(second, people["ols"], "Two.")
    answer(first, people["ols"], "One.")
    answer(second, people["lpro"], "Thanks.")
    assert said() == [("One?", ["One."]), ("Two?", ["Two.", "Thanks."])]


def test_a_comment_keeps_who_wrote_it_by_the_name_of_that_moment(people):
    row = db.session.get(Comment, ask(people["viewer"]))
    assert (row.author_id, row.author, row.written_at) == (*people["viewer"], NOW)
    assert (row.event_id, row.activity_id, row.question_id, row.done_at) == (1, None, None, None)


@pytest.mark.parametrize(("text", "code"), [("  ", "comment-missing"), ("a" * 4001, "text-too-long")])
def test_what_cannot_be_kept_stores_nothing_and_tells_nobody(people, text, code):
    question = ask(people["viewer"])
    before = told()
    for act in (lambda: ask(people["lps"], text), lambda: answer(question, people["lps"], text)):
        with pytest.raises(InvalidInput) as refusal:
            act()
        assert refusal.value.problem.code == code
    assert (count(), told()) == (1, before)


def test_a_question_is_done_and_open_again_and_what_it_is_it_stays(people):
    question = ask(people["viewer"])
    for done in (True, True):
        services.settle(PROJECT, question, done=done, by=people["ols"], now=NOW)
    row = db.session.get(Comment, question)
    assert (row.done_at, row.done_by, said()) == (NOW, "ols", [])
    assert len(list_comments(event_topic(get_event(PROJECT, 1))).done) == 1
    services.settle(PROJECT, question, done=False, by=people["viewer"], now=NOW)
    assert (row.done_at, row.done_by, len(said())) == (None, "", 1)
    assert [action for action, *_ in entries()] == ["comment_written", "comment_done", "comment_opened"]


def test_a_done_question_takes_a_late_answer_and_stays_done(people):
    question = ask(people["viewer"])
    services.settle(PROJECT, question, done=True, by=people["viewer"], now=NOW)
    answer(question, people["ols"])
    [thread] = list_comments(event_topic(get_event(PROJECT, 1))).done
    assert len(thread.answers) == 1


# Notifications


def test_a_question_tells_the_organisers_and_the_managers_and_nobody_else(people):
    ask(people["viewer"])
    assert told() == [("question", "manager"), ("question", "lps"), ("question", "ols")]


def test_the_author_is_not_told_and_a_closed_account_neither(people):
    db.session.execute(update(User).where(User.id == people["ols"].id).values(is_active=False))
    db.session.commit()
    ask(people["manager"])
    assert told() == [("question", "lps")]


def test_who_holds_two_roles_is_told_once(people):
    with transaction() as session:
        row = Membership(user_id=people["lps"].id, project_code=PROJECT, role=Role.PARTNER, organisation_key="ols")
        session.add(row)
        session.add(Membership(user_id=people["lps"].id, project_code=PROJECT, role=Role.MANAGER))
    ask(people["viewer"])
    assert told().count(("question", "lps")) == 1


def test_an_answer_tells_who_asked_and_who_answered_before(people):
    question = ask(people["viewer"])
    asked = len(told())
    answer(question, people["lpro"])
    answer(question, people["ols"])
    answer(question, people["viewer"])
    assert told()[asked:] == [
        ("answer", "viewer"),
        ("answer", "lpro"),
        ("answer", "viewer"),
        ("answer", "ols"),
        ("answer", "lpro"),
    ]


def test_who_has_left_the_project_is_not_told_of_answers(people):
    question = ask(people["viewer"])
    asked = len(told())
    with transaction() as session:
        session.delete(session.scalars(select(Membership).where(Membership.user_id == people["viewer"].id)).one())
    answer(question, people["lps"])
    assert told()[asked:] == []


def test_a_question_about_an_activity_tells_its_responsible_partner(people):
    activity = get_activity(PROJECT, "1.1")
    services.ask(PROJECT, ACTIVITY, activity.id, "When does it begin?", by=people["viewer"], now=NOW)
    assert told() == [("question", "manager")]
    with transaction() as session:
        lpro = session.scalars(
            select(Organisation).where(Organisation.project_code == PROJECT, Organisation.key == "lpro")
        ).one()
        session.get_one(Activity, activity.id).responsible = lpro
    services.ask(PROJECT, ACTIVITY, activity.id, "And when does it end?", by=people["viewer"], now=NOW)
    counted = [count_open_questions(PROJECT, own) for own in (None, frozenset({"lpro"}), frozenset({"lps"}))]
    assert counted == [2, 2, 0]
    assert told()[1:] == [("question", "manager"), ("question", "lpro")]
    assert len(list_comments(activity_topic(get_activity(PROJECT, "1.1"))).open) == 2
    assert said() == []


def test_done_tells_nobody(people):
    question = ask(people["viewer"])
    asked = told()
    services.settle(PROJECT, question, done=True, by=people["manager"], now=NOW)
    assert told() == asked


def test_a_mail_says_who_asks_about_what_and_quotes_the_beginning_in_the_recipients_language(people):
    db.session.execute(update(User).values(language="lt"))
    db.session.commit()
    ask(people["viewer"], "Kas atneš tinklą?\nhttps://example.org/\n" + "x" * 500)
    letter = letters()[0]
    assert "W1 Opening workshop" in letter.subject
    assert "\n> Kas atneš tinklą?\n> https://example.org/\n" in letter.text
    assert "x" * 460 in letter.text
    assert "x" * 470 not in letter.text
    assert "http://127.0.0.1:5000/projects/LTPL00388/comments/1\n" in letter.text


def test_the_outbox_holds_no_word_of_what_was_written(people):
    ask(people["viewer"], "A secret of the project")
    [values] = {str(row) for row in db.session.scalars(select(Mail.values)) if row["name"]}
    assert "secret" not in values


def test_a_mail_leaves_with_the_words_read_at_that_moment(in_app, people, monkeypatch):
    ask(people["viewer"], "Ką pasiima žiūrovai?")
    with open_post_office() as office:
        monkeypatch.setitem(in_app.config, "SMTP", office.address)
        deliver(1, now=NOW)
    [letter] = office.letters
    assert letter["To"] == "manager@example.org"
    assert "> Ką pasiima žiūrovai?" in letter.get_content()
    assert db.session.get(Mail, 1).state == "sent"


def test_in_production_administrators_do_not_read_what_members_wrote(in_app, people, monkeypatch):
    ask(people["viewer"], "A secret of the project")
    row = db.session.scalars(select(Mail)).first()
    assert "secret" in mail.preview(row.kind, "en", row.values).text
    monkeypatch.setitem(in_app.config, "PRODUCTION", True)
    shown = mail.preview(row.kind, "en", row.values)
    assert "belongs to a project" in shown.text
    assert "secret" not in shown.text
    assert "Opening workshop" not in "".join(shown)


def test_a_mail_whose_comment_is_gone_does_not_repeat_it_nor_what_took_its_number(people):
    question = ask(people["viewer"], "A hasty word")
    row = db.session.scalars(select(Mail)).first()
    values = dict(row.values)
    remove(question, people["viewer"])
    assert "has been removed" in mail.render(row.kind, "en", values).subject
    later = services.ask(PROJECT, EVENT, 1, "Other words", by=people["lpro"], now=NOW.replace(hour=13))
    letter = mail.render(row.kind, "en", {**values, "comment": later})
    assert "Other words" not in letter.text


# Removing


def test_ones_own_words_can_be_taken_back_until_something_follows(people):
    question = ask(people["viewer"])
    reply = answer(question, people["ols"])
    with pytest.raises(Conflict) as refusal:
        remove(question, people["viewer"])
    assert refusal.value.problem.code == "comment-answered"
    assert remove(reply, people["ols"]) == (EVENT, 1)
    remove(question, people["viewer"])
    assert count() == 0


def test_an_answer_that_was_answered_stays(people):
    question = ask(people["viewer"])
    first = answer(question, people["ols"])
    answer(question, people["viewer"], "Thank you.")
    with pytest.raises(Conflict):
        remove(first, people["ols"])


def test_another_persons_words_stay_but_for_the_manager(people):
    question = ask(people["viewer"])
    answer(question, people["ols"])
    with pytest.raises(NotAllowed):
        remove(question, people["lps"])
    assert count() == 2
    remove(question, people["manager"], as_manager=True)
    assert count() == 0


# Isolation


def test_nothing_reaches_into_another_project(people):
    make_other_project()
    foreign_event = make_event(ref="W2", project_code=OTHER_PROJECT)
    foreign_activity = get_activity(OTHER_PROJECT, "1.1").id
    foreign = services.ask(OTHER_PROJECT, EVENT, foreign_event, "Foreign?", by=Author(99, "Foreign"), now=NOW)
    by = people["manager"]
    for act in (
        lambda: services.ask(PROJECT, EVENT, foreign_event, "Mine?", by=by, now=NOW),
        lambda: services.ask(PROJECT, ACTIVITY, foreign_activity, "Mine?", by=by, now=NOW),
        lambda: services.answer(PROJECT, foreign, "Mine.", by=by, now=NOW),
        lambda: services.settle(PROJECT, foreign, done=True, by=by, now=NOW),
        lambda: remove(foreign, by, as_manager=True),
    ):
        with pytest.raises(NotFound):
            act()
    assert count() == 1
    assert db.session.get(Comment, foreign).done_at is None
    assert list_questions(PROJECT, done=False).rows == []


def test_an_answer_cannot_be_answered_nor_done(people):
    reply = answer(ask(people["viewer"]), people["ols"])
    for act in (
        lambda: answer(reply, people["viewer"]),
        lambda: services.settle(PROJECT, reply, done=True, by=people["manager"], now=NOW),
    ):
        with pytest.raises(NotFound):
            act()
    assert count() == 2


# Audit


def test_the_audit_keeps_that_something_was_written_and_never_the_words(people):
    question = ask(people["viewer"], "A secret")
    reply = answer(question, people["ols"], "Another secret")
    remove(question, people["manager"], as_manager=True)
    changed = ["changed", "changed"]
    assert entries() == [
        ("comment_written", "event", 1, {"question": [None, question], "comment": changed}),
        ("comment_written", "event", 1, {"question": [None, question], "answer": [None, reply], "comment": changed}),
        ("comment_removed", "event", 1, {"question": [question, None], "comment": changed, "answers": [1, None]}),
    ]


def test_the_audit_of_an_activity_names_the_activity(people):
    activity = get_activity(PROJECT, "2.4")
    services.ask(PROJECT, ACTIVITY, activity.id, "When?", by=people["viewer"], now=NOW)
    row = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (row.subject_kind, row.subject_id, row.subject, row.project_code) == (
        "activity",
        activity.id,
        "2.4",
        PROJECT,
    )
