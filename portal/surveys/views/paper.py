"""Typing paper forms in twice, and settling the differences."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput
from portal.core.sentences import sentence
from portal.core.web.language import current_language
from portal.core.web.one_record import one_record
from portal.core.web.paging import page_number, page_size
from portal.projects.queries import get_project
from portal.projects.rules.closing import check_open
from portal.surveys.forms.paper import RemoveSheetForm, settle_form, typing_form
from portal.surveys.labels import SHEET_STATES
from portal.surveys.queries.paper import asked_in, count_states, find_sheet, get_sheet, hash_asked, list_sheets
from portal.surveys.queries.studies import StudyRow, WaveRow, get_study, get_wave
from portal.surveys.rules.disclosure import MIN_RESPONDENTS
from portal.surveys.rules.documents import Instrument
from portal.surveys.rules.paper import LARGEST_NUMBER, SheetState, list_differences
from portal.surveys.services import paper as services

bp = Blueprint("survey_paper", __name__, url_prefix="/projects/<code>/surveys/<key>/waves/<wave>/paper")

STORED = (SheetState.AGREE, SheetState.SETTLED)


class Asked(NamedTuple):
    """The wave whose paper forms are typed in, and what it asks."""

    project: Any
    study: StudyRow
    wave: WaveRow
    instrument: Instrument


class Differing(NamedTuple):
    """A form whose two typings differ, and in how many answers."""

    number: int
    answers: int


@bp.route("")
@requires(Permission.ENTER_PAPER)
def index(code: str, key: str, wave: str) -> ResponseReturnValue:
    """List the wave's paper forms and how far each is; lead from a number to its form."""
    asked = _asked(code, key, wave)
    problem, status = "", 200
    if "number" in request.args:
        try:
            return redirect(url_for(".type_in", code=code, key=key, wave=wave, **_wanted(asked)))
        except (InvalidInput, Conflict) as refusal:
            problem, status = sentence(refusal.problem), refusal.status
    page = render_template(
        "surveys/survey_paper_index.html",
        **asked._asdict(),
        page=list_sheets(asked.wave, page_number(), page_size()),
        counts=_told(count_states(asked.wave)),
        states=SHEET_STATES,
        stored=STORED,
        problem=problem,
        differing=_differing(asked),
        number=request.args.get("number", ""),
        chosen=request.args.get("language") or _own_language(asked.instrument),
        me=current_user.id,
    )
    return page, status


@bp.route("/<int:number>/type", methods=["GET", "POST"])
@requires(Permission.ENTER_PAPER)
@one_record
def type_in(code: str, key: str, wave: str, number: int) -> ResponseReturnValue:
    """Show the paper form with this number, or keep what was typed of it."""
    asked = _asked(code, key, wave)
    if request.method != "POST":
        check_open(asked.project.status)
        _check_typing(asked, number)
    language = _paper_language(asked, number)
    form = typing_form(asked.instrument, language, hash_asked(asked.wave))
    content_hash = form.content_hash.data or ""
    if form.accepted(
        lambda: services.type_sheet(
            asked.wave.id, number, language, form.draft(), content_hash=content_hash, now=clock.now()
        )
    ):
        differs = number if _tell(form.result, number) else None
        return redirect(url_for(".index", code=code, key=key, wave=wave, differs=differs))
    form.reopen()
    page = render_template(
        "surveys/survey_paper_type_in.html",
        **_asked(code, key, wave)._asdict(),
        number=number,
        language=language,
        is_second=find_sheet(asked.wave, number) is not None,
        form=form,
    )
    return page, form.answer_status


@bp.route("/<int:number>/settle", methods=["GET", "POST"])
@requires(Permission.ENTER_PAPER)
def settle(code: str, key: str, wave: str, number: int) -> ResponseReturnValue:
    """Show where the two typings of a form differ, or store what somebody decides."""
    asked = _asked(code, key, wave)
    sheet = get_sheet(asked.wave, number)
    if request.method != "POST":
        check_open(asked.project.status)
        _check_differs(sheet.state, number)
    form = settle_form(asked.instrument, sheet.row)
    version = form.version.data or 0
    if form.accepted(
        lambda: services.settle_sheet(sheet.row.id, form.chosen(), form.elements(), version=version, now=clock.now())
    ):
        flash(_("Form %(number)s is settled, and its answers are stored.", number=number))
        return redirect(url_for(".index", code=code, key=key, wave=wave))
    page = render_template(
        "surveys/survey_paper_settle.html",
        **_asked(code, key, wave)._asdict(),
        number=number,
        language=sheet.row.language,
        form=form,
        is_over=form.answer_status == Conflict.status,
    )
    return page, form.answer_status


