"""Questions and answers on events and activities. Every member of the project may ask and answer.

What was asked about an event stands on the event's page, what was asked about an activity on that of the activity.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.accounts.guard import allows, requires
from portal.accounts.rules import Permission
from portal.activities import labels, queries
from portal.activities.forms.comments import AnswerForm, QuestionForm, RemoveCommentForm, SettleForm
from portal.activities.rules.comments import Author, TopicKind, check_removal
from portal.activities.services import comments as services
from portal.core import clock
from portal.core.errors import NotAllowed
from portal.core.forms import Form
from portal.core.web.one_record import one_record
from portal.core.web.paging import page_number
from portal.projects.queries import get_project
from portal.projects.queries.plan import get_activity

bp = Blueprint("comments", __name__, url_prefix="/projects/<code>")

SETTLED = {"done": _l("The question is done."), "open": _l("The question is open again.")}


@bp.route("/comments")
@requires(Permission.READ_PROJECT)
def index(code: str) -> ResponseReturnValue:
    """List the project's open questions, or those that are done."""
    done = request.args.get("status") == "done"
    return render_template(
        "activities/comments.html",
        project=get_project(code),
        page=queries.list_questions(code, done=done, page=page_number()),
        done=done,
    )


@bp.route("/events/<int:event_id>/comments/new", methods=["GET", "POST"])
@requires(Permission.READ_PROJECT)
@one_record
def ask_about_event(code: str, event_id: int) -> ResponseReturnValue:
    """Show the form for a question about the event, or store it."""
    return _ask(queries.event_topic(queries.get_event(code, event_id)))


@bp.route("/plan/activities/<activity_number>/comments/new", methods=["GET", "POST"])
@requires(Permission.READ_PROJECT)
@one_record
def ask_about_activity(code: str, activity_number: str) -> ResponseReturnValue:
    """Show the form for a question about the activity, or store it."""
    return _ask(queries.activity_topic(get_activity(code, activity_number)))


@bp.route("/comments/<int:comment_id>", methods=["GET", "POST"])
@requires(Permission.READ_PROJECT)
@one_record
def show(code: str, comment_id: int) -> ResponseReturnValue:
    """Show one question with its answers and the form for another, or store that."""
    topic, form = _topic_of_question(code, comment_id), AnswerForm()
    text = form.text.data
    if form.accepted(lambda: services.answer(code, comment_id, text, by=_author(), now=clock.now())):
        flash(_("Your answer is stored, and a mail tells those who take part."))
        return redirect(_place(topic, form.result))
    return _page(topic, comment_id, form)


@bp.route("/comments/<int:comment_id>/done", methods=["POST"])
@requires(Permission.READ_PROJECT)
def settle(code: str, comment_id: int) -> ResponseReturnValue:
    """Mark the question as done, or open it again."""
    topic, form = _topic_of_question(code, comment_id), SettleForm()
    thread = queries.get_thread(code, comment_id)
    if not thread.is_settled_by(current_user.id, answers_for_it=allows(Permission.EDIT_EVENTS, topic.organisations)):
        raise NotAllowed("not-allowed")
    wanted = form.wanted.data
    if form.accepted(lambda: services.settle(code, comment_id, done=wanted == "done", by=_author(), now=clock.now())):
        flash(SETTLED[wanted])
        return redirect(_place(topic, comment_id))
    return _page(topic, comment_id, AnswerForm(formdata=None), refused=form)


@bp.route("/comments/<int:comment_id>/remove", methods=["GET", "POST"])
@requires(Permission.READ_PROJECT)
def remove(code: str, comment_id: int) -> ResponseReturnValue:
    """Say what will be removed, or remove it."""
    form, manager = RemoveCommentForm(), allows(Permission.EDIT_PROJECT)
    if form.accepted(
        lambda: services.remove_comment(code, comment_id, by=_author(), as_manager=manager, now=clock.now())
    ):
        flash(_("It is removed."))
        kind, topic_id = form.result
        return redirect(_place(queries.get_topic(code, TopicKind(kind), topic_id)))
    comment = queries.get_comment(code, comment_id)
    thread = queries.get_thread(code, comment.question_id or comment.id)
    if not form.errors:
        check_removal(comment.author_id, current_user.id, is_followed=thread.is_followed(comment), is_manager=manager)
    page = render_template(
        "activities/comments_remove.html",
        project=get_project(code),
        topic=queries.topic_of(comment),
        thread=thread,
        comment=comment,
        form=form,
    )
    return page, form.answer_status


def _author() -> Author:
    return Author(current_user.id, current_user.name)


def _topic_of_question(code: str, question_id: int) -> queries.Topic:
    return queries.topic_of(queries.get_thread(code, question_id).question)


def _place(topic: queries.Topic, comment_id: int | None = None) -> str:
    """Where the questions about the topic stand, at this comment or at their beginning."""
    anchor = f"comment-{comment_id}" if comment_id else "comments"
    if topic.kind == TopicKind.EVENT:
        return url_for("events.show", code=topic.project_code, event_id=topic.id, _anchor=anchor)
    return url_for("plan.activity", code=topic.project_code, activity_number=topic.label, _anchor=anchor)


def _ask(topic: queries.Topic) -> ResponseReturnValue:
    code, form = topic.project_code, QuestionForm()
    text = form.text.data
    if form.accepted(lambda: services.ask(code, topic.kind, topic.id, text, by=_author(), now=clock.now())):
        flash(_("Your question is stored, and a mail tells those who can answer it."))
        return redirect(_place(topic, form.result))
    project, back = get_project(code), _place(topic)
    return render_template(
        "activities/comments_ask.html", project=project, topic=topic, form=form, back=back
    ), form.answer_status


def _page(topic: queries.Topic, question_id: int, form: AnswerForm, refused: Form | None = None) -> ResponseReturnValue:
    return render_template(
        "activities/comments_show.html",
        project=get_project(topic.project_code),
        topic=topic,
        thread=queries.get_thread(topic.project_code, question_id),
        states=labels.QUESTION_STATES,
        form=form,
        refused=refused or form,
        back=_place(topic),
    ), (refused or form).answer_status
