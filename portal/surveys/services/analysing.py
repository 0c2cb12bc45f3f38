"""Analysing a study: what its answers say is computed once and kept until they change.

pandas, numpy and scipy are loaded by the first analysis, not by the pages that ask for one.
"""

from datetime import datetime
from typing import Any

from portal.audit.services import Subject, current_actor, record
from portal.core.db import db, transaction
from portal.core.errors import Conflict, NotFound
from portal.jobs import services as jobs
from portal.jobs.registry import JobClaim
from portal.jobs.services.work import finish_in
from portal.surveys.models import Analysis, Study
from portal.surveys.queries.analyses import ANALYSE_JOB, analysis_waits, find_analysis
from portal.surveys.queries.answers import compute
from portal.surveys.queries.studies import get_study


def analyse(study_id: int, *, now: datetime, claim: JobClaim | None = None) -> dict[str, Any]:
    """What the study's answers say, as interfaces write it: what is kept, as long as they have not changed, else anew.

    The job that asked, if one did, is done with it.
    Raise NotFound, Conflict (study-unpublished) while nothing is asked.
    """
    kept = find_analysis(study_id) if db.session.get(Study, study_id) else None
    if kept is not None and kept.is_current:
        return kept.result
    known, result = compute(study_id)
    with transaction() as session:
        study = session.get(Study, study_id, with_for_update=True)
        if study is None:
            raise NotFound("study-unknown")
        if claim is not None:
            finish_in(session, claim, now=now)
        session.merge(Analysis(study_id=study_id, fingerprint=known, result=result, made_at=now))
        record(session, "study_analysed", _subject(study), now=now, after={"number": result["instrument"]["number"]})
    return result


def request_analysis(code: str, key: str, *, now: datetime) -> None:
    """Let the worker analyse the project's study, unless it is to already or what is kept is of these answers.

    Raise NotFound, Conflict (study-unpublished) while nothing is asked.
    """
    with transaction() as session:
        study = session.get(Study, get_study(code, key).id, with_for_update=True)
        if study is None:
            raise NotFound("study-unknown")
        _check_published(study)
        kept = find_analysis(study.id)
        if analysis_waits(study.id) or (kept is not None and kept.is_current):
            return
        payload = {"project": code, "study": study.id}
        jobs.enqueue(session, ANALYSE_JOB, payload, now=now, asked_by=current_actor().id)


def _check_published(study: Study) -> None:
    if not any(wave.instrument_id for wave in study.waves):
        raise Conflict("study-unpublished")


def _subject(study: Study) -> Subject:
    return Subject("study", study.id, study.key, study.project_code)
