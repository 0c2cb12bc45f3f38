"""The waves of a survey: their days, opening and closing."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.core import clock
from portal.core.errors import Problem
from portal.projects.queries import get_project
from portal.surveys.forms.waves import DecideForm, NewWaveForm, RemoveWaveForm, WaveForm, wave_values
from portal.surveys.labels import WAVE_STATES
from portal.surveys.naming import wave_name
from portal.surveys.queries.overviews import response_numbers, state_by_days, state_of
from portal.surveys.queries.paper import waiting_sheets
from portal.surveys.queries.studies import StudyRow, WaveRow, find_published, get_study, get_wave
from portal.surveys.services import waves as services

bp = Blueprint("survey_waves", __name__, url_prefix="/projects/<code>/surveys/<key>/waves")
bp.add_app_template_filter(wave_name, "wave")

STALE = Problem("wave-stale")


@bp.route("", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDIES)
def add(code: str, key: str) -> ResponseReturnValue:
    """Show the form of a new wave, or store it."""
    study, form = get_study(code, key), NewWaveForm(data={"has_open_link": True})
    if form.accepted(lambda: services.add_wave(study.id, form.draft(form.key.data or ""), now=clock.now())):
        flash(_("The wave is added."))
        return redirect(url_for(".show", code=code, key=key, wave=form.key.data))
    return render_template(
        "surveys/waves_add.html", project=get_project(code), study=get_study(code, key), form=form
    ), form.answer_status


@bp.route("/<wave>")
@requires(Permission.READ_PROJECT)
def show(code: str, key: str, wave: str) -> ResponseReturnValue:
    """Show one wave: its state, its days, its link, and how many have answered."""
    project, study = get_project(code), get_study(code, key)
    row = get_wave(study, wave)
    return render_template(
        "surveys/waves_show.html",
        **_standing(project, study, row),
        newest=find_published(study),
        number=response_numbers(study)[row.id],
        form=DecideForm(data={"version": row.version}),
        address=f"{current_app.config['BASE_URL'].rstrip('/')}/survey/{row.token}",
    )


@bp.route("/<wave>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDIES)
def edit(code: str, key: str, wave: str) -> ResponseReturnValue:
    """Show the form of a wave, or store it; a stale form keeps what was typed."""
    row = get_wave(get_study(code, key), wave)
    form, wave_id = WaveForm(data=wave_values(row)), row.id
    version = form.version.data or 0
    if form.accepted(lambda: services.change_wave(wave_id, form.draft(wave), version=version, now=clock.now())):
        flash(_("Saved."))
        _tell_version(form.result)
        return redirect(url_for(".show", code=code, key=key, wave=wave))
    study = get_study(code, key)
    row = get_wave(study, wave)
    return render_template(
        "surveys/waves_edit.html",
        project=get_project(code),
        study=study,
        wave=row,
        form=form,
        stale=form.stale_over(wave_values(row), STALE),
    ), form.answer_status


@bp.route("/<wave>/decide", methods=["POST"])
@requires(Permission.EDIT_STUDIES)
def decide(code: str, key: str, wave: str) -> ResponseReturnValue:
    """Open the wave, close it, or leave it to its days."""
    project = get_project(code)
    row, form = get_wave(get_study(code, key), wave), DecideForm()
    wave_id, version = row.id, form.version.data or 0
    if form.accepted(lambda: services.decide_wave(wave_id, form.by_hand.data or "", version=version, now=clock.now())):
        row = get_wave(get_study(code, key), wave)
        flash(_("The wave is saved: %(state)s.", state=WAVE_STATES[state_of(row, clock.today(project.time_zone))]))
        _tell_version(form.result)
        return redirect(url_for(".show", code=code, key=key, wave=wave))
    study = get_study(code, key)
    standing = _standing(get_project(code), study, get_wave(study, wave))
    return render_template("surveys/waves_decide.html", **standing, form=form), form.answer_status


@bp.route("/<wave>/remove", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDIES)
def remove(code: str, key: str, wave: str) -> ResponseReturnValue:
    """Say what goes with the wave, or remove it."""
    row = get_wave(get_study(code, key), wave)
    form, wave_id = RemoveWaveForm(data={"version": row.version}), row.id
    version = form.version.data or 0
    if form.accepted(lambda: services.remove_wave(wave_id, version=version, now=clock.now())):
        flash(_("Removed."))
        return redirect(url_for("surveys.show", code=code, key=key))
    study = get_study(code, key)
    row = get_wave(study, wave)
    form.is_late(row.version, STALE)
    return render_template(
        "surveys/waves_remove.html", project=get_project(code), study=study, wave=row, form=form
    ), form.answer_status


def _tell_version(number: int | None) -> None:
    """Say that the wave asks another version now, if it does."""
    if number is not None:
        flash(_("The wave now asks version %(number)s of the questionnaire.", number=number))


def _standing(project: Any, study: StudyRow, row: WaveRow) -> dict[str, Any]:
    """How the wave stands today, how it would by its days alone, and how many of its paper forms wait."""
    today = clock.today(project.time_zone)
    return {
        "project": project,
        "study": study,
        "wave": row,
        "today": today,
        "state": state_of(row, today),
        "by_days": state_by_days(row, today),
        "states": WAVE_STATES,
        "waiting": waiting_sheets(study)[row.id],
    }
