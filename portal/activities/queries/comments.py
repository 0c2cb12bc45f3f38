"""Reading questions and answers: those on one event or activity, those of a project, and whom a new one concerns."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from portal.accounts.models import Membership, User
from portal.accounts.rules import Role
from portal.activities.models import Comment, Event
from portal.activities.queries.events import PAGE_SIZE, get_event
from portal.activities.rules.comments import TopicKind, may_remove, may_settle
from portal.core.db import db
from portal.core.errors import NotFound
from portal.projects.models import Activity, Organisation

# What views may call a comment without knowing the models.
CommentRow = Comment


class Topic(NamedTuple):
    """What is asked about: an event, by its reference, or an activity, by its number.

    `organisations` are the keys of those who answer for it: the event's organisers, the activity's responsible partner.
    """

    project_code: str
    kind: TopicKind
    id: int
    label: str
    title: dict[str, str]
    organisations: list[str]


class Thread(NamedTuple):
    """A question with its answers, in the order they were written."""

    question: Comment
    answers: list[Comment]

    def is_settled_by(self, reader_id: int, *, answers_for_it: bool) -> bool:
        """Whether the reader may call the question done, or open it again."""
        return may_settle(self.question.author_id, reader_id, answers_for_it=answers_for_it)

    def is_followed(self, comment: Comment) -> bool:
        """Whether something was written after the comment, so that it is part of a conversation."""
        return comment is not (self.answers[-1] if self.answers else self.question)

    def is_removed_by(self, comment: Comment, reader_id: int, *, is_manager: bool) -> bool:
        """Whether the reader may take the comment away."""
        followed = self.is_followed(comment)
        return may_remove(comment.author_id, reader_id, is_followed=followed, is_manager=is_manager)


class Talk(NamedTuple):
    """All that is asked about a topic: the open questions first, each group in the order asked."""

    topic: Topic
    open: list[Thread]
    done: list[Thread]


class QuestionRow(NamedTuple):
    """A question as the project's list shows it, and how many answers it has."""

    question: Comment
    label: str
    title: dict[str, str]
    answers: int


class QuestionPage(NamedTuple):
    """One page of a project's questions; `number` counts from 1."""

    rows: list[QuestionRow]
    total: int
    number: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // PAGE_SIZE))


def event_topic(event: Event) -> Topic:
    """The event as something that is asked about."""
    return Topic(event.project_code, TopicKind.EVENT, event.id, event.ref, event.title, event.organiser_keys)


def activity_topic(activity: Activity) -> Topic:
    """The activity as something that is asked about."""
    responsible = [activity.responsible.key] if activity.responsible else []
    code, number = activity.project_code, activity.number
    return Topic(code, TopicKind.ACTIVITY, activity.id, number, activity.title, responsible)


def get_topic(code: str, kind: TopicKind, topic_id: int) -> Topic:
    """The project's event or activity with this id; raise NotFound, also for one of another project."""
    if kind == TopicKind.EVENT:
        return event_topic(get_event(code, topic_id))
    mine = select(Activity).where(Activity.project_code == code, Activity.id == topic_id)
    activity = db.session.scalar(mine)
    if activity is None:
        raise NotFound("topic-unknown")
    return activity_topic(activity)


def topic_of(comment: Comment) -> Topic:
    """What the comment is about."""
    kind = TopicKind.ACTIVITY if comment.event_id is None else TopicKind.EVENT
    return get_topic(comment.project_code, kind, comment.event_id or comment.activity_id or 0)


def list_comments(topic: Topic) -> Talk:
    """What is asked about the topic, and what was answered."""
    mine = Comment.event_id == topic.id if topic.kind == TopicKind.EVENT else Comment.activity_id == topic.id
    rows = list(db.session.scalars(select(Comment).where(mine).order_by(Comment.id)))
    threads = {row.id: Thread(row, []) for row in rows if row.question_id is None}
    for row in rows:
        if row.question_id is not None:
            threads[row.question_id].answers.append(row)
    undone = [each for each in threads.values() if each.question.done_at is None]
    return Talk(topic, undone, [each for each in threads.values() if each.question.done_at is not None])


