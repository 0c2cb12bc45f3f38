"""The pages on which people answer.

Their address may be a personal code: no page it leads to is told of it, and nothing here is recorded or logged. Who has
answered with one is thanked at an address that leads nowhere else.
"""

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.guard import public
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput, NotFound, PortalError
from portal.core.sentences import sentences
from portal.core.web.language import LANGUAGES, current_language, speaking
from portal.surveys.forms.answering import GO_BACK, BeginForm, CodeForm, ScreenForm, SendForm, questions
from portal.surveys.queries.answering import Answered, Desk, Sat, find_sitting, get_desk
from portal.surveys.rules.documents import BY_CODE, Instrument
from portal.surveys.rules.secrets import KEPT_DAYS, normal_code, thanks_mark
from portal.surveys.rules.showing import Screen, fitting_answers, has_thin_code, shown_screens, unanswered
from portal.surveys.rules.waves import WaveState
from portal.surveys.services import answering as services
from portal.surveys.services.answering import Seat

bp = Blueprint("answering", __name__, url_prefix="/survey/<token>")

COOKIE = "survey"
COOKIE_SECONDS = KEPT_DAYS * 24 * 60 * 60


@bp.after_request
def keep_private(response: Response) -> Response:
    """Tell no other site the address, and let no search engine list it; our own forms still say where they are."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@bp.errorhandler(NotFound)
@bp.errorhandler(Conflict)
def refuse(error: PortalError) -> ResponseReturnValue:
    """Say what to do to whom a link, a code or a page is refused; which codes were used, nobody can tell by this."""
    with speaking(_read_in()):
        page = render_template(
            "surveys/answering_refused.html",
            code=error.problem.code,
            details=sentences(error),
            token=(request.view_args or {}).get("token", ""),
        )
    return page, error.status


@bp.route("", methods=["GET", "POST"])
@public
def start(token: str) -> ResponseReturnValue:
    """Show what the survey is and what becomes of the answers, or begin."""
    desk = get_desk(token, now=clock.now())
    leads_in = desk.leads_in or _sitting(desk) is not None
    if token != desk.token or not leads_in:
        page = ".start" if leads_in else ".enter"
        return redirect(url_for(page, token=desk.token))
    form, language = BeginForm(), page_language(desk)
    with speaking(language):
        if form.accepted(lambda: _begin(desk, form)):
            return _kept(redirect(url_for(".screen", token=token, number=1), 303), token, form.result)
        page = render_template(
            "surveys/answering_start.html", desk=desk, form=form, language=language, sitting=_sitting(desk)
        )
    return page, form.answer_status


@bp.route("/promise")
@public
def promise(token: str) -> ResponseReturnValue:
    """Say what the promise of anonymity rests on."""
    desk = get_desk(token, now=clock.now())
    language = page_language(desk)
    with speaking(language):
        by_code = desk.instrument is not None and desk.instrument.pairing.method == BY_CODE
        return render_template(
            "surveys/answering_promise.html", desk=desk, language=language, by_code=by_code, days=KEPT_DAYS
        )


@bp.route("/code", methods=["GET", "POST"])
@public
def enter(token: str) -> ResponseReturnValue:
    """Ask for the personal code of a survey without an open link, or go where it leads."""
    desk = get_desk(token, now=clock.now())
    form, language, status = CodeForm(), page_language(desk), 200
    with speaking(language):
        if form.is_submitted():
            status = InvalidInput.status
            code = normal_code(form.code.data or "")
            if form.validate() and code and _leads_to(code, desk):
                return redirect(url_for(".start", token=code), 303)
            said = [_("This code is unknown, or has been used already. Compare it with your paper.")]
            form.code.errors = form.code.errors or said
        page = render_template("surveys/answering_enter.html", desk=desk, form=form, language=language)
    return page, status


@bp.route("/parts/<int:number>", methods=["GET", "POST"])
@public
def screen(token: str, number: int) -> ResponseReturnValue:
    """Show the questions of one screen, or keep what was answered and go on, back, or to another language."""
    desk = get_desk(token, now=clock.now())
    sat = _sitting(desk)
    if desk.instrument is None or sat is None or desk.state != WaveState.OPEN:
        return _not_begun(desk)
    form, language = ScreenForm(), page_language(desk)
    with speaking(language):
        seat = Seat(desk.token, _secret())
        if form.accepted(lambda: services.save(seat, form.typed(number), now=clock.now())):
            return redirect(_after(desk, number, form), 303)
        return _screen_page(desk, sat, number, form, language)


@bp.route("/send", methods=["GET", "POST"])
@public
def send(token: str) -> ResponseReturnValue:
    """Show what is answered and what is not, or store the answers and forget how they came."""
    form = SendForm()
    with speaking(_read_in()):
        # Before anything is looked up: whoever presses twice is led to where the first press led.
        if form.accepted(lambda: services.finish(Seat(token, _secret()), form.language.data or "", now=clock.now())):
            answer = redirect(_thanked_at(token, form.result), 303)
            answer.delete_cookie(COOKIE, path=url_for(".start", token=token))
            return answer
    desk = get_desk(token, now=clock.now())
    sat = _sitting(desk)
    if desk.instrument is None or sat is None or desk.state != WaveState.OPEN:
        return _not_begun(desk)
    return _send_page(desk, desk.instrument, sat, form)


@bp.route("/thanks")
@public
def thanks(token: str) -> ResponseReturnValue:
    """Thank for the answers."""
    desk = get_desk(token, now=clock.now())
    language = page_language(desk)
    with speaking(language):
        return render_template("surveys/answering_thanks.html", desk=desk, language=language)


def _thanked_at(token: str, link: str) -> str:
    """Where whoever sent the answers is thanked: at the open link only who came by it."""
    if token == link:
        return url_for(".thanks", token=token)
    study_id = get_desk(link, now=clock.now()).wave.study_id
    mark = thanks_mark(current_app.config["SECRET_KEY"], study_id)
    return url_for("answered.show", study_id=study_id, mark=mark)


def _begin(desk: Desk, form: BeginForm) -> str:
    """The secret of the sitting: the one that was begun, unless it shall be forgotten."""
    seat = Seat(desk.token, _secret())
    if find_sitting(desk, seat.secret) is not None:
        if not form.anew.data:
            return seat.secret
        services.leave(seat, now=clock.now())
    return services.begin_sitting(desk.token, form.language.data or "", now=clock.now())


def _screen_page(desk: Desk, sat: Sat, number: int, form: ScreenForm, language: str) -> ResponseReturnValue:
    shown = _shown(desk, sat)
    require = desk.instrument.pairing.require if desk.instrument else 0
    if number not in shown:
        raise NotFound("survey-screen-unknown")
    page = render_template(
        "surveys/answering_screen.html",
        desk=desk,
        form=form,
        language=language,
        screen=shown[number],
        questions=questions(shown[number], sat, form, language),
        part=list(shown).index(number) + 1,
        parts=len(shown),
        has_more="more" in request.args,
        has_thin_code=has_thin_code(shown, number, sat.pairing, require),
    )
    return page, form.answer_status


def _send_page(desk: Desk, instrument: Instrument, sat: Sat, form: SendForm) -> ResponseReturnValue:
    language, shown = page_language(desk), _shown(desk, sat)
    still_open = unanswered(shown, sat.answers, sat.groups)
    with speaking(language):
        page = render_template(
            "surveys/answering_send.html",
            desk=desk,
            form=form,
            language=language,
            still_open=still_open,
            must_answer=any(each.is_required for _number, each in still_open),
            is_empty=not fitting_answers(instrument, sat.answers),
            asked=sum(len(each.items) + sum(group.is_required for group in each.groups) for each in shown.values()),
            last=max(shown, default=1),
        )
    return page, form.answer_status


def _after(desk: Desk, number: int, form: ScreenForm) -> str:
    """Where to go once the screen is saved."""
    go, sat = form.go.data, _sitting(desk)
    numbers = list(_shown(desk, sat)) if sat else []
    if go in LANGUAGES:
        return url_for(".screen", token=desk.token, number=number, lang=go)
    if go == GO_BACK:
        before = [each for each in numbers if each < number]
        return (
            url_for(".screen", token=desk.token, number=before[-1]) if before else url_for(".start", token=desk.token)
        )
    if form.result:
        return url_for(".screen", token=desk.token, number=number, more=1)
    behind = [each for each in numbers if each > number]
    return url_for(".screen", token=desk.token, number=behind[0]) if behind else url_for(".send", token=desk.token)


def _shown(desk: Desk, sat: Sat) -> dict[int, Screen]:
    return shown_screens(desk.instrument, sat.seed, sat.answers) if desk.instrument else {}


def _sitting(desk: Desk) -> Sat | None:
    return find_sitting(desk, _secret())


def _not_begun(desk: Desk) -> ResponseReturnValue:
    """Lead to the first page; say first why nothing was stored where something was sent."""
    if request.method != "POST":
        return redirect(url_for(".start", token=desk.token))
    if desk.state == WaveState.PLANNED:
        raise Conflict("wave-planned")
    if desk.state == WaveState.CLOSED:
        raise Conflict("wave-closed")
    raise Conflict("sitting-over")


def _leads_to(code: str, desk: Desk) -> bool:
    wave_id = desk.wave.id
    try:
        return get_desk(code, now=clock.now()).wave.id == wave_id
    except NotFound:
        return False


def page_language(desk: Desk | Answered) -> str:
    """The language of the page: the reader's, where the study speaks it, else its first.

    Raise InvalidInput where the address asks for one that it does not speak.
    """
    spoken = desk.instrument.languages if desk.instrument else tuple(LANGUAGES)
    asked = request.args.get("lang")
    if asked is not None and asked not in spoken:
        raise InvalidInput("study-language-unknown", allowed=[each.upper() for each in spoken])
    wanted = request.form.get("language") or current_language()
    return wanted if wanted in spoken else spoken[0]


def _read_in() -> str:
    """The language in which the form that is sent was read."""
    stated = request.form.get("language", "")
    return stated if stated in LANGUAGES else current_language()


def _secret() -> str:
    return request.cookies.get(COOKIE, "")


def _kept(response: BaseResponse, token: str, secret: str) -> BaseResponse:
    """The answer, which lets the browser keep the secret for the pages of this address alone."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=COOKIE_SECONDS,
        path=url_for(".start", token=token),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response
