"""What was made of a study's answers, and whether it is still of the answers as they are."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select

from portal.core.db import db
from portal.core.errors import InvalidInput, NotFound
from portal.imports.models import Import
from portal.jobs.models import Job
from portal.surveys.models import Analysis, Response, Study, Wave
from portal.surveys.rules.disclosure import MIN_RESPONDENTS
from portal.surveys.rules.withholding import without_waves

# The kind of the jobs that analyse.
ANALYSE_JOB: Final = "analyse_study"
# The kind of the imports that bring answers.
RESPONSES: Final = "responses"
# What is kept with a result and told nowhere: see queries/standing.py.
RECORD: Final = "@record"
# So many letters tell a study's waves apart.
PLACE: Final = 16
# Another number whenever the same answers give another result: what was kept before is made anew.
MANNER: Final = 4


class KeptAnalysis(NamedTuple):
    """The result as interfaces tell it, when it was made, and whether answers have come or gone since."""

    result: dict[str, Any]
    made_at: datetime
    is_current: bool


def find_analysis(study_id: int) -> KeptAnalysis | None:
    """What was made of the study's answers last, without waves of which too few are left; None if nothing was yet."""
    study = db.session.get(Study, study_id)
    return find_analyses([study]).get(study_id) if study is not None else None


def find_analyses(studies: Sequence[Study], numbers: Mapping[int, int] | None = None) -> dict[int, KeptAnalysis]:
    """Study's id -> what `find_analysis` finds, of those of which anything was made; read at once for all of them.

    `numbers` is wave id -> how many have answered, where that is known.
    """
    rows = db.session.scalars(select(Analysis).where(Analysis.study_id.in_([study.id for study in studies])))
    kept = {row.study_id: row for row in rows}
    analysed = [study for study in studies if study.id in kept]
    if numbers is None:
        numbers = _numbers(analysed) if analysed else {}
    brought = {code: _brought(code) for code in {study.project_code for study in analysed}}
    found = {}
    for study in analysed:
        row, known = kept[study.id], _fingerprint(study, numbers, brought[study.project_code])
        is_current = row.fingerprint == known
        told = without_record(row.result) if is_current else _still_told(study, row.result, numbers)
        found[study.id] = KeptAnalysis(told, row.made_at, is_current)
    return found


def without_record(result: Mapping[str, Any]) -> dict[str, Any]:
    """The result as interfaces tell it: without what the portal keeps beside it for itself."""
    return {key: value for key, value in result.items() if key != RECORD}


def place_of(wave: Wave) -> str:
    """What tells the wave from any other, also from one that is gone and had its key or its id."""
    return hashlib.sha256(wave.token.encode()).hexdigest()[:PLACE]


def named_study(key: str, code: str | None = None) -> Study:
    """The study with this key, of the project if one is named; raise NotFound, InvalidInput where several have one."""
    named = select(Study).where(Study.key == key)
    if code is not None:
        named = named.where(Study.project_code == code)
    found = db.session.scalars(named.order_by(Study.project_code)).all()
    if not found:
        raise NotFound("study-unknown-anywhere", key=key)
    if len(found) > 1:
        raise InvalidInput("study-ambiguous", where="--project", projects=[each.project_code for each in found])
    return found[0]


def analysis_job(study_id: int) -> Job | None:
    """The latest job that was asked to analyse the study, whatever became of it."""
    mine = select(Job).where(Job.kind == ANALYSE_JOB, Job.payload["study"].as_integer() == study_id)
    return db.session.scalar(mine.order_by(Job.id.desc()).limit(1))


def analysis_waits(study_id: int) -> bool:
    """Whether the worker is to analyse the study, or is at it."""
    job = analysis_job(study_id)
    return job is not None and job.state in ("waiting", "running")


def _still_told(study: Study, kept: Mapping[str, Any], numbers: Mapping[int, int]) -> dict[str, Any]:
    """The result without waves that are gone or have too few left; `numbers` is wave id -> how many have answered."""
    result, analysed = without_record(kept), kept.get(RECORD, {}).get("answers", {})
    waves = [wave for wave in study.waves if not analysed or place_of(wave) in analysed]
    keys = {wave.key: wave.id for wave in waves}
    told = [wave["key"] for wave in result["waves"] if wave.get("n")]
    hidden = [key for key in told if numbers.get(keys.get(key, 0), 0) < MIN_RESPONDENTS]
    return without_waves(result, hidden) if hidden else result


def _numbers(studies: Sequence[Study]) -> dict[int, int]:
    """Wave id -> how many have answered; of those of the studies where anybody has."""
    ids = [study.id for study in studies]
    counted = select(Response.wave_id, func.count()).join(Wave).where(Wave.study_id.in_(ids))
    return {row[0]: row[1] for row in db.session.execute(counted.group_by(Response.wave_id))}


def fingerprint(study: Study) -> str:
    """What tells the study's answers, versions and known shares from any others, without reading the answers.

    A response is stored once and never changed but by an import, and goes only with an import: so the number of each
    wave and the imports as they stand say whether anything is different.
    """
    return _fingerprint(study, _numbers([study]), _brought(study.project_code))


def _brought(code: str) -> list[list[Any]]:
    """The imports that brought answers to the project's studies: id and state."""
    brought = select(Import.id, Import.state).where(
        Import.project_code == code, Import.kind == RESPONSES, Import.created + Import.updated > 0
    )
    return [list(row) for row in db.session.execute(brought.order_by(Import.id))]


def _fingerprint(study: Study, numbers: Mapping[int, int], imports: Sequence[Sequence[Any]]) -> str:
    waves = [[wave.id, wave.key, wave.position, wave.instrument_id, numbers.get(wave.id, 0)] for wave in study.waves]
    versions = [[row.id, row.content_hash, row.mapping] for row in study.instruments if row.content_hash]
    known = json.dumps([MANNER, study.key, waves, versions, imports, [*study.margins.items()]], sort_keys=True)
    return hashlib.sha256(known.encode()).hexdigest()
