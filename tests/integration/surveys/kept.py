"""An analysis that is kept, straight in the tables. Needs an app context and a survey."""

from typing import Any

from portal.core.db import transaction
from portal.surveys.models import Analysis, Study
from portal.surveys.queries.analyses import fingerprint
from tests.conftest import NOW


def keep_analysis(study_id: int, result: dict[str, Any]) -> None:
    """Keep the result as that of the survey's answers as they are."""
    with transaction() as session:
        study = session.get_one(Study, study_id)
        session.merge(Analysis(study_id=study_id, fingerprint=fingerprint(study), result=result, made_at=NOW))
