"""Certificates of attendance: issuing them, handing them out, and checking one by its code."""

import io
from collections.abc import Iterator
from zipfile import ZipFile

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.accounts.guard import demand, demand_sight, public, requires
from portal.accounts.rules import Permission
from portal.activities import queries
from portal.activities.queries.certificates import (
    Reached,
    get_certificate,
    get_certificate_of,
    list_reached,
)
from portal.activities.rules.certificates import USUAL_PERCENT, check_over, check_percent, is_over, read_facts
from portal.activities.services import certificates as services
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.files.queries import read_file
from portal.core.files.rules import safe_name
from portal.core.sentences import sentence
from portal.core.web.attachments import attachment
from portal.core.web.paging import cut_page
from portal.projects.queries import get_project
from portal.projects.rules.closing import check_open
from portal.reports.documents.issuing import draw_up_certificates
from portal.reports.documents.typesetting import combine
from portal.reports.forms.certificates import IssueForm, WithdrawForm, issue_form
from portal.reports.spans import show_duration, show_from_to

bp = Blueprint("certificates", __name__)

EVENT = "/projects/<code>/events/<int:event_id>/certificates"
PDF = "application/pdf"
# What a formula begins with, and what may stand before it.
FORMULA_SIGNS = "=+-@'. \t"


@bp.route(EVENT)
@requires(Permission.SEE_PARTICIPANTS)
def index(code: str, event_id: int) -> ResponseReturnValue:
    """Show who reaches a certificate from the threshold that the address names, and who has one."""
    event = _seen_event(code, event_id)
    percent = _number(request.args["percent"]) if "percent" in request.args else USUAL_PERCENT
    problem, reached = "", None
    try:
        reached = list_reached(event, percent)
    except InvalidInput as error:
        problem, reached = sentence(error.problem), list_reached(event, USUAL_PERCENT)
    form = _form(event, reached)
    return _page(event, reached, form, problem), InvalidInput.status if problem else form.answer_status


@bp.route(f"{EVENT}/issue", methods=["POST"])
@requires(Permission.EDIT_EVENTS)
def issue(code: str, event_id: int) -> ResponseReturnValue:
    """Issue the certificates that the page has shown; show it again where they are not the same any more."""
    event = queries.get_event(code, event_id)
    demand(Permission.EDIT_EVENTS, event.organiser_keys)
    form = _form(event, list_reached(event, USUAL_PERCENT))
    if form.accepted(lambda: _issue(code, event_id, form)):
        flash(ngettext("%(num)s certificate is issued.", "%(num)s certificates are issued.", form.result))
        return redirect(url_for(".index", code=code, event_id=event_id, percent=form.percent.data))
    event = queries.get_event(code, event_id)
    percent = form.percent.data
    reached = list_reached(event, percent if percent in range(1, 101) else USUAL_PERCENT)
    form.reopen(reached.percent, len(reached.due))
    return _page(event, reached, form), form.answer_status


@bp.route(f"{EVENT}/<int:participation_id>.pdf")
@requires(Permission.SEE_PARTICIPANTS)
def download(code: str, event_id: int, participation_id: int) -> ResponseReturnValue:
    """Hand out the certificate of one person as it was issued."""
    _seen_event(code, event_id)
    row = get_certificate_of(event_id, participation_id)
    return _file(row.sha256, row.code, is_erased=row.participation.anonymised_at is not None)


@bp.route(f"{EVENT}.pdf")
@requires(Permission.SEE_PARTICIPANTS)
def combined(code: str, event_id: int) -> ResponseReturnValue:
    """Hand out all certificates of the event as one file to print, by name."""
    event = _seen_event(code, event_id)
    content = combine([content for _, content in _issued(event)])
    return attachment(content, name=f"{code}-{event.ref}-certificates.pdf", media_type=PDF)


@bp.route(f"{EVENT}.zip")
@requires(Permission.SEE_PARTICIPANTS)
def archive(code: str, event_id: int) -> ResponseReturnValue:
    """Hand out all certificates of the event as they were issued, each a file under the person's name."""
    event = _seen_event(code, event_id)
    packed = io.BytesIO()
    with ZipFile(packed, "w") as target:
        for number, (name, content) in enumerate(_issued(event), start=1):
            target.writestr(_file_name(number, name), content)
    name = f"{code}-{event.ref}-certificates.zip"
    return attachment(packed.getvalue(), name=name, media_type="application/zip")


