"""The questionnaire that a survey can start from."""

from functools import cache
from pathlib import Path

from portal.surveys.rules.instrument_files import StudyFile, parse_study_file

STARTER = Path(__file__).parents[1] / "starter.toml"


@cache
def get_starter() -> StudyFile:
    """The starter questionnaire in three languages, which nobody has validated, with a wave before and one after."""
    return parse_study_file(STARTER.read_bytes(), name=STARTER.name, complete=True)
