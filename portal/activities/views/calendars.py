"""Calendar files of an event and of a project."""

from collections.abc import Callable, Sequence

from flask import Blueprint, Response, current_app, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.guard import public, requires
from portal.accounts.rules import Permission
from portal.activities import queries
from portal.activities.calendars import Source, calendar_file
from portal.activities.queries.calendars import list_for_calendar
from portal.activities.queries.registrations import get_desk, list_standings
from portal.activities.queries.sessions import list_sessions_of
from portal.activities.rules.events import EventStatus
from portal.core import clock
from portal.core.web.attachments import attachment
from portal.core.web.headers import same_for_all
from portal.core.web.language import LANGUAGES, current_language, speaking, text_in
from portal.projects.queries import get_project, get_published_project

bp = Blueprint("calendars", __name__)

CALENDAR = "text/calendar"


@bp.route("/projects/<code>/events/<int:event_id>/event.ics")
@requires(Permission.READ_PROJECT)
def event(code: str, event_id: int) -> ResponseReturnValue:
    """One event for the calendar of a member; of one that was called off, what takes it out again."""
    return _of_one(queries.get_event(code, event_id), _page_of)


@bp.route("/projects/<code>/events.ics")
@requires(Permission.READ_PROJECT)
def members(code: str) -> ResponseReturnValue:
    """The project's events for its members: all to come, and those that ended within the last year."""
    project = get_project(code)
    return _file(list_for_calendar(code, now=clock.now()), f"{code} {text_in(project.title)}", code, _page_of)


@bp.route("/public/<code>/events.ics")
@public
@same_for_all
def everyone(code: str) -> ResponseReturnValue:
    """The project's public events to subscribe to, as `members`, in the language that the address names, if any.

    An entry leads to where one can register for the event, else to the project.

    It is not kept as the language of whoever asks: this answer is the same for all.
    """
    project = get_published_project(code)
    now, elsewhere = clock.now(), _absolute(url_for("public.show", code=code))
    events = list_for_calendar(code, now=now, public=True)
    desks = list_standings(code, [each.id for each in events if each.starts_at > now], now).items()
    tokens = {event_id: standing.desk.token for event_id, standing in desks if standing.state == "open"}
    pages = {each: _absolute(url_for("registration.register", token=token)) for each, token in tokens.items()}
    asked = request.args.get("language", "")
    with speaking(asked if asked in LANGUAGES else current_language()):
        return _file(events, f"{code} {text_in(project.title)}", code, lambda each: pages.get(each.id, elsewhere))


@bp.route("/register/<token>/event.ics")
@public
def invited(token: str) -> ResponseReturnValue:
    """One event for whoever has the link to register for it."""
    address = _absolute(url_for("registration.register", token=token))
    answer = _of_one(get_desk(token).event, lambda each: address)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _of_one(event: queries.EventRow, address: Callable[[queries.EventRow], str]) -> Response:
    cancels = event.status == EventStatus.CANCELLED
    return _file([event], text_in(event.title), f"{event.project_code}-{event.id}", address, cancels=cancels)


def _file(
    events: Sequence[queries.EventRow],
    name: str,
    filename: str,
    address: Callable[[queries.EventRow], str],
    *,
    cancels: bool = False,
) -> Response:
    sessions = list_sessions_of(events)
    source = Source(name, events, sessions, address, current_app.config["MAIL_FROM"])
    answer = attachment(calendar_file(source, cancels=cancels), name=f"{filename}.ics", media_type=CALENDAR)
    # What everyone may keep gets a mark of its content, which is read for it.
    answer.direct_passthrough = False
    return answer


def _page_of(event: queries.EventRow) -> str:
    return _absolute(url_for("events.show", code=event.project_code, event_id=event.id))


def _absolute(path: str) -> str:
    """The address as people outside reach it, whatever name this request came by."""
    base: str = current_app.config["BASE_URL"]
    return base.rstrip("/") + path
