"""The result of a survey as an indicator of a project counts it: a mean or a share in one wave."""

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import select

from portal.core.db import db
from portal.surveys.models import Study
from portal.surveys.queries.analyses import find_analysis, fingerprint
from portal.surveys.queries.answers import compute_of
from portal.surveys.rules.shares import share_of_answers, wilson

CENT: Final = Decimal("0.01")


class SurveyFigure(NamedTuple):
    """A mean, or a share in percent, of `n` respondents with its 95 % interval; two decimals."""

    study: str
    n: int
    value: Decimal
    ci: tuple[Decimal, Decimal] | None


def survey_figure(
    code: str, key: str, *, wave: str, scale: str, item: str, statistic: str, as_of: date
) -> SurveyFigure | None:
    """What the project's survey says of the scale or item in the wave.

    None where there is no such survey, wave or figure, the wave had not begun by the day, or too few have answered.
    """
    study = db.session.scalar(select(Study).where(Study.project_code == code, Study.key == key))
    asked = next((each for each in study.waves if each.key == wave), None) if study is not None else None
    if study is None or asked is None or asked.instrument_id is None:
        return None
    if asked.opens_on is not None and asked.opens_on > as_of:
        return None
    document = _result(study)
    rows = document["scales"] if scale else document["items"]
    told = next((row["waves"].get(wave) for row in rows if row["key"] == (scale or item)), None)
    if told is None or told.get("suppressed"):
        return None
    return _mean(key, told) if statistic == "mean" else _share(key, told)


def _result(study: Study) -> dict[str, Any]:
    """What the survey's answers say as they are: as it is kept, else computed here, once for the same answers."""
    kept = find_analysis(study.id)
    return kept.result if kept is not None and kept.is_current else _computed(study.id, fingerprint(study))


@lru_cache(maxsize=8)
def _computed(study_id: int, known: str) -> dict[str, Any]:
    return compute_of(db.session.get_one(Study, study_id)).result


def _mean(key: str, told: dict[str, Any]) -> SurveyFigure | None:
    if told["mean"] is None:
        return None
    ci = told["ci"]
    between = None if ci is None else (_rounded(ci[0]), _rounded(ci[1]))
    return SurveyFigure(key, told["n"], _rounded(told["mean"]), between)


def _share(key: str, told: dict[str, Any]) -> SurveyFigure | None:
    share = told["above_middle"] if "above_middle" in told else share_of_answers(told.get("counts"), told["n"])
    if share is None:
        return None
    low, high = wilson(share, told["n"])
    return SurveyFigure(key, told["n"], _rounded(100 * share), (_rounded(100 * low), _rounded(100 * high)))


def _rounded(value: float) -> Decimal:
    return Decimal(str(value)).quantize(CENT, ROUND_HALF_EVEN)
