"""Analysing a study: what its answers say is computed once and kept until they change.

pandas, numpy and scipy are loaded by the first analysis, not by the pages that ask for one.
"""

from datetime import date, datetime
from typing import Any

from portal.audit.services import current_actor, record
from portal.core.db import db, transaction
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.jobs import services as jobs
from portal.jobs.registry import JobClaim
from portal.jobs.services.work import finish_in
from portal.projects.queries import get_project
from portal.projects.rules.closing import check_open
from portal.surveys.models import Analysis, Study
from portal.surveys.queries.analyses import (
    ANALYSE_JOB,
    RECORD,
    KeptAnalysis,
    analysis_waits,
    find_analysis,
    fingerprint,
    without_record,
)
from portal.surveys.queries.answers import compute
from portal.surveys.queries.standing import day_of, get_standing, is_due, make_record
from portal.surveys.queries.studies import get_study
from portal.surveys.rules.disclosure import MIN_RESPONDENTS
from portal.surveys.services.rows import held_study, subject


def analyse(
    study_id: int, *, now: datetime, despite_few: bool = False, claim: JobClaim | None = None
) -> dict[str, Any]:
    """What the study's answers say, as interfaces write it: what is kept, as long as they have not changed, else anew.

    What is kept stays too while 1 to 9 answers of any wave have changed, unless no wave takes answers and that is to be
    told `despite_few`: see `request_analysis`.
    Beside the result the portal keeps how many answers there were, and what everyone is told of waves that are over.
    What somebody else has kept meanwhile stays, unless only this is of the answers as they are. The job that asked, if
    one did, is done with it.
    Raise NotFound, Conflict (study-unpublished) while nothing is asked, Conflict if the project is closed and everyone
    is told already what they can be.
    """
    study = db.session.get(Study, study_id)
    if study is None:
        raise NotFound("study-unknown")
    kept, today = find_analysis(study_id), day_of(study, now)
    if kept is not None and _stays(study, kept, today, despite_few=despite_few):
        return kept.result
    _check_takes(study, today)
    before = kept.made_at if kept else None
    known, result = compute(study_id)
    own = make_record(study, today, known, result)
    with transaction() as session:
        study = held_study(session, study_id)
        if claim is not None:
            finish_in(session, claim, now=now)
        meanwhile = session.get(Analysis, study_id, populate_existing=True)
        if meanwhile is not None and meanwhile.made_at != before:
            if known != fingerprint(study):
                return without_record(meanwhile.result)
            # What somebody else has counted meanwhile stays as it is.
            own = make_record(study, today, known, result)
        kept, standing = find_analysis(study_id), get_standing(study, today, own["answers"])
        if kept is not None and standing is not None and standing.is_held(despite_few=despite_few):
            return kept.result
        session.merge(Analysis(study_id=study_id, fingerprint=known, result={**result, RECORD: own}, made_at=now))
        record(session, "study_analysed", subject(study), now=now, after={"number": result["instrument"]["number"]})
    return result


def request_analysis(code: str, key: str, *, now: datetime, despite_few: bool = False) -> None:
    """Let the worker analyse the project's study, unless it is to already or what is kept is of these answers.

    Two results tell those who compare them what the people answered who came between. So while a wave takes answers,
    nothing is analysed anew as long as 1 to 9 answers of any wave have come, gone or been replaced since. Once no wave
    takes answers, late forms and files are analysed however few they are, but only `despite_few`: whoever asks may hold
    the answers themselves then, though other members of the project may not. What cannot be told: how many of a level,
    or of those who answered one question, are among 10 or more that changed; answers that were taken back while others
    came from the same place; and what was analysed before the last time.
    A closed project changes no more, but its waves are over: it is analysed until everyone is told of them.
    Raise NotFound, Conflict (analysis-few, or study-unpublished while nothing is asked), Conflict if the project is
    closed and everyone is told already what they can be, InvalidInput where few would be told of unasked.
    """
    with transaction() as session:
        study = held_study(session, get_study(code, key).id)
        today = day_of(study, now)
        _check_takes(study, today)
        _check_published(study)
        kept, standing = find_analysis(study.id), get_standing(study, today)
        if analysis_waits(study.id) or (kept is not None and kept.is_current and not (standing and standing.is_due)):
            return
        if standing is not None and standing.is_refused:
            raise Conflict("analysis-few", least=MIN_RESPONDENTS)
        if standing is not None and standing.is_held(despite_few=despite_few):
            raise InvalidInput("analysis-tells-of-few", where="despite_few", least=MIN_RESPONDENTS)
        payload = {"project": code, "study": study.id, "despite_few": despite_few}
        jobs.enqueue(session, ANALYSE_JOB, payload, now=now, asked_by=current_actor().id)


def _stays(study: Study, kept: KeptAnalysis, today: date, *, despite_few: bool) -> bool:
    """Whether what is kept is of the answers as they are, or an analysis of these would tell of few people."""
    standing = get_standing(study, today)
    if standing is None:
        return False
    return standing.is_held(despite_few=despite_few) or (kept.is_current and not standing.is_due)


def _check_takes(study: Study, today: date) -> None:
    if not is_due(study, today):
        check_open(get_project(study.project_code).status)


def _check_published(study: Study) -> None:
    if not any(wave.instrument_id for wave in study.waves):
        raise Conflict("study-unpublished")
