"""The poster and the questionnaire of a survey's wave, as PDF to print."""

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput
from portal.core.web.attachments import attachment
from portal.core.web.language import LANGUAGES
from portal.projects.queries import get_project
from portal.reports.documents.frame import MOST_LANGUAGES
from portal.reports.documents.survey_paper import PaperOrder, survey_paper_pdf
from portal.reports.documents.survey_poster import survey_poster_pdf
from portal.surveys.queries.studies import WaveRow, document_of, get_study, get_wave
from portal.surveys.rules.documents import Instrument
from portal.surveys.rules.secrets import written_link

bp = Blueprint("survey_papers", __name__, url_prefix="/projects/<code>/surveys/<key>/waves/<wave>")

PDF = "application/pdf"


@bp.route("/papers")
@requires(Permission.ENTER_PAPER)
def index(code: str, key: str, wave: str) -> ResponseReturnValue:
    """Ask in which languages the poster or the questionnaire is to be printed."""
    study = get_study(code, key)
    row = get_wave(study, wave)
    spoken = document_of(row.instrument).languages if row.instrument else ()
    return render_template(
        "reports/survey_papers_index.html", project=get_project(code), study=study, wave=row, spoken=spoken
    )


@bp.route("/poster.pdf")
@requires(Permission.ENTER_PAPER)
def poster(code: str, key: str, wave: str) -> ResponseReturnValue:
    """A poster with the address at which the survey is answered, and its QR code."""
    row = get_wave(get_study(code, key), wave)
    asked, _fingerprint = _published(row)
    if not row.has_open_link:
        raise Conflict("survey-without-link")
    languages = _asked_languages(asked.languages, most=len(LANGUAGES))
    # In blocks, as it is typed from paper; it leads there with and without the strokes between them.
    path = url_for("answering.start", token=written_link(row.token))
    address = f"{current_app.config['BASE_URL'].rstrip('/')}{path}"
    project = get_project(code)
    pdf = survey_poster_pdf(project, asked.title, languages, address, last_day=row.last_day, now=clock.now())
    return attachment(pdf, name=f"{code}-{key}-{wave}-poster-{'-'.join(languages)}.pdf", media_type=PDF)


@bp.route("/paper.pdf")
@requires(Permission.ENTER_PAPER)
def paper(code: str, key: str, wave: str) -> ResponseReturnValue:
    """The questionnaire to fill in by hand, in one language or in two side by side."""
    asked, fingerprint = _published(get_wave(get_study(code, key), wave))
    languages = _asked_languages(asked.languages, most=MOST_LANGUAGES)
    order = PaperOrder(key, wave, fingerprint, asked, languages)
    pdf = survey_paper_pdf(get_project(code), order, now=clock.now())
    return attachment(pdf, name=f"{code}-{key}-{wave}-paper-{'-'.join(languages)}.pdf", media_type=PDF)


def _published(wave: WaveRow) -> tuple[Instrument, str]:
    """What the wave asks, and its fingerprint; raise Conflict while it is not published: it could still change."""
    if wave.instrument is None or not wave.instrument.content_hash:
        raise Conflict("wave-unpublished")
    return document_of(wave.instrument), wave.instrument.content_hash


def _asked_languages(spoken: tuple[str, ...], *, most: int) -> list[str]:
    """The languages that the address asks for (`language`, as often as there are), else the survey's first ones.

    Raise InvalidInput for one that the survey does not speak, and for too many.
    """
    asked = list(dict.fromkeys(each for each in request.args.getlist("language") if each))
    if any(each not in spoken for each in asked):
        raise InvalidInput("study-language-unknown", allowed=", ".join(LANGUAGES[each] for each in spoken))
    if len(asked) > most:
        raise InvalidInput("paper-languages", most=most)
    return asked or list(spoken[:most])
