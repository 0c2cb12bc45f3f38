"""The pages of how long names are kept, and of what is kept about one person."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.activities import labels
from portal.activities.forms.retention import AnonymiseForm, KeptDaysForm, PersonForm, kept_days_values
from portal.activities.own_data import answer_text, own_data_json, own_data_workbook, told_of
from portal.activities.queries import own_data
from portal.activities.queries import retention as queries
from portal.activities.queries.own_data import KeptPlace
from portal.activities.rules.retention import person_key
from portal.activities.services import retention as services
from portal.core import clock
from portal.core.errors import Problem
from portal.core.tables import XLSX
from portal.core.web.attachments import attachment
from portal.core.web.language import current_language
from portal.projects.queries import get_project

bp = Blueprint("retention", __name__, url_prefix="/projects/<code>/retention")

JSON = "application/json"


@bp.route("", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def index(code: str) -> ResponseReturnValue:
    """Show how long names are kept, whose are due to go and which have gone; or decide how long."""
    form = KeptDaysForm(data=kept_days_values(code))
    version = form.version.data or 0
    if form.accepted(lambda: _keep_days(code, form, version)):
        flash(_("How long names are kept is saved."))
        return redirect(url_for(".index", code=code))
    stale = form.stale_over(kept_days_values(code), Problem("retention-stale"))
    project, kept, now = get_project(code), queries.kept_days(code), clock.now()
    due = queries.list_due(project, kept, now)
    page = render_template(
        "activities/retention_index.html",
        project=project,
        form=form,
        stale=stale,
        kept=kept,
        due=due,
        people=queries.count_people(due),
        unsaid=queries.count_unsaid(code, now),
        attended=queries.count_attended(code),
        runs=queries.list_runs(code),
        actions=labels.ACTIONS,
    )
    return page, form.answer_status


@bp.route("/anonymise", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def anonymise(code: str) -> ResponseReturnValue:
    """Say what happens to whom, in numbers, or do it."""
    form = AnonymiseForm()
    if form.accepted(lambda: services.anonymise_due(code, now=clock.now()).people):
        flash(ngettext("%(num)s person is anonymous now.", "%(num)s people are anonymous now.", form.result))
        return redirect(url_for(".index", code=code))
    project = get_project(code)
    due = queries.list_due(project, queries.kept_days(code), clock.now())
    people = queries.count_people(due)
    page = render_template("activities/retention_anonymise.html", project=project, form=form, due=due, people=people)
    return page, form.answer_status


@bp.route("/person", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def person(code: str) -> ResponseReturnValue:
    """Ask for an e-mail, or show all that the project keeps of the person with it."""
    form = PersonForm()
    found = form.tried(lambda: own_data.list_kept(code, person_key(form.email.data or "")))
    return _person_page(code, form, form.result if found else None)


@bp.route("/person/file", methods=["POST"])
@requires(Permission.EDIT_PROJECT)
def person_file(code: str) -> ResponseReturnValue:
    """Hand out what the project keeps of a person, as a workbook or as JSON."""
    form, now = PersonForm(), clock.now()
    if not form.tried(lambda: own_data.list_kept(code, person_key(form.email.data or ""))):
        return _person_page(code, form, None)
    address, places = person_key(form.email.data or ""), form.result
    if form.shape.data == "json":
        content = own_data_json(code, address, places, now=now)
        return attachment(content.encode(), name=f"{code}-person.json", media_type=JSON)
    return attachment(
        own_data_workbook(address, places, current_language()), name=f"{code}-person.xlsx", media_type=XLSX
    )


@bp.route("/person/withdraw", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def withdraw(code: str) -> ResponseReturnValue:
    """Say what taking a person's data out does, or do it; the address comes with the form, never in an address."""
    form = PersonForm()
    if not form.is_submitted():
        return redirect(url_for(".person", code=code))
    if form.confirmed.data:
        if form.accepted(lambda: services.withdraw(code, form.email.data or "", now=clock.now()).people):
            flash(_("The person's data are taken out of the project. What is counted stays as it was."))
            return redirect(url_for(".person", code=code))
    elif form.tried(lambda: own_data.list_kept(code, person_key(form.email.data or ""))):
        return render_template(
            "activities/retention_withdraw.html",
            project=get_project(code),
            form=form,
            address=person_key(form.email.data or ""),
            places=form.result,
        )
    return _person_page(code, form, None)


def _keep_days(code: str, form: KeptDaysForm, version: int) -> None:
    days = form.unattended_days.data or 0, form.attended_days.data
    services.keep_days(code, *days, version=version, now=clock.now())


def _person_page(code: str, form: PersonForm, places: Sequence[KeptPlace] | None) -> ResponseReturnValue:
    """The page of one person's data; `places` is None while nobody has been looked for."""
    address = person_key(form.email.data or "") if places is not None else ""
    return render_template(
        "activities/retention_person.html",
        project=get_project(code),
        form=form,
        address=address,
        places=places,
        lent=own_data.count_lent(code, address) if address else 0,
        statuses=labels.PARTICIPATION_STATUSES,
        answer_text=answer_text,
        told_of=told_of,
    ), form.answer_status
