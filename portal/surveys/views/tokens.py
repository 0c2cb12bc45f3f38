"""Personal codes that open a wave once."""

import csv
import io
from collections.abc import Sequence

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.core import clock
from portal.core.web.attachments import attachment
from portal.projects.queries import get_project
from portal.surveys.forms.answering import IssueForm
from portal.surveys.queries.answering import count_used_codes
from portal.surveys.queries.studies import StudyRow, WaveRow, get_study, get_wave
from portal.surveys.services.tokens import issue_tokens

bp = Blueprint("survey_tokens", __name__, url_prefix="/projects/<code>/surveys/<key>/waves/<wave>/codes")


@bp.route("", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDIES)
def issue(code: str, key: str, wave: str) -> ResponseReturnValue:
    """Show how many codes were made and used, or make more: their list is the answer, and is kept nowhere."""
    study = get_study(code, key)
    row, form = get_wave(study, wave), IssueForm()
    wave_id, codes = row.id, list[str]()
    # The list is not what the press returns: that is kept with the form's key.
    if form.accepted(lambda: codes.extend(issue_tokens(wave_id, form.number.data or 0, now=clock.now()))):
        if codes:
            return _list_of(codes, f"{key}-{wave}.csv")
        flash(_("The list was handed out already, and nobody can show it again. If it is lost, make new codes."))
        return redirect(url_for(".issue", code=code, key=key, wave=wave))
    return _page(get_study(code, key), row, form)


def _page(study: StudyRow, wave: WaveRow, form: IssueForm) -> ResponseReturnValue:
    page = render_template(
        "surveys/tokens_issue.html",
        project=get_project(study.project_code),
        study=study,
        wave=wave,
        form=form,
        used=count_used_codes(wave),
    )
    return page, form.answer_status


def _list_of(codes: Sequence[str], name: str) -> Response:
    """The codes as a CSV file, each with the address that it opens."""
    lines = io.StringIO()
    rows = csv.writer(lines)
    rows.writerow(("code", "link"))
    rows.writerows((each, url_for("answering.start", token=each.replace("-", ""), _external=True)) for each in codes)
    return attachment(lines.getvalue().encode(), name=name, media_type="text/csv")
