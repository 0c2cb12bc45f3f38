"""Asking, answering, calling a question done, and taking back what was written."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.activities import mails
from portal.activities.models import Comment
from portal.activities.queries.comments import (
    Thread,
    Topic,
    get_comment,
    get_thread,
    get_topic,
    list_responsible,
    list_writers,
    topic_of,
)
from portal.activities.rules.comments import Author, TopicKind, check_removal, check_text
from portal.activities.services.trail import comment_columns, topic_subject
from portal.audit.services import record
from portal.core.db import transaction
from portal.core.errors import NotFound


def ask(project_code: str, kind: TopicKind, topic_id: int, text: str, *, by: Author, now: datetime) -> int:
    """Store a question about the project's event or activity and return its id; tell those who answer for it by mail.

    Raise InvalidInput for a text that cannot be kept, NotFound.
    """
    kept = check_text(text)
    with transaction() as session:
        topic = get_topic(project_code, kind, topic_id)
        question = _write(session, topic, kept, by=by, now=now)
        _tell(session, mails.QUESTION, question, list_responsible(topic), now)
        return question.id


def answer(project_code: str, question_id: int, text: str, *, by: Author, now: datetime) -> int:
    """Store an answer to the project's question and return its id; tell who asked, and who answered before, by mail.

    Raise InvalidInput for a text that cannot be kept, NotFound.
    """
    kept = check_text(text)
    with transaction() as session:
        thread = _lock_thread(session, project_code, question_id)
        written = _write(session, topic_of(thread.question), kept, by=by, now=now, question_id=question_id)
        _tell(session, mails.ANSWER, written, list_writers(thread), now)
        return written.id


def settle(project_code: str, question_id: int, *, done: bool, by: Author, now: datetime) -> None:
    """Mark the project's question as done, or as open again; what it is already it stays. Raise NotFound."""
    with transaction() as session:
        question = _lock_thread(session, project_code, question_id).question
        if (question.done_at is not None) == done:
            return
        question.done_at, question.done_by = (now, by.name) if done else (None, "")
        action, facts = "comment_done" if done else "comment_opened", {"question": question.id, "done": done}
        record(session, action, topic_subject(topic_of(question)), now=now, after=facts)


def remove_comment(
    project_code: str, comment_id: int, *, by: Author, as_manager: bool, now: datetime
) -> tuple[TopicKind, int]:
    """Take away a question with its answers, or one answer; return the kind and the id of what it was about.

    Raise NotAllowed for the comment of someone else unless `as_manager`, Conflict if one's own has been answered
    since, NotFound.
    """
    with transaction() as session:
        found = get_comment(project_code, comment_id)
        thread = _lock_thread(session, project_code, found.question_id or found.id)
        comment = get_comment(project_code, comment_id)
        followed = thread.is_followed(comment)
        check_removal(comment.author_id, by.id, is_followed=followed, is_manager=as_manager)
        topic = topic_of(comment)
        before = comment_columns(comment)
        if comment is thread.question and thread.answers:
            before["answers"] = len(thread.answers)
        record(session, "comment_removed", topic_subject(topic), now=now, before=before)
        session.delete(comment)
        return topic.kind, topic.id


def _write(
    session: Session, topic: Topic, text: str, *, by: Author, now: datetime, question_id: int | None = None
) -> Comment:
    about = {"event_id" if topic.kind == TopicKind.EVENT else "activity_id": topic.id}
    row = Comment(project_code=topic.project_code, question_id=question_id, text=text, written_at=now, **about)
    row.author_id, row.author = by
    session.add(row)
    session.flush()
    record(session, "comment_written", topic_subject(topic), now=now, after=comment_columns(row))
    return row


def _tell(session: Session, kind: str, comment: Comment, people: Iterable[User], now: datetime) -> None:
    for user in people:
        if user.id != comment.author_id:
            mails.send_comment(session, kind, comment, user, now=now)


def _lock_thread(session: Session, project_code: str, question_id: int) -> Thread:
    """The question with its answers, held so that nobody answers what is taken away at the same moment."""
    mine = Comment.project_code == project_code, Comment.id == question_id
    if session.scalar(select(Comment.id).where(*mine).with_for_update()) is None:
        raise NotFound("comment-unknown")
    return get_thread(project_code, question_id)
