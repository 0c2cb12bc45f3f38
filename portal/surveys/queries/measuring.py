"""The result of a survey as an indicator of a project counts it: a mean or a share in one wave, as analysed last."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from portal.core.db import db
from portal.core.errors import Problem
from portal.projects.queries import get_project
from portal.surveys.models import Response, Study, Wave
from portal.surveys.queries.analyses import KeptAnalysis, find_analysis
from portal.surveys.queries.studies import document_of, find_draft, find_published, find_study, list_studies
from portal.surveys.rules.documents import Instrument
from portal.surveys.rules.measured import measured_problems, study_problem
from portal.surveys.rules.shares import share_of_answers, wilson

CENT: Final = Decimal("0.01")


class SurveyFigure(NamedTuple):
    """A mean, or a share in percent, of `n` respondents with its 95 % interval; two decimals.

    `made_at` is when the answers were analysed, `is_current` whether they are still the same.
    """

    study: str
    n: int
    value: Decimal
    ci: tuple[Decimal, Decimal] | None
    made_at: datetime
    is_current: bool


def survey_figure(
    code: str, key: str, *, wave: str, scale: str, item: str, statistic: str, as_of: date
) -> SurveyFigure | None:
    """What the project's survey says of the scale or item in the wave.

    Nothing is computed: it is what was analysed last. None where nothing was, there is no such survey, wave or figure,
    the wave had not begun by the day, or too few have answered.
    """
    study = find_study(code, key)
    asked = next((each for each in study.waves if each.key == wave), None) if study is not None else None
    if study is None or asked is None or asked.instrument_id is None:
        return None
    kept = find_analysis(study.id)
    if kept is None or _first_day(study, asked, kept) > as_of:
        return None
    rows = kept.result["scales"] if scale else kept.result["items"]
    row = next((row for row in rows if row["key"] == (scale or item)), None)
    told = row["waves"].get(wave) if row is not None else None
    if row is None or told is None or told.get("suppressed"):
        return None
    return _mean(key, told, kept) if statistic == "mean" else _share(key, row.get("kind", ""), told, kept)


def offered_documents(study: Study) -> list[Instrument]:
    """What an indicator may look at: the version that is analysed, and the draft, which may be published next."""
    rows = (find_published(study), find_draft(study))
    return [document_of(row) for row in rows if row is not None]


def measure_problems(code: str, measure: Mapping[str, Any]) -> list[Problem]:
    """What the measure names that the project's surveys do not have, `where` being its option; empty if all is there.

    Each problem says what there is instead.
    """
    studies = {each.key: each for each in list_studies(code)}
    study = studies.get(measure["study"])
    if study is None:
        return [study_problem(measure["study"], list(studies))]
    waves = [each.key for each in study.waves]
    return list(measured_problems(measure, waves, offered_documents(study)))


def _first_day(study: Study, wave: Wave, kept: KeptAnalysis) -> date:
    """The day from which on the wave counts: it opened, somebody answered, it was over, or else it was analysed."""
    answered = select(func.min(Response.day)).where(Response.wave_id == wave.id)
    known = wave.opens_on or db.session.scalar(answered) or wave.last_day
    return known or kept.made_at.astimezone(ZoneInfo(get_project(study.project_code).time_zone)).date()


def _mean(key: str, told: dict[str, Any], kept: KeptAnalysis) -> SurveyFigure | None:
    if told["mean"] is None:
        return None
    ci = told["ci"]
    between = None if ci is None else (_rounded(ci[0]), _rounded(ci[1]))
    return SurveyFigure(key, told["n"], _rounded(told["mean"]), between, kept.made_at, kept.is_current)


def _share(key: str, kind: str, told: dict[str, Any], kept: KeptAnalysis) -> SurveyFigure | None:
    """The share; `kind` is that of the item, '' of a scale."""
    share = told["above_middle"] if "above_middle" in told else share_of_answers(kind, told.get("counts"), told["n"])
    if share is None:
        return None
    low, high = wilson(share, told["n"])
    between = _rounded(100 * low), _rounded(100 * high)
    return SurveyFigure(key, told["n"], _rounded(100 * share), between, kept.made_at, kept.is_current)


def _rounded(value: float) -> Decimal:
    return Decimal(str(value)).quantize(CENT, ROUND_HALF_EVEN)
