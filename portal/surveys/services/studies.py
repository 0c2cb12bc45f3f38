"""Making surveys, loading their files, publishing what they ask, and taking drafts away."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from portal.audit.services import record
from portal.core.db import transaction
from portal.core.errors import Conflict, InvalidInput, Problem
from portal.projects.rules.values import read_key
from portal.surveys.models import Instrument as InstrumentRow
from portal.surveys.models import Study, Wave
from portal.surveys.queries.studies import document_of, find_draft, find_published, find_study
from portal.surveys.rules.checking import check_instrument, publish_problems, tidied
from portal.surveys.rules.documents import Instrument, content_hash
from portal.surveys.rules.instrument_files import StudyFile, wave_problems
from portal.surveys.rules.margins import Margins
from portal.surveys.rules.versions import version_problems
from portal.surveys.rules.wave_drafts import WaveDraft
from portal.surveys.rules.waves import WaveState
from portal.surveys.services.margins import store_margins
from portal.surveys.services.rows import (
    facts,
    held_draft,
    hold_project,
    hold_study,
    hold_waves,
    is_answered,
    is_used,
    new_salt,
    new_version,
    new_wave,
    refuse,
    state_now,
    subject,
)
from portal.surveys.services.versions import begin_version, map_items, save_draft

__all__ = [
    "LoadedStudy",
    "WaveDifference",
    "begin_version",
    "create_study",
    "load_study",
    "map_items",
    "publish",
    "remove_draft",
    "save_draft",
]


class WaveDifference(NamedTuple):
    """A fact of a wave ("opens_on", "last_day") that the portal keeps though the file states another."""

    wave: str
    column: str
    stated: date | None
    kept: date | None


class LoadedStudy(NamedTuple):
    """What loading did: `result` is "created", "updated" or "unchanged"; `number` is that of the published version."""

    study_id: int
    result: str
    number: int
    content_hash: str
    differences: tuple[WaveDifference, ...] = ()


def create_study(
    code: str,
    key: str,
    instrument: Instrument,
    waves: Sequence[WaveDraft],
    *,
    margins: Margins | None = None,
    now: datetime,
) -> int:
    """Store a survey of the project with a draft of its questionnaire, its waves and known shares; return its id.

    Raise InvalidInputs for what cannot be stored (a key that is none or taken: where "key"), Conflict if the project is
    closed, NotFound.
    """
    with transaction() as session:
        hold_project(session, code)
        instrument = tidied(instrument)
        refuse([*_key_problems(code, key), *check_instrument(instrument), *wave_problems(waves)])
        title = dict(instrument.title)
        study = Study(project_code=code, key=key, title=title, salt=new_salt(), created_at=now, updated_at=now)
        row = new_version(study, instrument, {}, now)
        for wave in waves:
            new_wave(study, wave, None)
        session.add(study)
        session.flush()
        record(session, "study_created", subject(study), now=now, after=facts(row, instrument))
        store_margins(session, study, margins or {}, now=now)
        return study.id


def load_study(study: StudyFile, *, now: datetime) -> LoadedStudy:
    """Create the survey that the file states and publish it, or add to it the waves that it does not have yet.

    A draft that asks the same is published; days that differ are kept and named. Raise InvalidInputs for what is
    missing, Conflict where another questionnaire is published or being edited or the project is closed, NotFound.
    """
    instrument = tidied(study.instrument)
    with transaction() as session:
        hold_project(session, study.project)
        refuse([*publish_problems(instrument), *wave_problems(study.waves)])
        known = find_study(study.project, study.key)
        if known is None:
            study_id = create_study(study.project, study.key, instrument, study.waves, margins=study.margins, now=now)
            known = hold_study(session, study_id)
            row = _publish(session, known, known.instruments[-1], now)
            return LoadedStudy(known.id, "created", row.number, row.content_hash)
        known = hold_study(session, known.id)
        row, is_new = _same_version(session, known, instrument, now)
        added = _add_waves(session, known, study.waves, now)
        # A file without shares leaves those that are known.
        is_other = bool(study.margins) and store_margins(session, known, study.margins, now=now)
        result = "updated" if is_new or added or is_other else "unchanged"
        return LoadedStudy(known.id, result, row.number, row.content_hash, _differences(known, study.waves))


def publish(study_id: int, *, version: int, now: datetime) -> str:
    """Freeze the draft, give it to the waves that have not begun, and return its hash.

    Raise InvalidInputs with all that is missing or does not fit the version before, else as `save_draft` does.
    """
    with transaction() as session:
        study = hold_study(session, study_id)
        return _publish(session, study, held_draft(study, version), now).content_hash


def remove_draft(study_id: int, *, version: int, now: datetime) -> bool:
    """Take the draft away; return whether the survey went with it, as it had never been published.

    Raise as `save_draft` does, and Conflict where something was handed out or noted for a wave that would go too.
    """
    with transaction() as session:
        study = hold_study(session, study_id)
        draft = held_draft(study, version)
        if find_published(study) is None:
            for wave in hold_waves(session, study):
                if is_used(session, wave.id):
                    raise Conflict("wave-used", wave=wave.key)
        record(session, "study_draft_removed", subject(study), now=now, before=facts(draft, document_of(draft)))
        if find_published(study) is None:
            session.delete(study)
            return True
        study.instruments.remove(draft)
        return False


def _publish(session: Session, study: Study, row: InstrumentRow, now: datetime) -> InstrumentRow:
    """Freeze this draft of the survey; raise InvalidInputs with all that keeps it from being published."""
    instrument, before = document_of(row), find_published(study)
    problems = publish_problems(instrument)
    if before is not None:
        problems += version_problems(document_of(before), instrument, row.mapping)
    refuse(problems)
    row.content_hash, row.published_at = content_hash(instrument), now
    row.version += 1
    study.title, study.updated_at = dict(instrument.title), now
    for wave in hold_waves(session, study):
        if wave.instrument is None or not _has_begun(session, wave, now):
            wave.instrument = row
    record(session, "study_published", subject(study), now=now, after=facts(row, instrument))
    return row


def _has_begun(session: Session, wave: Wave, now: datetime) -> bool:
    """Whether the wave was ever open on its days or by hand, or somebody answers in it; codes fit any version."""
    return state_now(session, wave, now) != WaveState.PLANNED or is_answered(session, wave.id)


def _key_problems(code: str, key: str) -> list[Problem]:
    try:
        read_key(key)
    except InvalidInput as error:
        return [each._replace(where="key") for each in error.problems]
    return [Problem("study-key-taken", "key", {"key": key})] if find_study(code, key) else []


def _same_version(session: Session, study: Study, instrument: Instrument, now: datetime) -> tuple[InstrumentRow, bool]:
    """The published version that asks this, and whether it has just been published; raise Conflict if there is none."""
    wanted, draft, published = content_hash(instrument), find_draft(study), find_published(study)
    if published is not None and published.content_hash == wanted:
        return published, False
    if draft is not None and content_hash(document_of(draft)) == wanted:
        return _publish(session, study, draft, now), True
    if draft is not None:
        raise Conflict("study-draft-differs", key=study.key)
    raise Conflict("study-published-differs", key=study.key)


def _add_waves(session: Session, study: Study, waves: Sequence[WaveDraft], now: datetime) -> bool:
    """Add the waves that the survey does not have; return whether there were any."""
    known = {wave.key.lower() for wave in study.waves}
    added = [wave for wave in waves if wave.key.lower() not in known]
    for draft in added:
        new_wave(study, draft, find_published(study))
        after = {"wave": draft.key, "first_day": draft.opens_on, "last_day": draft.last_day}
        record(session, "wave_changed", subject(study), now=now, after=after)
    session.flush()
    return bool(added)


def _differences(study: Study, waves: Sequence[WaveDraft]) -> tuple[WaveDifference, ...]:
    kept = {wave.key.lower(): wave for wave in study.waves}
    compared = [
        WaveDifference(wave.key, column, getattr(wave, column), getattr(kept[wave.key.lower()], column))
        for wave in waves
        for column in ("opens_on", "last_day")
    ]
    return tuple(each for each in compared if each.stated != each.kept)
