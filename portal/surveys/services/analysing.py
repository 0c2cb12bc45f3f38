"""Analysing a study: what its answers say is computed once and kept until they change.

pandas, numpy and scipy are loaded by the first analysis, not by the pages that ask for one.
"""

from datetime import datetime
from typing import Any

from portal.audit.services import current_actor, record
from portal.core.db import db, transaction
from portal.core.errors import Conflict, NotFound
from portal.jobs import services as jobs
from portal.jobs.registry import JobClaim
from portal.jobs.services.work import finish_in
from portal.projects.queries import get_project
from portal.projects.rules.closing import check_open
from portal.surveys.models import Analysis, Study
from portal.surveys.queries.analyses import ANALYSE_JOB, analysis_waits, find_analysis, fingerprint
from portal.surveys.queries.answers import compute
from portal.surveys.queries.studies import get_study
from portal.surveys.services.rows import hold_study, subject


def analyse(study_id: int, *, now: datetime, claim: JobClaim | None = None) -> dict[str, Any]:
    """What the study's answers say, as interfaces write it: what is kept, as long as they have not changed, else anew.

    What somebody else has kept meanwhile stays, unless only this is of the answers as they are.
    The job that asked, if one did, is done with it.
    Raise NotFound, Conflict (study-unpublished) while nothing is asked, Conflict if the project is closed.
    """
    study = db.session.get(Study, study_id)
    if study is None:
        raise NotFound("study-unknown")
    kept = find_analysis(study_id)
    if kept is not None and kept.is_current:
        return kept.result
    check_open(get_project(study.project_code).status)
    before = kept.made_at if kept else None
    known, result = compute(study_id)
    with transaction() as session:
        study = hold_study(session, study_id)
        if claim is not None:
            finish_in(session, claim, now=now)
        meanwhile = session.get(Analysis, study_id, populate_existing=True)
        if meanwhile is not None and meanwhile.made_at != before and known != fingerprint(study):
            return dict(meanwhile.result)
        session.merge(Analysis(study_id=study_id, fingerprint=known, result=result, made_at=now))
        record(session, "study_analysed", subject(study), now=now, after={"number": result["instrument"]["number"]})
    return result


def request_analysis(code: str, key: str, *, now: datetime) -> None:
    """Let the worker analyse the project's study, unless it is to already or what is kept is of these answers.

    Raise NotFound, Conflict (study-unpublished) while nothing is asked, Conflict if the project is closed.
    """
    with transaction() as session:
        study = hold_study(session, get_study(code, key).id)
        _check_published(study)
        kept = find_analysis(study.id)
        if analysis_waits(study.id) or (kept is not None and kept.is_current):
            return
        payload = {"project": code, "study": study.id}
        jobs.enqueue(session, ANALYSE_JOB, payload, now=now, asked_by=current_actor().id)


def _check_published(study: Study) -> None:
    if not any(wave.instrument_id for wave in study.waves):
        raise Conflict("study-unpublished")
