"""The result of a survey as an indicator of a project counts it: a mean or a share in one wave, as analysed last."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from portal.core.errors import Problem
from portal.projects.queries import get_project
from portal.surveys.models import Study, Wave
from portal.surveys.queries.analyses import KeptAnalysis
from portal.surveys.queries.studies import document_of, find_draft, find_published
from portal.surveys.queries.surveyed import Surveys
from portal.surveys.rules.disclosure import MIN_RESPONDENTS
from portal.surveys.rules.documents import Instrument
from portal.surveys.rules.measured import CHOSEN, MEAN, measured_problems, study_problem, target_problem
from portal.surveys.rules.shares import share_of_answers, wilson
from portal.surveys.rules.telling_everyone import may_tell_item, may_tell_number, may_tell_share

CENT: Final = Decimal("0.01")


class SurveyFigure(NamedTuple):
    """A mean, or a share in percent, of `n` respondents with its 95 % interval; two decimals.

    `made_at` is when the answers were analysed, `is_current` whether they are still the same. `first` is the key of the
    choice that a share of answers is of; '' of what has no choices. Without `n` (None) there is no interval either: it
    would tell how few are left.
    """

    study: str
    n: int | None
    value: Decimal
    ci: tuple[Decimal, Decimal] | None
    made_at: datetime
    is_current: bool
    first: str = ""


class Origin(NamedTuple):
    """Which survey a figure is of, when its answers were analysed, and whether they are still the same."""

    study: str
    made_at: datetime
    is_current: bool


def survey_figure(
    surveys: Surveys, key: str, *, wave: str, scale: str, item: str, statistic: str, as_of: date
) -> SurveyFigure | None:
    """What the project's survey says of the scale or item in the wave.

    Nothing is computed: it is what was analysed last. None where nothing was, there is no such survey, wave or figure,
    the wave had not begun by the day, or too few have answered.
    """
    study = surveys.studies.get(key)
    asked = _asked_wave(study, wave)
    if study is None or asked is None:
        return None
    kept = surveys.analyses.get(study.id)
    if kept is None or (_first_day(surveys, asked) or _day_of(study, kept)) > as_of:
        return None
    told = _told_of(kept, wave, scale, item)
    return None if told is None else _figure(told, statistic, Origin(key, kept.made_at, kept.is_current))


def survey_silence(surveys: Surveys, key: str, *, wave: str, scale: str, item: str, as_of: date) -> Problem:
    """Why `survey_figure` finds nothing of what the survey has: the one reason that holds on the day."""
    study = surveys.studies.get(key)
    asked = _asked_wave(study, wave)
    if study is None or asked is None:
        return Problem("silent-unasked")
    first, kept = _first_day(surveys, asked), surveys.analyses.get(study.id)
    if first is not None and first > as_of:
        return Problem("silent-not-begun", values={"day": as_of})
    if surveys.numbers.get(asked.id, 0) < MIN_RESPONDENTS:
        return Problem("silent-few", values={"least": MIN_RESPONDENTS})
    if kept is None:
        return Problem("silent-not-analysed")
    if first is None and _day_of(study, kept) > as_of:
        return Problem("silent-undated", values={"day": _day_of(study, kept)})
    return _silence_of(kept, _told_of(kept, wave, scale, item))


def public_figure(
    surveys: Surveys, key: str, *, wave: str, scale: str, item: str, statistic: str, as_of: date, today: date
) -> SurveyFigure | None:
    """What everyone may know of what the project's survey says of the scale or item in the wave.

    It is of the answers by which the public page tells of the wave, as they were counted last once it was over. None
    where the page tells nothing of it, there is no such figure, a few people follow from it, or the wave had not begun
    by the day.
    """
    asked = _asked_wave(surveys.studies.get(key), wave)
    counted = surveys.told(today).get(asked.id) if asked is not None else None
    if asked is None or counted is None or (_first_day(surveys, asked) or counted.day) > as_of:
        return None
    told = (counted.scales if scale else counted.items).get(scale or item)
    if told is None or told.get("suppressed") or not _may_tell(told, statistic, counted.number, is_scale=bool(scale)):
        return None
    counted_at = datetime.combine(counted.day, time(), ZoneInfo(get_project(surveys.code).time_zone))
    found = _figure(told, statistic, Origin(key, counted_at, counted.is_current))
    if found is None or may_tell_number(told, counted.number):
        return found
    return found._replace(n=None, ci=None)


def offered_documents(study: Study) -> list[Instrument]:
    """What an indicator may look at: the version that is analysed, and the draft, which may be published next."""
    rows = (find_published(study), find_draft(study))
    return [document_of(row) for row in rows if row is not None]


def measure_problems(surveys: Surveys, measure: Mapping[str, Any]) -> list[Problem]:
    """What the measure names that the project's surveys do not have, `where` being its option; empty if all is there.

    Each problem says what there is instead.
    """
    study = surveys.studies.get(measure["study"])
    if study is None:
        return [study_problem(measure["study"], list(surveys.studies))]
    waves = [each.key for each in study.waves]
    return list(measured_problems(measure, waves, offered_documents(study)))


def target_problems(surveys: Surveys, measure: Mapping[str, Any], target: Decimal) -> list[Problem]:
    """That the target lies outside what the figure can be, `where` being "target"; empty if nothing says so."""
    study = surveys.studies.get(measure["study"])
    problem = target_problem(measure, target, offered_documents(study) if study is not None else ())
    return [] if problem is None else [problem]


def _silence_of(kept: KeptAnalysis, told: Mapping[str, Any] | None) -> Problem:
    """Why what was analysed has no such figure."""
    if not kept.is_current:
        return Problem("silent-outdated")
    if told is None:
        return Problem("silent-not-asked")
    if told.get("suppressed"):
        return Problem("silent-few-here", values={"least": MIN_RESPONDENTS})
    return Problem("silent-nothing")


def _may_tell(told: Mapping[str, Any], statistic: str, people: int, *, is_scale: bool) -> bool:
    """Whether everyone may know this figure of a wave in which so many people answered."""
    if not is_scale:
        return may_tell_item(told)
    return statistic == MEAN or "above_middle" not in told or may_tell_share(told, people)


def _told_of(kept: KeptAnalysis, wave: str, scale: str, item: str) -> dict[str, Any] | None:
    """The figures of the scale or item in the wave, as they were analysed; None where nothing was."""
    rows = kept.result["scales"] if scale else kept.result["items"]
    row = next((row for row in rows if row["key"] == (scale or item)), None)
    told = row["waves"].get(wave) if row is not None else None
    return None if row is None or told is None else {"kind": row.get("kind", ""), **told}


def _asked_wave(study: Study | None, key: str) -> Wave | None:
    """The wave with this key; None where there is none, or it asks nothing yet."""
    waves = study.waves if study is not None else ()
    return next((each for each in waves if each.key == key and each.instrument_id is not None), None)


def _first_day(surveys: Surveys, wave: Wave) -> date | None:
    """The day from which on the wave counts: it opened, somebody answered, or it was over; None if nobody knows."""
    return wave.opens_on or surveys.first_answers.get(wave.id) or wave.last_day


def _day_of(study: Study, kept: KeptAnalysis) -> date:
    return kept.made_at.astimezone(ZoneInfo(get_project(study.project_code).time_zone)).date()


def _figure(told: Mapping[str, Any], statistic: str, origin: Origin) -> SurveyFigure | None:
    """The mean or the share of a scale or item in a wave; `kind` is that of an item, '' or missing of a scale."""
    if told.get("suppressed"):
        return None
    return _mean(told, origin) if statistic == "mean" else _share(told, origin)


def _mean(told: Mapping[str, Any], origin: Origin) -> SurveyFigure | None:
    if told["mean"] is None:
        return None
    ci = told["ci"]
    between = None if ci is None else (_rounded(ci[0]), _rounded(ci[1]))
    return SurveyFigure(origin.study, told["n"], _rounded(told["mean"]), between, *origin[1:])


def _share(told: Mapping[str, Any], origin: Origin) -> SurveyFigure | None:
    kind, counts = told.get("kind", ""), told.get("counts")
    share = told["above_middle"] if "above_middle" in told else share_of_answers(kind, counts, told["n"])
    if share is None:
        return None
    low, high = wilson(share, told["n"])
    between = _rounded(100 * low), _rounded(100 * high)
    first = next(iter(counts or ()), "") if kind in CHOSEN else ""
    return SurveyFigure(origin.study, told["n"], _rounded(100 * share), between, *origin[1:], first)


def _rounded(value: float) -> Decimal:
    return Decimal(str(value)).quantize(CENT, ROUND_HALF_EVEN)
