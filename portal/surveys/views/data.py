"""Answers as files, for those who analyse them elsewhere."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput
from portal.core.web.attachments import attachment
from portal.core.web.language import LANGUAGES, current_language
from portal.projects.queries import get_project
from portal.surveys.queries.handing_out import count_responses, list_answered
from portal.surveys.queries.overviews import state_of
from portal.surveys.queries.studies import StudyRow, WaveRow, document_of, get_study, get_wave
from portal.surveys.response_files import Handed, response_archive, response_sav
from portal.surveys.rules.disclosure import MIN_RESPONDENTS
from portal.surveys.rules.waves import WaveState

bp = Blueprint("survey_data", __name__, url_prefix="/projects/<code>/surveys/<key>/data")

SPSS = "application/x-spss-sav"


@bp.route("")
@requires(Permission.EDIT_STUDIES)
def index(code: str, key: str) -> ResponseReturnValue:
    """Offer the answers of each wave as files, once it is over and where enough people have answered."""
    study = get_study(code, key)
    over = [wave for wave in study.waves if _is_over(study, wave)]
    numbers = {wave.key: count_responses(wave.id) for wave in over}
    return render_template(
        "surveys/data_index.html",
        project=get_project(code),
        study=study,
        numbers={wave: number for wave, number in numbers.items() if number >= MIN_RESPONDENTS},
        over=[wave.key for wave in over],
        unopened=[wave.key for wave in study.waves if _holds_unopened(study, wave)],
        spoken={wave.key: document_of(wave.instrument).languages for wave in study.waves if wave.instrument},
        least=MIN_RESPONDENTS,
    )


@bp.route("/<wave>.zip")
@requires(Permission.EDIT_STUDIES)
def archive(code: str, key: str, wave: str) -> ResponseReturnValue:
    """The answers as CSV with their codebook."""
    handed = _handed(code, key, wave)
    content = response_archive(handed)
    return attachment(content, name=f"{code}-{key}-{wave}.zip", media_type="application/zip")


@bp.route("/<wave>.sav")
@requires(Permission.EDIT_STUDIES)
def sav(code: str, key: str, wave: str) -> ResponseReturnValue:
    """The answers for SPSS, with labels in the language that is asked for."""
    handed = _handed(code, key, wave)
    language = _asked_language(handed.instrument.languages)
    content = response_sav(handed, language)
    return attachment(content, name=f"{code}-{key}-{wave}-{language}.sav", media_type=SPSS)


def _handed(code: str, key: str, wave_key: str) -> Handed:
    """What is handed out of the wave; raise Conflict while it takes answers and where too few have answered."""
    study = get_study(code, key)
    wave = get_wave(study, wave_key)
    # Two files of one wave would differ by those who answered meanwhile.
    if not _is_over(study, wave):
        raise Conflict("responses-open")
    if wave.instrument is None or count_responses(wave.id) < MIN_RESPONDENTS:
        raise Conflict("responses-few", least=MIN_RESPONDENTS)
    return Handed(key, wave_key, document_of(wave.instrument), list(list_answered(wave.id)))


def _is_over(study: StudyRow, wave: WaveRow) -> bool:
    """Whether the wave takes no more answers."""
    return _state(study, wave) == WaveState.CLOSED


def _state(study: StudyRow, wave: WaveRow) -> WaveState:
    return state_of(wave, clock.today(get_project(study.project_code).time_zone))


def _holds_unopened(study: StudyRow, wave: WaveRow) -> bool:
    """Whether the wave is not open yet and holds answers all the same, as many as may be told: of files or paper."""
    is_planned = _state(study, wave) == WaveState.PLANNED
    return is_planned and count_responses(wave.id) >= MIN_RESPONDENTS


def _asked_language(spoken: tuple[str, ...]) -> str:
    """The language of the labels: as the address asks for it, else of the page, else the survey's first."""
    asked = request.args.get("language")
    if asked is None:
        return current_language() if current_language() in spoken else spoken[0]
    if asked not in spoken:
        raise InvalidInput("study-language-unknown", allowed=", ".join(LANGUAGES[each] for each in spoken))
    return asked