@bp.route(f"{EVENT}/<int:participation_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
def withdraw(code: str, event_id: int, participation_id: int) -> ResponseReturnValue:
    """Say what taking the certificate back means, or take it back."""
    event, form = queries.get_event(code, event_id), WithdrawForm()
    demand(Permission.EDIT_EVENTS, event.organiser_keys)
    if form.accepted(lambda: services.withdraw_certificate(event_id, participation_id, now=clock.now())):
        flash(_("The certificate is taken back."))
        return redirect(url_for(".index", code=code, event_id=event_id))
    row = get_certificate_of(event_id, participation_id)
    page = render_template(
        "reports/certificates_withdraw.html", project=get_project(code), event=event, certificate=row, form=form
    )
    return page, form.answer_status


@bp.route("/certificate/<certificate_code>")
@public
def verify(certificate_code: str) -> ResponseReturnValue:
    """Say what the certificate with this code says, as it was issued; whom it names only while the name is kept."""
    row = get_certificate(certificate_code)
    event, says = row.participation.event, read_facts(row.facts)
    page = render_template(
        "reports/certificates_verify.html",
        certificate=row,
        name="" if row.participation.anonymised_at else row.name,
        says=says,
        event=event,
        project=get_project(event.project_code),
        days=show_from_to(says.first_day, says.last_day),
        attended=show_duration(row.minutes),
        whole=show_duration(row.of_minutes),
    )
    return _unlisted(make_response(page))


@bp.route("/certificate/<certificate_code>.pdf")
@public
def own(certificate_code: str) -> ResponseReturnValue:
    """Hand out the certificate to whoever knows its code."""
    row = get_certificate(certificate_code)
    is_erased = row.participation.anonymised_at is not None
    return _unlisted(_file(row.sha256, row.code, is_erased=is_erased))


def _seen_event(code: str, event_id: int) -> queries.EventRow:
    event = queries.get_event(code, event_id)
    demand_sight(Permission.SEE_PARTICIPANTS, event.organiser_keys)
    return event


def _form(event: queries.EventRow, reached: Reached) -> IssueForm:
    return issue_form(event, reached.percent, len(reached.due))


def _address_of(certificate_code: str) -> str:
    """Where the certificate is checked, as people reach the portal from outside."""
    path = url_for("certificates.verify", certificate_code=certificate_code)
    return f"{current_app.config['BASE_URL'].rstrip('/')}{path}"


def _issue(code: str, event_id: int, form: IssueForm) -> int:
    """Draw up what the page has shown and issue it; whoever sends the same form meanwhile waits for it."""
    now, percent = clock.now(), check_percent(form.percent.data)
    event = queries.get_event(code, event_id)
    reached = list_reached(event, percent)
    check_over(event.status, ends_at=event.ends_at, now=now)
    check_open(get_project(code).status)
    if len(reached.due) != form.people.data:
        raise Conflict("certificates-changed")
    drafts = draw_up_certificates(get_project(code), event, reached, form.languages, address_of=_address_of, now=now)
    return services.issue_certificates(event_id, drafts, percent=percent, now=now)


def _page(event: queries.EventRow, reached: Reached, form: IssueForm, problem: str = "") -> str:
    return render_template(
        "reports/certificates_index.html",
        project=get_project(event.project_code),
        event=event,
        reached=reached,
        page=cut_page(reached.rows),
        whole=show_duration(reached.of_minutes),
        duration=show_duration,
        is_over=is_over(event.status, ends_at=event.ends_at, now=clock.now()),
        problem=problem,
        form=form,
    )


def _issued(event: queries.EventRow) -> Iterator[tuple[str, bytes]]:
    """The names and the files of the certificates that still name somebody; raise NotFound where there are none."""
    rows = list_reached(event, USUAL_PERCENT).issued
    if not rows:
        raise NotFound("certificates-none-issued")
    return ((row.person.name, read_file(row.certificate.sha256)) for row in rows if row.certificate is not None)


def _file_name(number: int, name: str) -> str:
    """The number and the person's name, without folders and without what a spreadsheet would read as a formula."""
    plain = name.replace("/", " ").replace("\\", " ").lstrip(FORMULA_SIGNS)
    return safe_name(f"{number:03d} {plain}.pdf")


def _file(sha256: str, certificate_code: str, *, is_erased: bool) -> Response:
    if is_erased:
        raise NotFound("certificate-erased")
    return attachment(read_file(sha256), name=f"{certificate_code}.pdf", media_type=PDF)


def _unlisted(response: Response) -> Response:
    """The answer, which no search engine is to keep."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
