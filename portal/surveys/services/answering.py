"""Answering: beginning, saving each screen, and sending, which stores the answers once and forgets how they came.

Nothing here is recorded: no trail, no job and no log tells that, when or from where somebody answered.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.core.db import forget_after_commit, transaction
from portal.core.errors import Conflict, InvalidInput, InvalidInputs, NotFound, Problem
from portal.jobs.registry import register_chore
from portal.projects.models import Project
from portal.surveys.models import Response, Sitting, Token, Wave
from portal.surveys.queries.answering import Desk, get_desk
from portal.surveys.rules.answers import WEB, Value
from portal.surveys.rules.codes import check_typed, element_hashes
from portal.surveys.rules.documents import Instrument
from portal.surveys.rules.secrets import KEPT_DAYS, code_hash, sitting_hash
from portal.surveys.rules.showing import (
    CODE,
    GROUPS,
    Screen,
    clean_groups,
    fitting_answers,
    missing_answers,
    missing_groups,
    read_screen,
    screens,
    visible_items,
)
from portal.surveys.rules.waves import WaveState

SECRET_BYTES = 32
ALONE = {"synchronize_session": False}


class Seat(NamedTuple):
    """Where somebody answers: the link or code of their address, and the secret of their browser."""

    token: str
    secret: str


class Typed(NamedTuple):
    """What was typed on one screen: the texts of each field by the key of its item, group or element of the code.

    `goes_on`: the person wants to go on, so what must be answered is asked for; else they look back or read on in
    another language.
    """

    number: int
    language: str
    fields: Mapping[str, Sequence[str]]
    goes_on: bool = True


def register() -> None:
    """Let the worker delete what nobody goes on with."""
    register_chore("forget_survey_sittings", forget_sittings)


def begin_sitting(token: str, language: str, *, now: datetime) -> str:
    """Begin a sitting at the wave that the link or code leads to; return the secret that the browser shall keep.

    Raise NotFound for a link or code that leads nowhere or is used, Conflict if the wave takes no answers, InvalidInput
    for a language that it does not speak.
    """
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with transaction(patient=True) as session:
        desk, instrument = _open_desk(token, now)
        if not desk.leads_in:
            raise NotFound("survey-link-unknown")
        sitting = Sitting(
            key_hash=sitting_hash(secret, desk.token),
            wave_id=desk.wave.id,
            language=_spoken(instrument, language),
            day=desk.today,
            answers={},
            groups={},
            pairing=[],
        )
        session.add(sitting)
    return secret


def leave(seat: Seat, *, now: datetime) -> None:
    """Delete the sitting with all that was answered in it."""
    with transaction() as session:
        desk = get_desk(seat.token, now=now)
        key = sitting_hash(seat.secret, desk.token)
        session.execute(delete(Sitting).where(Sitting.key_hash == key), execution_options=ALONE)
        forget_after_commit(session)


def save(seat: Seat, typed: Typed, *, now: datetime) -> bool:
    """Keep what was typed on the screen; return whether the screen now shows more questions than before.

    What the answers of this screen hide is forgotten. Raise InvalidInputs with every problem at its field, Conflict if
    the wave takes no answers or the sitting is over, NotFound.
    """
    with transaction(patient=True) as session:
        desk, instrument = _open_desk(seat.token, now)
        sitting = _held_sitting(session, seat, desk)
        screen = get_screen(instrument, sitting.key_hash, typed.number)
        before = {item.key for item in visible_items(instrument, sitting.answers)}
        if screen.kind == GROUPS:
            sitting.groups = _groups(instrument, typed)
        elif screen.kind == CODE:
            sitting.pairing = _hashes(desk, sitting, screen, typed)
        else:
            sitting.answers = _answers(instrument, sitting.answers, screen, typed)
        sitting.language, sitting.day = _spoken(instrument, typed.language), desk.today
        after = {item.key for item in visible_items(instrument, sitting.answers)}
        return any(item.key in after - before for item in screen.items)


def finish(seat: Seat, language: str, *, now: datetime) -> str:
    """Store the answers of the sitting as one response, and delete the sitting and the code; return the wave's link.

    The project and the wave stay open until the answers are stored. Of ten who send with one code at once one succeeds.
    Raise NotFound if the code is used, Conflict if the sitting is over or the wave takes no answers, as none does of a
    closed project; InvalidInputs for what must be answered and is not. Who has begun by an open link that is switched
    off meanwhile still ends.
    """
    with transaction(patient=True) as session:
        _hold_wave(session, seat.token, now)
        desk, instrument = _open_desk(seat.token, now)
        if desk.code:
            _use(session, desk)
        sitting = _held_sitting(session, seat, desk)
        session.add(_response(desk, instrument, sitting, language))
        session.delete(sitting)
        # The log of SQLite would hold side by side what was stored and which code went with it.
        forget_after_commit(session)
        return desk.wave.token


def forget_sittings(now: datetime) -> None:
    """Delete the sittings that nobody has touched for a week."""
    last = now.date() - timedelta(days=KEPT_DAYS)
    with transaction() as session:
        found = session.scalar(select(Sitting.key_hash).where(Sitting.day < last).limit(1))
        if found is not None:
            session.execute(delete(Sitting).where(Sitting.day < last), execution_options=ALONE)
            forget_after_commit(session)


def get_screen(instrument: Instrument, seed: str, number: int) -> Screen:
    """The screen of this number, from 1; raise NotFound."""
    found = screens(instrument, seed)
    if not 1 <= number <= len(found):
        raise NotFound("survey-screen-unknown")
    return found[number - 1]


def _hold_wave(session: Session, token: str, now: datetime) -> None:
    """Let nobody close the wave or its project until the answers are stored, and read anew whether both are open.

    The project first, as everywhere; beside others who answer, and who only change what the project holds.
    """
    desk = get_desk(token, now=now)
    project = select(Project.status).where(Project.code == desk.project_code)
    # Whoever closes the project waits, and is waited for; nobody else.
    session.scalar(project.with_for_update(read=True, key_share=True))
    session.scalar(select(Wave.id).where(Wave.id == desk.wave.id).with_for_update(read=True))


def _open_desk(token: str, now: datetime) -> tuple[Desk, Instrument]:
    desk = get_desk(token, now=now)
    if desk.instrument is None or desk.state == WaveState.PLANNED:
        raise Conflict("wave-planned")
    if desk.state == WaveState.CLOSED:
        raise Conflict("wave-closed")
    return desk, desk.instrument


def _held_sitting(session: Session, seat: Seat, desk: Desk) -> Sitting:
    """The seat's sitting, held against whoever presses at the same time; raise Conflict where there is none."""
    key = sitting_hash(seat.secret, desk.token)
    found = select(Sitting).where(Sitting.key_hash == key, Sitting.wave_id == desk.wave.id)
    sitting = session.scalar(found.with_for_update().execution_options(populate_existing=True))
    if sitting is None:
        raise Conflict("sitting-over")
    return sitting


