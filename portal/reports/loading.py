"""Reading a project file from disk and giving each feature its part."""

import tomllib
from datetime import datetime
from pathlib import Path

from portal.core.errors import InvalidInput
from portal.projects.rules.project_file import read_project_file
from portal.projects.services import Loaded, load_project

LARGEST_FILE = 2_000_000


def load_file(path: Path, *, now: datetime) -> Loaded:
    """Load the TOML project file at `path`; raise InvalidInput with every problem, and then nothing is stored."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise InvalidInput("file-unreadable", name=path.name) from error
    if len(raw) > LARGEST_FILE:
        raise InvalidInput("file-too-large", name=path.name)
    try:
        stated = tomllib.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InvalidInput("file-not-toml", name=path.name, reason=str(error)) from error
    return load_project(read_project_file(stated), now=now)
