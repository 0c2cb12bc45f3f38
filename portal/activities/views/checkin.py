"""The page on which a helper marks who comes, by the event's link, without an account; it names nobody."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import public
from portal.activities import queries
from portal.activities.forms.checkin import CheckinForm
from portal.activities.queries import marking as reading
from portal.activities.queries.sessions import SessionRow, list_sessions
from portal.activities.rules.marking import asked_position, check_link, position_at
from portal.activities.services import checkin
from portal.activities.views.private import keep_private
from portal.core import clock
from portal.core.searching import holds_all, search_words
from portal.core.web.formats import show_number
from portal.projects.queries import get_project
from portal.projects.rules.closing import check_open

bp = Blueprint("checkin", __name__, url_prefix="/checkin/<token>")
bp.after_request(keep_private)

# So long a phone may show the page again without asking, where the net is poor.
KEPT_SECONDS = 20


@bp.route("", methods=["GET", "POST"])
@public
def show(token: str) -> ResponseReturnValue:
    """Show who is expected, by number and initials or code, or mark one of them as there or not."""
    event = _event(token)
    event_id, here = event.id, _session(event)
    form = CheckinForm()
    if form.accepted(lambda: _mark(token, event_id, here.position, form)):
        return _answer(token, event, here, form)
    people = reading.list_people(event.id, here.position)
    words = search_words(request.args.get("q", "")[:50])
    page = render_template(
        "activities/checkin_show.html",
        event=event,
        sessions=list_sessions(event),
        here=here,
        people=[person for person in people if holds_all(words, person.short_words)],
        present=sum(person.is_present for person in people),
        total=len(people),
        said=_said_of_asked(event, people),
        searched=request.args.get("q", "")[:50],
        form=form,
    )
    answer = make_response(page, form.answer_status)
    if form.answer_status == 200:
        answer.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    return answer


def _event(token: str) -> queries.EventRow:
    """The event of the link, if it works now."""
    event = reading.get_event_of_link(token)
    check_link(
        event.status,
        counting_date=event.counting_date,
        zone=event.time_zone,
        ends_at=event.ends_at,
        now=clock.now(),
    )
    check_open(get_project(event.project_code).status)
    return event


def _session(event: queries.EventRow) -> SessionRow:
    sessions = list_sessions(event)
    usual = position_at([each.starts_at for each in sessions], clock.now())
    return sessions[asked_position(request.args.get("session", ""), len(sessions), usual) - 1]


def _mark(token: str, event_id: int, position: int, form: CheckinForm) -> bool:
    return checkin.mark_by_link(event_id, position, form.stated, token=token, now=clock.now())


def _answer(token: str, event: queries.EventRow, here: SessionRow, form: CheckinForm) -> ResponseReturnValue:
    """What the page's script reads; without a script, the page anew, at an address that no phone has kept."""
    if request.headers.get("Accept") != "application/json":
        kept: dict[str, Any] = {"person": form.ref.row, "marks": reading.count_marks(event.id)}
        if not form.result:
            kept["again"] = 1
        return redirect(url_for(".show", token=token, session=here.position, **kept))
    people = reading.list_people(event.id, here.position)
    person = next((person for person in people if person.id == form.ref.row), None)
    return jsonify(
        said=_said(event, person, is_again=not form.result),
        present=show_number(sum(person.is_present for person in people)),
        is_present=person is not None and person.is_present,
    )


def _said_of_asked(event: queries.EventRow, people: list[reading.PersonOnSheet]) -> str:
    """What was done to the person whom the address names; '' where it names none."""
    asked = request.args.get("person", "")
    person = next((person for person in people if str(person.id) == asked), None)
    return _said(event, person, is_again=bool(request.args.get("again"))) if person else ""


def _said(event: queries.EventRow, person: reading.PersonOnSheet | None, *, is_again: bool) -> str:
    """Whether the person is marked, since when, and whether that was so before."""
    if person is None:
        return str(_("Done."))
    stated: dict[str, Any] = {"number": person.number, "person": person.short}
    if not person.is_present:
        return str(_("%(number)s %(person)s: not marked any more.", **stated))
    if person.marked_at is None:
        return str(_("%(number)s %(person)s: already marked.", **stated))
    stated["time"] = f"{person.marked_at.astimezone(ZoneInfo(event.time_zone)):%H:%M}"
    if is_again:
        return str(_("%(number)s %(person)s: already marked at %(time)s.", **stated))
    return str(_("%(number)s %(person)s: marked at %(time)s.", **stated))
