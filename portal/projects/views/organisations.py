"""One organisation: its other spellings and address, and the people to ask there."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.core import clock
from portal.core.errors import Conflict
from portal.core.web.one_record import one_record
from portal.projects.forms import ContactForm, DetailsForm, PressForm, contact_values, details_values
from portal.projects.queries import get_contact, get_organisation, get_project
from portal.projects.services import organisations as services

bp = Blueprint("organisations", __name__, url_prefix="/projects/<code>/organisations/<organisation_key>")

# The page of an organisation joins the features, so that it is a report.
PAGE = "organisation.show"


@bp.route("/details", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def details(code: str, organisation_key: str) -> ResponseReturnValue:
    """Show the form of other spellings and the address, or store them; a stale form keeps what was typed."""
    organisation, place = get_organisation(code, organisation_key), (code, organisation_key)
    form = DetailsForm(data=details_values(organisation, get_project(code).version))
    version = form.version.data
    if form.accepted(lambda: services.change_details(*place, form.details(), version=version, now=clock.now())):
        flash(_("The organisation is saved."))
        return redirect(url_for(PAGE, code=code, organisation_key=organisation_key))
    project, organisation = get_project(code), get_organisation(code, organisation_key)
    stored = details_values(organisation, project.version)
    stale = form.differences(stored) if form.answer_status == Conflict.status else []
    form.version.reopen(project.version)
    return render_template(
        "projects/organisation_details.html", project=project, organisation=organisation, form=form, stale=stale
    ), form.answer_status


@bp.route("/contacts/new", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
@one_record
def add_contact(code: str, organisation_key: str) -> ResponseReturnValue:
    """Show an empty form for a contact, or store what it says."""
    organisation, place = get_organisation(code, organisation_key), (code, organisation_key)
    form = ContactForm(data={"version": get_project(code).version})
    version = form.version.data
    if form.accepted(lambda: services.add_contact(*place, form.draft(), version=version, now=clock.now())):
        flash(_("The contact is stored."))
        return redirect(url_for(PAGE, code=code, organisation_key=organisation_key))
    project = get_project(code)
    form.version.reopen(project.version)
    return render_template(
        "projects/organisation_contact_new.html", project=project, organisation=organisation, form=form
    ), form.answer_status


@bp.route("/contacts/<int:contact_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def edit_contact(code: str, organisation_key: str, contact_id: int) -> ResponseReturnValue:
    """Show the contact's form, or store what it says; a stale form keeps what was typed."""
    place = (code, organisation_key, contact_id)
    form = ContactForm(data=contact_values(get_contact(*place), get_project(code).version))
    version = form.version.data
    if form.accepted(lambda: services.change_contact(*place, form.draft(), version=version, now=clock.now())):
        flash(_("The contact is saved."))
        return redirect(url_for(PAGE, code=code, organisation_key=organisation_key))
    project, contact = get_project(code), get_contact(*place)
    stored = contact_values(contact, project.version)
    stale = form.differences(stored) if form.answer_status == Conflict.status else []
    form.version.reopen(project.version)
    return render_template(
        "projects/organisation_contact.html", project=project, contact=contact, form=form, stale=stale
    ), form.answer_status


@bp.route("/contacts/<int:contact_id>/remove", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def remove_contact(code: str, organisation_key: str, contact_id: int) -> ResponseReturnValue:
    """Say what removing the contact means, or remove it."""
    place, form = (code, organisation_key, contact_id), PressForm()
    if form.accepted(lambda: services.remove_contact(*place, now=clock.now())):
        flash(_("The contact is removed."))
        return redirect(url_for(PAGE, code=code, organisation_key=organisation_key))
    return render_template(
        "projects/organisation_contact_remove.html",
        project=get_project(code),
        contact=get_contact(*place),
        form=form,
    ), form.answer_status
