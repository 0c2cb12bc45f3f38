"""Typing paper forms in twice, and storing each as a response once both typings agree or are settled."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.services import current_actor, record
from portal.core.db import forget_after_commit, transaction
from portal.core.errors import Conflict, InvalidInput, InvalidInputs, NotFound
from portal.surveys.models import PaperSheet, Response, Wave
from portal.surveys.queries.paper import asked_in, hash_asked
from portal.surveys.rules.answers import PAPER
from portal.surveys.rules.paper import (
    ELEMENT,
    LARGEST_NUMBER,
    Coding,
    PaperDraft,
    Place,
    SheetState,
    Typed,
    list_differences,
    read_code,
    read_typed,
    settle,
    sheet_state,
)
from portal.surveys.services.rows import lock_project_of, subject

ID_BYTES = 16
# What stays of a typing whose answers are stored: nothing.
EMPTY: dict[str, Any] = {"answers": {}, "groups": {}, "pairing": [], "respondent": ""}


def type_sheet(
    wave_id: int, number: int, language: str, draft: PaperDraft, *, content_hash: str, now: datetime
) -> SheetState:
    """Keep what somebody typed of the paper form with this number: as its first typing, or as its second one.

    `content_hash` is that of the questionnaire they had before them. Where the second typing agrees with the first, its
    answers are stored, once. Raise InvalidInputs for what cannot be an answer, Conflict if the same person has typed it
    before, if it was typed twice already, if the wave asks another questionnaire or none yet, or if the project is
    closed, NotFound.
    """
    with transaction() as session:
        wave = _hold_wave(session, wave_id)
        instrument = asked_in(wave)
        if hash_asked(wave) != content_hash:
            raise Conflict("paper-other-version")
        if not 0 < number <= LARGEST_NUMBER:
            raise InvalidInput("number-out-of-range", where="number", least=1, most=LARGEST_NUMBER)
        if language not in instrument.languages:
            raise InvalidInput("study-language-unknown", where="language", allowed=instrument.languages)
        typed = read_typed(instrument, draft, _coding(wave))
        row = session.scalar(select(PaperSheet).where(PaperSheet.wave_id == wave.id, PaperSheet.number == number))
        if row is None:
            row = PaperSheet(wave_id=wave.id, number=number, language=language, first=typed)
            row.first_by = current_actor().id
            session.add(row)
        else:
            _add_second(session, wave, row, typed)
        _record(session, "paper_typed", wave, row.number, now)
        return sheet_state(row.first, row.second, is_settled=bool(row.is_settled))


def settle_sheet(
    sheet_id: int, chosen: Mapping[str, str], elements: Mapping[str, str], *, version: int, now: datetime
) -> None:
    """Store the answers of a sheet whose typings differ, as somebody has settled it with the paper at hand.

    `chosen` says for each difference, by the name of its place, which typing is right; `elements` of the code are typed
    once more. Raise InvalidInputs at what is not settled, Conflict if someone was faster, NotFound.
    """
    with transaction() as session:
        wave, row = _hold_sheet(session, sheet_id, version)
        if row.second is None:
            raise Conflict("paper-once")
        instrument = asked_in(wave)
        typings = (row.first, row.second)
        right = settle(instrument, typings, chosen, _hash(wave, elements))
        row.is_settled = True
        _store(session, wave, row, right)
        _record(session, "paper_settled", wave, row.number, now)


def remove_sheet(sheet_id: int, *, version: int, now: datetime) -> None:
    """Take away what was typed of a sheet whose answers are not stored yet, so that it can be typed anew.

    Raise Conflict if its answers are stored or someone has typed meanwhile, NotFound.
    """
    with transaction() as session:
        wave, row = _hold_sheet(session, sheet_id, version)
        _record(session, "paper_removed", wave, row.number, now)
        session.delete(row)


def _add_second(session: Session, wave: Wave, row: PaperSheet, typed: Typed) -> None:
    if row.second is not None:
        raise Conflict("paper-typed-twice", number=row.number)
    if row.first_by == current_actor().id:
        raise Conflict("paper-typed-by-you", number=row.number)
    row.second, row.second_by = dict(typed), current_actor().id
    row.version += 1
    if not list_differences(asked_in(wave), row.first, typed):
        _store(session, wave, row, typed)


def _store(session: Session, wave: Wave, row: PaperSheet, right: Typed) -> None:
    """Store the response, and keep the answers there alone; the sheet says only that it was typed.

    Nothing joins the two: the response has no number, and no day either, as the audit knows when a sheet was typed.
    """
    name = secrets.token_hex(ID_BYTES)
    response = Response(id=name, wave_id=wave.id, row_key=name, source=PAPER, language=row.language, day=None)
    response.answers, response.groups = dict(right["answers"]), dict(right["groups"])
    response.pairing, response.respondent = list(right["pairing"]), right["respondent"]
    session.add(response)
    row.first, row.second = dict(EMPTY), dict(EMPTY)
    row.version += 1
    # The log of SQLite would hold side by side the sheet and what was stored of it.
    forget_after_commit(session)


def _hash(wave: Wave, elements: Mapping[str, str]) -> dict[str, str]:
    """The keyed hash of each element that was typed once more; raise InvalidInputs at their places."""
    instrument = asked_in(wave)
    try:
        hashes = read_code(instrument, elements, _coding(wave))
    except InvalidInput as error:
        raise InvalidInputs([each._replace(where=Place(ELEMENT, each.where).name) for each in error.problems]) from None
    return dict(zip(instrument.pairing.elements, hashes, strict=False))


def _coding(wave: Wave) -> Coding:
    return Coding(current_app.config["SECRET_KEY"], wave.study.salt)


def _hold_wave(session: Session, wave_id: int) -> Wave:
    """The wave, held against others who type; raise NotFound, Conflict if the project is closed."""
    lock_project_of(session, wave_id)
    held = select(Wave).where(Wave.id == wave_id).with_for_update().execution_options(populate_existing=True)
    wave = session.scalar(held)
    if wave is None:
        raise NotFound("wave-unknown")
    return wave


def _hold_sheet(session: Session, sheet_id: int, version: int) -> tuple[Wave, PaperSheet]:
    """The wave and its sheet, whose answers are not stored yet; raise NotFound, Conflict."""
    row = session.get(PaperSheet, sheet_id)
    if row is None:
        raise NotFound("paper-unknown")
    wave = _hold_wave(session, row.wave_id)
    session.refresh(row)
    state = sheet_state(row.first, row.second, is_settled=row.is_settled)
    if state in (SheetState.AGREE, SheetState.SETTLED):
        raise Conflict("paper-stored", number=row.number)
    if row.version != version:
        raise Conflict("paper-stale")
    return wave, row


def _record(session: Session, action: str, wave: Wave, number: int, now: datetime) -> None:
    """Say which sheet it is, and nothing of what stands on it."""
    record(session, action, subject(wave.study), now=now, after={"wave": wave.key, "number": number})
