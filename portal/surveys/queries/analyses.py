"""What was made of a study's answers, and whether it is still of the answers as they are."""

import hashlib
import json
from collections.abc import Mapping
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
# Another number whenever the same answers give another result: what was kept before is made anew.
MANNER: Final = 3


class KeptAnalysis(NamedTuple):
    """The result as interfaces tell it, when it was made, and whether answers have come or gone since."""

    result: dict[str, Any]
    made_at: datetime
    is_current: bool


def find_analysis(study_id: int) -> KeptAnalysis | None:
    """What was made of the study's answers last, without waves of which too few are left; None if nothing was yet."""
    kept = db.session.get(Analysis, study_id)
    if kept is None:
        return None
    study = db.session.get_one(Study, study_id)
    is_current, result = kept.fingerprint == fingerprint(study), without_record(kept.result)
    return KeptAnalysis(result if is_current else _still_told(study, result), kept.made_at, is_current)


def without_record(result: Mapping[str, Any]) -> dict[str, Any]:
    """The result as interfaces tell it: without what the portal keeps beside it for itself."""
    return {key: value for key, value in result.items() if key != RECORD}


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


def _still_told(study: Study, result: dict[str, Any]) -> dict[str, Any]:
    numbers, keys = _numbers(study), {wave.key: wave.id for wave in study.waves}
    told = [wave["key"] for wave in result["waves"] if wave.get("n")]
    hidden = [key for key in told if numbers.get(keys.get(key, 0), 0) < MIN_RESPONDENTS]
    return without_waves(result, hidden) if hidden else result


def _numbers(study: Study) -> dict[int, int]:
    """Wave id -> how many have answered; of those where anybody has."""
    counted = select(Response.wave_id, func.count()).join(Wave).where(Wave.study_id == study.id)
    return {row[0]: row[1] for row in db.session.execute(counted.group_by(Response.wave_id))}


def fingerprint(study: Study) -> str:
    """What tells the study's answers, versions and known shares from any others, without reading the answers.

    A response is stored once and never changed but by an import, and goes only with an import: so the number of each
    wave and the imports as they stand say whether anything is different.
    """
    numbers = _numbers(study)
    waves = [[wave.id, wave.key, wave.position, wave.instrument_id, numbers.get(wave.id, 0)] for wave in study.waves]
    versions = [[row.id, row.content_hash, row.mapping] for row in study.instruments if row.content_hash]
    brought = select(Import.id, Import.state).where(
        Import.project_code == study.project_code, Import.kind == RESPONSES, Import.created + Import.updated > 0
    )
    imports = [list(row) for row in db.session.execute(brought.order_by(Import.id))]
    known = json.dumps([MANNER, study.key, waves, versions, imports, [*study.margins.items()]], sort_keys=True)
    return hashlib.sha256(known.encode()).hexdigest()
