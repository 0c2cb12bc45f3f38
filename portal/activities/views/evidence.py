"""Pages of evidence: attaching files to an event, handing them out, taking them off."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.accounts.guard import demand, demand_sight, requires
from portal.accounts.rules import Permission
from portal.activities import labels, queries
from portal.activities.forms import RemoveForm, evidence_form
from portal.activities.services import evidence as services
from portal.core import clock
from portal.core.errors import NotFound
from portal.core.files.queries import read_file
from portal.core.files.rules import LABELS, MEGABYTE, MOST_BYTES, MOST_FILES, shared_name
from portal.core.web.attachments import attachment
from portal.core.web.uploads import takes_files
from portal.projects.queries import get_project

bp = Blueprint("evidence", __name__, url_prefix="/projects/<code>/events/<int:event_id>/evidence")


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
@takes_files
def add(code: str, event_id: int) -> ResponseReturnValue:
    """Show the form for files, or attach them; one that is refused keeps all of them out."""
    event = _own_event(code, event_id)
    form = evidence_form(sensitive=queries.is_sensitive(event_id), wanted=request.args.get("kind", ""))
    no_names = bool(form.no_names.data)
    if form.accepted(
        lambda: services.add_evidence(event_id, form.kind.data, form.kept, now=clock.now(), no_names=no_names)
    ):
        flash(ngettext("%(num)s new file is attached.", "%(num)s new files are attached.", form.result))
        return redirect(url_for("events.show", code=code, event_id=event_id, _anchor="evidence"))
    limits = {"types": LABELS, "most": MOST_FILES, "limit": MOST_BYTES // MEGABYTE}
    page = render_template("activities/evidence.html", project=get_project(code), event=event, form=form, **limits)
    return page, form.answer_status


@bp.route("/<int:evidence_id>")
@requires(Permission.SEE_PARTICIPANTS)
def original(code: str, event_id: int, evidence_id: int) -> ResponseReturnValue:
    """Hand out the file as it was sent."""
    item = _seen_evidence(code, event_id, evidence_id)
    return attachment(read_file(item.row.sha256), name=item.row.filename, media_type=item.file.media_type)


@bp.route("/<int:evidence_id>/shared")
@requires(Permission.SEE_PARTICIPANTS)
def shared(code: str, event_id: int, evidence_id: int) -> ResponseReturnValue:
    """Hand out the copy of a photo that does not say where and with which camera it was taken."""
    item = _seen_evidence(code, event_id, evidence_id)
    if item.row.shared_sha256 is None:
        raise NotFound("evidence-unknown")
    name = shared_name(item.row.filename)
    return attachment(read_file(item.row.shared_sha256), name=name, media_type=item.file.media_type)


@bp.route("/<int:evidence_id>/remove", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
def remove(code: str, event_id: int, evidence_id: int) -> ResponseReturnValue:
    """Say what will be taken off the event, or take it off."""
    event, form = _own_event(code, event_id), RemoveForm()
    if form.accepted(lambda: services.remove_evidence(evidence_id, event_id=event_id, now=clock.now())):
        flash(_("The file is taken off the event."))
        return redirect(url_for("events.show", code=code, event_id=event_id, _anchor="evidence"))
    page = render_template(
        "activities/evidence_remove.html",
        project=get_project(code),
        event=event,
        item=queries.get_evidence(event_id, evidence_id),
        kinds=labels.EVIDENCE_KINDS,
        form=form,
    )
    return page, form.answer_status


def _own_event(code: str, event_id: int) -> queries.EventRow:
    event = queries.get_event(code, event_id)
    demand(Permission.EDIT_EVENTS, event.organiser_keys)
    return event


def _seen_evidence(code: str, event_id: int, evidence_id: int) -> queries.EvidenceItem:
    event = queries.get_event(code, event_id)
    demand_sight(Permission.SEE_PARTICIPANTS, event.organiser_keys)
    return queries.get_evidence(event_id, evidence_id)
