"""The pages on which attendance is entered from a paper list, session by session."""

from typing import Any

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from portal.accounts.guard import demand, requires
from portal.accounts.rules import Permission
from portal.activities import labels, queries
from portal.activities.forms.headcounts import headcounts_form
from portal.activities.forms.marking import CodedWalkInForm, LinkForm, MarkForm, RestAbsentForm, SheetForm, sheet_form
from portal.activities.queries import marking as reading
from portal.activities.queries.sessions import SessionRow, list_sessions
from portal.activities.rules.marking import LINK_LASTS, asked_position, check_begun, check_markable, position_at
from portal.activities.services import checkin, marking, paper_sheets
from portal.activities.wording import difference
from portal.core import clock
from portal.core.errors import Conflict
from portal.core.sentences import sentence
from portal.core.web.formats import show_number
from portal.core.web.paging import ListPage, page_number
from portal.projects.queries import get_project, list_countries

bp = Blueprint("marking", __name__, url_prefix="/projects/<code>/events/<int:event_id>/attendance")

# A list is entered in one go; only a very long one goes over several pages.
LONGEST_PAGE = 500


@bp.route("", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
def show(code: str, event_id: int) -> ResponseReturnValue:
    """Show the list of a session in the order of its sheet, or store what was changed on it."""
    event = _own_event(code, event_id)
    here = _session(event)
    people = reading.list_people(event_id, here.position)
    page, with_minutes = _cut(people), bool(request.args.get("minutes"))
    form = sheet_form(page.rows, here.sheet_count, list_countries(code), with_minutes=with_minutes)
    if form.accepted(
        lambda: paper_sheets.save_sheet(event_id, here.position, form.draft(), now=clock.now(), by=current_user.id)
    ):
        _tell(form, {person.id for person in people})
        return redirect(_address(code, event_id, here.position))
    return render_template(
        "activities/marking_show.html",
        project=get_project(code),
        event=event,
        sessions=list_sessions(event),
        here=here,
        page=page,
        form=form,
        with_minutes=with_minutes,
        entered=sum(person.is_present for person in people),
        words=difference(sum(person.is_present for person in people), here.sheet_count),
        latest=reading.list_latest(people),
        unnamed=headcounts_form(queries.list_headcounts(event_id), event.version, (), is_read=False),
        statuses=labels.PARTICIPATION_STATUSES,
        obstacle=_obstacle(event),
    ), form.answer_status


@bp.route("/mark", methods=["POST"])
@requires(Permission.EDIT_EVENTS)
def mark(code: str, event_id: int) -> ResponseReturnValue:
    """Say of one person that they were there or not; the page's script reads how many there are now."""
    event, form = _own_event(code, event_id), MarkForm()
    here = _session(event)
    done = form.accepted(
        lambda: marking.mark(event_id, here.position, form.stated, now=clock.now(), by=current_user.id)
    )
    if request.headers.get("Accept") != "application/json":
        flash(_("Changed.") if done else " ".join(form.all_errors()), "message" if done else "error")
        return redirect(_address(code, event_id, here.position))
    entered = reading.count_present(event_id, here.position)
    words = difference(entered, here.sheet_count)
    told = jsonify(entered=show_number(entered), words=words, errors=form.all_errors())
    return told, 200 if done else form.answer_status


@bp.route("/code", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
def add_coded(code: str, event_id: int) -> ResponseReturnValue:
    """Mark a convicted person or family member who came without being on the list, without a field for a name."""
    event, form = _own_event(code, event_id), CodedWalkInForm()
    here = _session(event)
    form.offer(list_countries(code))
    if form.accepted(
        lambda: paper_sheets.add_walk_in(event_id, here.position, form.draft(), now=clock.now(), by=current_user.id)
    ):
        participant = queries.get_participation(event_id, form.result).participant
        flash(_("%(participant)s is recorded.", participant=participant))
        return redirect(_address(code, event_id, here.position))
    return render_template(
        "activities/marking_code.html", project=get_project(code), event=event, here=here, form=form
    ), form.answer_status


@bp.route("/absent", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
def rest_absent(code: str, event_id: int) -> ResponseReturnValue:
    """Say of whom it would be noted that they did not come, or note it."""
    event = _own_event(code, event_id)
    form = RestAbsentForm(data={"version": event.version})
    version = form.version.data
    if form.accepted(lambda: marking.mark_rest_absent(event_id, version=version, now=clock.now())):
        flash(ngettext("%(num)s person is marked as absent.", "%(num)s people are marked as absent.", form.result))
        return redirect(_address(code, event_id, _session(event).position))
    # What is shown now is what is confirmed next.
    event = _own_event(code, event_id)
    form.version.reopen(event.version)
    return render_template(
        "activities/marking_absent.html",
        project=get_project(code),
        event=event,
        missed=reading.list_missed(event_id),
        obstacle=_obstacle(event, is_begun=True),
        form=form,
    ), form.answer_status


@bp.route("/link", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
def link(code: str, event_id: int) -> ResponseReturnValue:
    """Show the link by which helpers mark who comes, make a new one, or end it."""
    event, form = _own_event(code, event_id), LinkForm()
    if form.accepted(lambda: _change_link(event_id, form)):
        flash(_("The link works no more.") if form.act.data == "end" else _("The link is made."))
        return redirect(url_for(".link", code=code, event_id=event_id))
    token = reading.find_link(event_id)
    path = url_for("checkin.show", token=token) if token else ""
    return render_template(
        "activities/marking_link.html",
        project=get_project(code),
        event=event,
        address=current_app.config["BASE_URL"].rstrip("/") + path if token else "",
        works_until=event.ends_at + LINK_LASTS,
        is_over=event.status == "cancelled" or clock.now() >= event.ends_at + LINK_LASTS,
        form=form,
    ), form.answer_status


def _own_event(code: str, event_id: int) -> queries.EventRow:
    event = queries.get_event(code, event_id)
    demand(Permission.EDIT_EVENTS, event.organiser_keys)
    return event


def _session(event: queries.EventRow) -> SessionRow:
    """The session that the address asks for; without one that at hand while the event lasts, else the first."""
    sessions, now = list_sessions(event), clock.now()
    usual = position_at([each.starts_at for each in sessions], now) if now < event.ends_at else 1
    return sessions[asked_position(request.args.get("session", ""), len(sessions), usual) - 1]


def _cut(people: list[reading.PersonOnSheet]) -> ListPage[reading.PersonOnSheet]:
    last = max(1, -(-len(people) // LONGEST_PAGE))
    number = min(page_number(), last)
    return ListPage(people[(number - 1) * LONGEST_PAGE : number * LONGEST_PAGE], number, last, len(people))


def _address(code: str, event_id: int, position: int) -> str:
    """The page of the session's sheet, as it was shown."""
    kept: dict[str, Any] = {name: request.args[name] for name in ("minutes", "page") if request.args.get(name)}
    return url_for(".show", code=code, event_id=event_id, session=position, **kept)


def _obstacle(event: queries.EventRow, *, is_begun: bool = False) -> str:
    """Why nobody can be marked at the event now, or not before it has begun; '' where they can."""
    try:
        check_markable(event.status, counting_date=event.counting_date, zone=event.time_zone, now=clock.now())
        if is_begun:
            check_begun(event.starts_at, now=clock.now())
    except Conflict as error:
        return sentence(error.problem)
    return ""


def _tell(form: SheetForm, known: set[int]) -> None:
    """Say what was stored of the sheet."""
    told = form.result
    flash(_("The sheet is saved.") if told["changed"] or told["walk_in"] else _("The sheet is saved as it was."))
    if told["gone"]:
        gone = ngettext(
            "%(num)s person is no longer on the list and was left out.",
            "%(num)s people are no longer on the list and were left out.",
            told["gone"],
        )
        flash(gone, "error")
    if told["walk_in"] in known:
        flash(_("The person of the last row was on the list already, and is marked there."))


def _change_link(event_id: int, form: LinkForm) -> None:
    if form.act.data == "end":
        checkin.end_link(event_id, now=clock.now())
    else:
        checkin.make_link(event_id, now=clock.now())