def _use(session: Session, desk: Desk) -> None:
    used = delete(Token).where(Token.token_hash == code_hash(desk.code)).returning(Token.wave_id)
    if session.scalar(used, execution_options=ALONE) is None:
        raise NotFound("survey-link-unknown")


def _response(desk: Desk, instrument: Instrument, sitting: Sitting, language: str) -> Response:
    """The answers of the sitting as they are stored; raise InvalidInputs for what must be answered and is not."""
    answers = fitting_answers(instrument, sitting.answers)
    problems = missing_answers(instrument, answers) if answers else [Problem("survey-empty")]
    problems += [Problem("answer-required", key) for key in missing_groups(instrument, sitting.groups)]
    if problems:
        raise InvalidInputs(problems)
    name = secrets.token_hex(16)
    return Response(
        id=name,
        wave_id=desk.wave.id,
        row_key=name,
        source=WEB,
        language=_spoken(instrument, language),
        day=desk.today,
        answers=answers,
        groups=dict(sitting.groups),
        pairing=list(sitting.pairing),
    )


def _spoken(instrument: Instrument, language: str) -> str:
    if language not in instrument.languages:
        raise InvalidInput("study-language-unknown", allowed=[each.upper() for each in instrument.languages])
    return language


def _groups(instrument: Instrument, typed: Typed) -> dict[str, str]:
    groups = clean_groups(instrument, {key: "".join(texts) for key, texts in typed.fields.items()})
    if typed.goes_on and (missing := missing_groups(instrument, groups)):
        raise InvalidInputs([Problem("answer-required", key) for key in missing])
    return groups


def _answers(instrument: Instrument, stored: Mapping[str, Value], screen: Screen, typed: Typed) -> dict[str, Value]:
    answers = read_screen(instrument, stored, screen.items, typed.fields)
    if typed.goes_on:
        before = {item.key for item in visible_items(instrument, stored)}
        here = before & {item.key for item in screen.items}
        if missing := [each for each in missing_answers(instrument, answers) if each.where in here]:
            raise InvalidInputs(missing)
    return answers


def _hashes(desk: Desk, sitting: Sitting, screen: Screen, typed: Typed) -> list[str]:
    """The hashes of the elements; one that is left empty keeps what was given before."""
    stated = {key: "".join(texts) for key, texts in typed.fields.items()}
    check_typed(stated)
    new = element_hashes(current_app.config["SECRET_KEY"], desk.wave.salt, screen.elements, stated)
    old = sitting.pairing or [""] * len(screen.elements)
    return [here or there for here, there in zip(new, old, strict=True)] if new else list(sitting.pairing)
