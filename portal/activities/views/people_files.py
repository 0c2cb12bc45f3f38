"""The workbooks of who registered for an event and of who was there."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.accounts.guard import demand_sight, requires
from portal.accounts.rules import Permission
from portal.activities import queries
from portal.activities.people_workbooks import attendance_workbook, participants_workbook
from portal.activities.queries import people_files
from portal.core import clock
from portal.core.tables import XLSX
from portal.core.web.attachments import attachment
from portal.core.web.language import current_language

bp = Blueprint("people_files", __name__, url_prefix="/projects/<code>/events/<int:event_id>")


@bp.route("/participants.xlsx")
@requires(Permission.SEE_PARTICIPANTS)
def participants(code: str, event_id: int) -> ResponseReturnValue:
    """Hand out the list of the event's participants in the language of the page."""
    event = _event(code, event_id)
    people, questions = people_files.list_participants(event_id), people_files.list_questions(event_id)
    content = participants_workbook(event, people, questions, current_language(), now=clock.now())
    return attachment(content, name=f"{code}-{event.ref}-participants-{current_language()}.xlsx", media_type=XLSX)


@bp.route("/attendance.xlsx")
@requires(Permission.SEE_PARTICIPANTS)
def attendance(code: str, event_id: int) -> ResponseReturnValue:
    """Hand out the event's attendance list in the language of the page."""
    event = _event(code, event_id)
    content = attendance_workbook(event, people_files.read_attendance(event_id), current_language(), now=clock.now())
    return attachment(content, name=f"{code}-{event.ref}-attendance-{current_language()}.xlsx", media_type=XLSX)


def _event(code: str, event_id: int) -> queries.EventRow:
    event = queries.get_event(code, event_id)
    demand_sight(Permission.SEE_PARTICIPANTS, event.organiser_keys)
    return event
