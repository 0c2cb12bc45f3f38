"""Analysing a study: what its answers say is computed once and kept until they change.

pandas, numpy and scipy are loaded by the first analysis, not by the pages that ask for one.
"""

from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from portal.audit.services import current_actor, record
from portal.core.db import db, transaction
from portal.core.errors import Conflict, NotFound
from portal.jobs import services as jobs
from portal.jobs.registry import JobClaim
from portal.jobs.services.work import finish_in
from portal.projects.queries import get_project
from portal.projects.rules.closing import check_open
from portal.surveys.models import Analysis, Study
from portal.surveys.queries.analyses import (
    ANALYSE_JOB,
    RECORD,
    analysis_waits,
    find_analysis,
    fingerprint,
    without_record,
)
from portal.surveys.queries.answers import compute
from portal.surveys.queries.standing import get_standing, make_record
from portal.surveys.queries.studies import get_study
from portal.surveys.rules.disclosure import MIN_RESPONDENTS
from portal.surveys.services.rows import hold_study, subject

CLOSED: Final = "closed"


def analyse(study_id: int, *, now: datetime, claim: JobClaim | None = None) -> dict[str, Any]:
    """What the study's answers say, as interfaces write it: what is kept, as long as they have not changed, else anew.

    Beside the result the portal keeps how many answers there were, and the counts of waves that are over, by which
    everyone is told of them. What somebody else has kept meanwhile stays, unless only this is of the answers as they
    are. The job that asked, if one did, is done with it.
    Raise NotFound, Conflict (study-unpublished) while nothing is asked, Conflict if the project is closed.
    """
    study = db.session.get(Study, study_id)
    if study is None:
        raise NotFound("study-unknown")
    kept, project = find_analysis(study_id), get_project(study.project_code)
    today = now.astimezone(ZoneInfo(project.time_zone)).date()
    if kept is not None and kept.is_current and (project.status == CLOSED or not _is_due(study, today)):
        return kept.result
    check_open(project.status)
    before = kept.made_at if kept else None
    known, result = compute(study_id)
    own = make_record(study, today)
    with transaction() as session:
        study = hold_study(session, study_id)
        if claim is not None:
            finish_in(session, claim, now=now)
        meanwhile = session.get(Analysis, study_id, populate_existing=True)
        if meanwhile is not None and meanwhile.made_at != before and known != fingerprint(study):
            return without_record(meanwhile.result)
        session.merge(Analysis(study_id=study_id, fingerprint=known, result={**result, RECORD: own}, made_at=now))
        record(session, "study_analysed", subject(study), now=now, after={"number": result["instrument"]["number"]})
    return result


def request_analysis(code: str, key: str, *, now: datetime) -> None:
    """Let the worker analyse the project's study, unless it is to already or what is kept is of these answers.

    Two results tell those who compare them what the people answered who came between. So while a wave takes answers,
    nothing is analysed anew as long as 1 to 9 answers of any wave have come, gone or been replaced since. Once no wave
    takes answers late forms and files are analysed however few they are: whoever asks may hold the answers themselves
    then, though other members of the project may not. What cannot be told: how many of a level, or of those who
    answered one question, are among 10 or more that changed; answers that were taken back while others came from the
    same place; and what was analysed before the last time.
    Raise NotFound, Conflict (analysis-few, or study-unpublished while nothing is asked), Conflict if the project is
    closed.
    """
    with transaction() as session:
        study = hold_study(session, get_study(code, key).id)
        _check_published(study)
        kept, project = find_analysis(study.id), get_project(code)
        standing = get_standing(study, now.astimezone(ZoneInfo(project.time_zone)).date())
        if analysis_waits(study.id) or (kept is not None and kept.is_current and not (standing and standing.is_due)):
            return
        if standing is not None and standing.is_refused:
            raise Conflict("analysis-few", least=MIN_RESPONDENTS)
        payload = {"project": code, "study": study.id}
        jobs.enqueue(session, ANALYSE_JOB, payload, now=now, asked_by=current_actor().id)


def _is_due(study: Study, today: date) -> bool:
    standing = get_standing(study, today)
    return standing is not None and standing.is_due


def _check_published(study: Study) -> None:
    if not any(wave.instrument_id for wave in study.waves):
        raise Conflict("study-unpublished")
