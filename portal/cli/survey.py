"""Commands about surveys: loading what they ask."""

from pathlib import Path

import click

from portal.accounts.rules import Permission
from portal.cli.context import in_app, own_reach, print_json, with_actor, with_format
from portal.cli.survey_analysis import analyse
from portal.core import clock
from portal.core.errors import InvalidInput, NotFound
from portal.surveys.rules.instrument_files import LARGEST_FILE, StudyFile, parse_study_file
from portal.surveys.services.studies import LoadedStudy, WaveDifference, load_study


@click.group()
def survey() -> None:
    """Attitude surveys: their questionnaires and what was answered."""


@survey.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@with_format
@in_app
@with_actor
def survey_load(file: Path, shape: str) -> None:
    """Create a survey from its TOML FILE and publish it; the same file again changes nothing."""
    study = parse_study_file(_read(file), name=file.name, complete=True)
    loaded = _load(study)
    if shape == "json":
        print_json(
            {
                "study": study.key,
                "project": study.project,
                "result": loaded.result,
                "version": loaded.number,
                "hash": loaded.content_hash,
                "differences": [difference._asdict() for difference in loaded.differences],
            }
        )
        return
    click.echo(_loaded_line(study.key, loaded))
    for difference in loaded.differences:
        click.echo(f"  {_difference_line(difference)}")


def _load(study: StudyFile) -> LoadedStudy:
    """What loading did; raise NotFound, at the project in the file, where there is none or it is not open to one."""
    try:
        own_reach(Permission.EDIT_STUDIES, study.project)
        return load_study(study, now=clock.now())
    except NotFound as error:
        raise NotFound(error.problem.code, where="study.project", **error.problem.values) from None


def _read(file: Path) -> bytes:
    """The file, or as much of it as tells that it is too large; raise InvalidInput if it cannot be read."""
    try:
        with file.open("rb") as stream:
            return stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise InvalidInput("file-unreadable", name=file.name) from error


def _loaded_line(key: str, loaded: LoadedStudy) -> str:
    return f"{key}: {loaded.result}. Version {loaded.number} is published; its fingerprint is {loaded.content_hash}."


def _difference_line(difference: WaveDifference) -> str:
    column = "opens" if difference.column == "opens_on" else difference.column
    kept, stated = difference.kept or "none", difference.stated or "none"
    return f"waves.{difference.wave}.{column}: the portal's {kept} is kept; the file says {stated}."


survey.add_command(analyse)

COMMANDS = (survey,)