def get_comment(code: str, comment_id: int) -> Comment:
    """The project's question or answer with this id; raise NotFound, also for one of another project."""
    found = db.session.scalar(select(Comment).where(Comment.project_code == code, Comment.id == comment_id))
    if found is None:
        raise NotFound("comment-unknown")
    return found


def get_thread(code: str, question_id: int) -> Thread:
    """The project's question with this id and its answers; raise NotFound, also for the id of an answer."""
    question = get_comment(code, question_id)
    if question.question_id is not None:
        raise NotFound("comment-unknown")
    answers = select(Comment).where(Comment.question_id == question_id).order_by(Comment.id)
    return Thread(question, list(db.session.scalars(answers)))


def list_questions(code: str, *, done: bool, page: int = 1) -> QuestionPage:
    """A page of the project's questions: the open ones, the longest waiting first, or those done, the latest first."""
    chosen = _questions(code, done=done)
    total = db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    page = min(page, max(1, -(-total // PAGE_SIZE)))
    order = (Comment.done_at.desc(), Comment.id.desc()) if done else (Comment.id,)
    answer = aliased(Comment)
    answers = select(func.count()).where(answer.question_id == Comment.id).correlate(Comment).scalar_subquery()
    rows = db.session.execute(
        chosen.add_columns(Event.ref, Event.title, Activity.number, Activity.title, answers)
        .outerjoin(Event, Event.id == Comment.event_id)
        .outerjoin(Activity, Activity.id == Comment.activity_id)
        .order_by(*order)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    found = [
        QuestionRow(question, ref or number, title or activity_title, count)
        for question, ref, title, number, activity_title, count in rows
    ]
    return QuestionPage(found, total, page)


def count_open_questions(code: str, own: frozenset[str] | None) -> int:
    """How many of the project's questions are not done yet.

    Only those about what the organisations with the keys `own` (None: all) answer for.
    """
    chosen = _questions(code, done=False)
    if own is not None:
        events = select(Event.id).where(Event.organisers.any(Organisation.key.in_(own)))
        activities = select(Activity.id).where(Activity.responsible.has(Organisation.key.in_(own)))
        chosen = chosen.where(or_(Comment.event_id.in_(events), Comment.activity_id.in_(activities)))
    return db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0


def count_asked(code: str, author_id: int) -> int:
    """How many of the project's questions the account has asked that are not done yet."""
    mine = _questions(code, done=False).where(Comment.author_id == author_id)
    return db.session.scalar(select(func.count()).select_from(mine.subquery())) or 0


def list_responsible(topic: Topic) -> list[User]:
    """Whom a question about the topic concerns, by id: the managers, and the partners who answer for it."""
    partners = and_(Membership.role == Role.PARTNER, Membership.organisation_key.in_(topic.organisations))
    return _members(topic.project_code, or_(Membership.role == Role.MANAGER, partners))


def list_writers(thread: Thread) -> list[User]:
    """Who asked the question or has answered it, by id, as far as they are still members of the project."""
    writers = {each.author_id for each in (thread.question, *thread.answers)}
    return _members(thread.question.project_code, Membership.user_id.in_(writers))


def _members(code: str, which: ColumnElement[bool]) -> list[User]:
    """The people with an open account whose memberships of the project fit, each once."""
    theirs = select(Membership.user_id).where(Membership.project_code == code, which)
    return list(db.session.scalars(select(User).where(User.id.in_(theirs), User.is_active).order_by(User.id)))


def _questions(code: str, *, done: bool) -> Select[Comment]:
    state = Comment.done_at.is_not(None) if done else Comment.done_at.is_(None)
    return select(Comment).where(Comment.project_code == code, Comment.question_id.is_(None), state)
