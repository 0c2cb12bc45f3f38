"""How many people to ask."""

from decimal import Decimal

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.core.web.formats import show_number
from portal.projects.queries import get_project
from portal.surveys.forms.planning import DIFFERENT, POWERS, PlanForm
from portal.surveys.naming import Names, show_figure
from portal.surveys.queries.planning import Needed, needed_answers, visible_changes
from portal.surveys.queries.studies import document_of, find_published, get_study

bp = Blueprint("survey_planning", __name__, url_prefix="/projects/<code>/surveys/<key>/planning")

# A small change of a scale of five steps, and how far answers to such scales usually lie apart.
USUAL = {"difference": "0.2", "spread": "0.8", "power": "80", "people": DIFFERENT, "likeness": "0.5"}


@bp.route("", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDIES)
def index(code: str, key: str) -> ResponseReturnValue:
    """Say how many answers a wave needs, and what change those that are there would show."""
    study = get_study(code, key)
    published = find_published(study)
    changes = visible_changes(study.id)
    spread = {"spread": f"{changes[0].spread:.2f}"} if changes and changes[0].spread >= 0.01 else {}
    names = Names([document_of(published)]) if published else None
    scales = len(names.instrument.scales) if names else 0
    form = PlanForm(data={**USUAL, **spread, "comparisons": max(scales, 1)})
    # Nothing is stored: the question can be asked again with other numbers.
    needed: Needed | None = form.result if form.tried(lambda: _needed(form)) else None
    page = render_template(
        "surveys/planning_index.html",
        project=get_project(code),
        study=study,
        names=names,
        form=form,
        needed=needed,
        changes=changes,
        asked=_asked(form) if needed else {},
        show_figure=show_figure,
    )
    return page, form.answer_status


def _needed(form: PlanForm) -> Needed:
    return needed_answers(
        difference=form.difference.number,
        spread=form.spread.number,
        power=Decimal(str(form.power.data)) / 100,
        correlation=form.correlation,
        comparisons=int(form.comparisons.data or 1),
    )


def _asked(form: PlanForm) -> dict[str, str]:
    """What the person wants to see, in words for the answer."""
    comparisons = int(form.comparisons.data or 1)
    return {
        "difference": format_decimal(form.difference.number),
        "often": str(POWERS[form.power.data]),
        "comparisons": show_number(comparisons),
        "level": f"{format_decimal(Decimal(5) / comparisons)} %",
    }
