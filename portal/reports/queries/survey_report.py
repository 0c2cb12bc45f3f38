"""Reading what the report of a survey says: the survey, what it asks, and the last analysis of its answers."""

from collections.abc import Mapping
from typing import NamedTuple

from portal.activities.queries import has_examples
from portal.core.errors import NotFound
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.surveys.naming import Names
from portal.surveys.queries.analyses import KeptAnalysis, find_analysis
from portal.surveys.queries.fieldwork import sums_of_waves
from portal.surveys.queries.studies import StudyRow, find_published, get_study, published_documents
from portal.surveys.rules.fieldwork import FieldworkSums


class SurveyReport(NamedTuple):
    """The survey with the words of what it asks, its analysis, and the fingerprint of its questionnaire.

    `fieldwork`: key of the wave -> how many paper forms went out and came back, of waves with notes of fieldwork.
    """

    project: Project
    study: StudyRow
    names: Names
    kept: KeptAnalysis
    content_hash: str
    is_example: bool
    fieldwork: Mapping[str, FieldworkSums]


def survey_report(code: str, key: str) -> SurveyReport:
    """The report of the survey as it was analysed last; raise NotFound, also if it never was."""
    study = get_study(code, key)
    published, kept = find_published(study), find_analysis(study.id)
    if published is None or kept is None:
        raise NotFound("analysis-missing")
    names = Names(published_documents(study))
    return SurveyReport(
        get_project(code), study, names, kept, published.content_hash, has_examples(code), sums_of_waves(study)
    )