@bp.route("/<int:number>/remove", methods=["GET", "POST"])
@requires(Permission.ENTER_PAPER)
def remove(code: str, key: str, wave: str, number: int) -> ResponseReturnValue:
    """Say what goes when a form is to be typed anew, or let it go."""
    asked = _asked(code, key, wave)
    sheet = get_sheet(asked.wave, number)
    if request.method != "POST":
        check_open(asked.project.status)
        if sheet.state in STORED:
            raise Conflict("paper-stored", number=number)
    form = RemoveSheetForm(data={"version": sheet.row.version})
    version = form.version.data or 0
    if form.accepted(lambda: services.remove_sheet(sheet.row.id, version=version, now=clock.now())):
        flash(_("What was typed of form %(number)s is gone. It can be typed anew.", number=number))
        return redirect(url_for(".index", code=code, key=key, wave=wave))
    form.version.reopen(get_sheet(asked.wave, number).row.version)
    page = render_template(
        "surveys/survey_paper_remove.html", **_asked(code, key, wave)._asdict(), number=number, form=form
    )
    return page, form.answer_status


def _told(counts: Mapping[SheetState, int]) -> dict[SheetState, int | None]:
    """The counts above 0; None for that of stored answers where it is fewer than may be told."""
    return {
        state: None if state in STORED and count < MIN_RESPONDENTS else count
        for state, count in counts.items()
        if count
    }


def _asked(code: str, key: str, wave: str) -> Asked:
    study = get_study(code, key)
    row = get_wave(study, wave)
    return Asked(get_project(code), study, row, asked_in(row))


def _wanted(asked: Asked) -> dict[str, Any]:
    """The number and the language of the paper that the address asks for; raise InvalidInput, Conflict."""
    text, language = request.args.get("number", "").strip(), request.args.get("language", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    if not 0 < number <= LARGEST_NUMBER:
        raise InvalidInput("number-out-of-range", where="number", least=1, most=LARGEST_NUMBER)
    if language not in asked.instrument.languages:
        raise InvalidInput("study-language-unknown", where="language", allowed=asked.instrument.languages)
    _check_typing(asked, number)
    return {"number": number, "language": language}


def _check_typing(asked: Asked, number: int) -> None:
    """Raise Conflict unless the person may type the form with this number."""
    sheet = find_sheet(asked.wave, number)
    if sheet is not None and sheet.state is not SheetState.ONCE:
        raise Conflict("paper-typed-twice", number=number)
    if sheet is not None and sheet.row.first_by == current_user.id:
        raise Conflict("paper-typed-by-you", number=number)


def _check_differs(state: SheetState, number: int) -> None:
    if state is SheetState.ONCE:
        raise Conflict("paper-once")
    if state in STORED:
        raise Conflict("paper-stored", number=number)


def _paper_language(asked: Asked, number: int) -> str:
    """The language of the paper: as its first typing says, else as the address says."""
    sheet = find_sheet(asked.wave, number)
    if sheet is not None:
        return sheet.row.language
    stated = request.args.get("language", "")
    return stated if stated in asked.instrument.languages else asked.instrument.languages[0]


def _own_language(instrument: Instrument) -> str:
    own = current_language()
    return own if own in instrument.languages else instrument.languages[0]


def _differing(asked: Asked) -> Differing | None:
    """The form that was typed in just now, as the address says, if its two typings differ."""
    stated = request.args.get("differs", "")
    sheet = find_sheet(asked.wave, int(stated)) if stated.isascii() and stated.isdigit() and len(stated) < 9 else None
    if sheet is None or sheet.state is not SheetState.DIFFER or sheet.row.second is None:
        return None
    return Differing(sheet.row.number, len(list_differences(asked.instrument, sheet.row.first, sheet.row.second)))


def _tell(state: SheetState, number: int) -> bool:
    """Say how far the form is; return whether its two typings differ, of which the list of forms tells."""
    if state is SheetState.ONCE:
        flash(_("Form %(number)s is typed in once. Someone else types it the second time.", number=number))
    elif state is SheetState.AGREE:
        flash(_("Both typings of form %(number)s agree, and its answers are stored.", number=number))
    return state is SheetState.DIFFER
