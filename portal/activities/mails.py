"""The mails about questions and answers. The outbox holds which comment it is; its words are read at sending."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.activities import registration_mails
from portal.activities.models import Comment
from portal.activities.queries.comments import Topic, get_comment, topic_of
from portal.activities.rules.comments import excerpt, quoted
from portal.core.errors import NotFound
from portal.core.web.language import text_in
from portal.jobs import mail
from portal.jobs.services import send_mail

QUESTION = "comment_question"
ANSWER = "comment_answer"

TEMPLATES = {
    QUESTION: "emails/activities/question.txt",
    ANSWER: "emails/activities/answer.txt",
}


def register() -> None:
    """Make the mails about comments and about registration known to the outbox."""
    registration_mails.register()
    for kind, template in TEMPLATES.items():
        mail.register(kind, template, read=read_comment)


def send_comment(session: Session, kind: str, comment: Comment, user: User, *, now: datetime) -> None:
    """Tell the user of a question or an answer."""
    values = {
        "name": user.name,
        "project": comment.project_code,
        "question": comment.question_id or comment.id,
        "comment": comment.id,
        # A database may give the number of a removed comment to another.
        "written_at": comment.written_at.isoformat(),
    }
    send_mail(session, kind=kind, recipient=user.email, language=user.language, values=values, now=now)


def read_comment(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the mail says of its comment, in the language of the moment; empty texts if it has been removed since."""
    known = {"name": values["name"], "project": values["project"]}
    path = f"/projects/{values['project']}/comments"
    try:
        comment = get_comment(values["project"], values["comment"])
    except NotFound:
        comment = None
    if comment is None or comment.written_at.isoformat() != values["written_at"]:
        return {**known, "author": "", "topic": "", "text": "", "path": path}
    text = quoted(excerpt(comment.text))
    topic = _named(topic_of(comment))
    return {**known, "author": comment.author, "topic": topic, "text": text, "path": f"{path}/{values['question']}"}


def _named(topic: Topic) -> str:
    """The topic as a subject line names it: W1 Opening workshop."""
    return f"{topic.label} {text_in(topic.title)}"
