"""The administrator's pages of mails and jobs: what waits, what failed, and doing it again."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from portal.accounts.guard import admin_only
from portal.accounts.labels import MAILS
from portal.accounts.services import outbox as services
from portal.core import clock
from portal.core.forms import Form
from portal.core.web.paging import page_number
from portal.jobs import labels, queries
from portal.jobs.mail import Outdated, preview
from portal.jobs.rules import masked

bp = Blueprint("admin_outbox", __name__, url_prefix="/admin")


@bp.route("/outbox")
@admin_only
def outbox() -> ResponseReturnValue:
    """List the mails, those in the state that the address names."""
    state = request.args.get("state", "")
    return render_template(
        "accounts/outbox.html",
        page=queries.list_mails(state, page_number()),
        state=state,
        states=labels.MAIL_STATES,
        kinds=MAILS,
        masked=masked,
        form=Form(formdata=None),
        delivers=current_app.config["SMTP"] is not None,
    )


@bp.route("/outbox/<int:mail_id>")
@admin_only
def mail(mail_id: int) -> ResponseReturnValue:
    """Show one mail: its state and, while it is kept, its text."""
    row = queries.get_mail(mail_id)
    letter, is_outdated = None, False
    try:
        letter = preview(row.kind, row.language, row.values)
    except Outdated:
        is_outdated = True
    return render_template(
        "accounts/outbox_mail.html",
        mail=row,
        recipient=masked(row.recipient),
        letter=letter,
        is_outdated=is_outdated,
        states=labels.MAIL_STATES,
        form=Form(formdata=None),
        delivers=current_app.config["SMTP"] is not None,
    )


@bp.route("/outbox/<int:mail_id>/resend", methods=["POST"])
@admin_only
def resend(mail_id: int) -> ResponseReturnValue:
    """Let the mail be sent again; say on its page why not, where it cannot be."""
    queries.get_mail(mail_id)
    form = Form()
    if form.accepted(lambda: services.send_again(mail_id, now=clock.now())):
        flash(_("The mail is on its way again."))
    _flash_errors(form)
    return redirect(url_for(".mail", mail_id=mail_id))


@bp.route("/outbox/test", methods=["POST"])
@admin_only
def test() -> ResponseReturnValue:
    """Send a mail to oneself, to see whether mails arrive."""
    form, user_id = Form(), current_user.id
    if form.accepted(lambda: services.send_test(user_id, now=clock.now())):
        flash(_("A test mail to you is in the outbox."))
    _flash_errors(form)
    return redirect(url_for(".outbox"))


@bp.route("/jobs")
@admin_only
def jobs() -> ResponseReturnValue:
    """List the jobs, those in the state that the address names."""
    state = request.args.get("state", "")
    page = queries.list_jobs(state, page_number())
    return render_template(
        "accounts/jobs.html",
        page=page,
        state=state,
        states=labels.JOB_STATES,
        errors=labels.JOB_ERRORS,
        form=Form(formdata=None),
    )


@bp.route("/jobs/<int:job_id>/cancel", methods=["POST"])
@admin_only
def cancel(job_id: int) -> ResponseReturnValue:
    """Cancel the job; say above the list why not, where it has ended."""
    queries.get_job(job_id)
    form = Form()
    if form.accepted(lambda: services.cancel_job(job_id, now=clock.now())):
        flash(_("The job is cancelled. One that runs ends at its next step."))
    _flash_errors(form)
    return redirect(url_for(".jobs"))


def _flash_errors(form: Form) -> None:
    for error in form.all_errors():
        flash(error, "error")
