"""Sign-in sheets, tally sheets and the poster for registration, as PDF to print."""

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.guard import demand, requires
from portal.accounts.rules import Permission
from portal.activities import queries
from portal.activities.queries.sessions import list_sessions
from portal.core import clock
from portal.core.web.attachments import attachment
from portal.projects.queries import get_project
from portal.reports.documents.poster import poster_pdf
from portal.reports.documents.sheets import sheets_pdf
from portal.reports.forms.sheets import sheets_form, usual_languages
from portal.reports.queries.sheets import find_desk, get_desk, list_signers

bp = Blueprint("sheets", __name__, url_prefix="/projects/<code>/events/<int:event_id>/sheets")


@bp.route("", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
def index(code: str, event_id: int) -> ResponseReturnValue:
    """Ask which sheets are to be printed, or hand them out."""
    event = _own_event(code, event_id)
    sessions, people = list_sessions(event), list_signers(event_id)
    form = sheets_form(event, sessions, is_sensitive=queries.is_sensitive(event_id))
    # Nothing is stored: the same sheets can be printed as often as they are needed.
    if form.tried(lambda: None):
        addresses = {each.position: _entry_address(code, event_id, each.position) for each in sessions}
        pdf = sheets_pdf(get_project(code), event, form.order(sessions, addresses), people, now=clock.now())
        name = f"{code}-{event.ref}-{form.kind.data}-{'-'.join(form.languages)}.pdf"
        return attachment(pdf, name=name, media_type="application/pdf")
    page = render_template(
        "reports/sheets_index.html",
        project=get_project(code),
        event=event,
        form=form,
        named=sum(not each.is_coded for each in people),
        coded=sum(each.is_coded for each in people),
        has_desk=find_desk(event_id) is not None,
    )
    return page, form.answer_status


@bp.route("/poster.pdf")
@requires(Permission.EDIT_EVENTS)
def poster(code: str, event_id: int) -> ResponseReturnValue:
    """A poster with the address at which people register, and its QR code."""
    event = _own_event(code, event_id)
    desk = get_desk(event_id)
    languages = [language for language in usual_languages(event) if language]
    address = _outside(url_for("registration.register", token=desk.token))
    pdf = poster_pdf(get_project(code), event, languages, address, closes_at=desk.closes_at, now=clock.now())
    return attachment(pdf, name=f"{code}-{event.ref}-poster.pdf", media_type="application/pdf")


def _own_event(code: str, event_id: int) -> queries.EventRow:
    event = queries.get_event(code, event_id)
    demand(Permission.EDIT_EVENTS, event.organiser_keys)
    return event


def _entry_address(code: str, event_id: int, position: int) -> str:
    """Where the attendance of the session is entered."""
    return _outside(url_for("marking.show", code=code, event_id=event_id, session=position))


def _outside(path: str) -> str:
    """The whole address, as people reach the portal from outside."""
    return f"{current_app.config['BASE_URL'].rstrip('/')}{path}"
