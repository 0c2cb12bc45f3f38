"""What rooms above this one know of measures: what a measure names that is not there, and what there is to choose.

A project file may name what is made later; pages refuse it where it is chosen, and say of what stands that it is not
there yet.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from portal.core.errors import InvalidInputs, Problem
from portal.projects.rules.merging import Rows

# Values with their words.
Named = Sequence[tuple[str, str]]


class Room(NamedTuple):
    """What a room says of measures of a kind that it counts.

    `problems`: a project's code and measures -> what each names that is not there, `where` being the measure's option.
    `choices`: a project's code -> option -> the values (with their words) that it may have.
    """

    problems: Callable[[str, Sequence[Mapping[str, Any]]], list[list[Problem]]]
    choices: Callable[[str], Mapping[str, Named]]


_rooms: dict[str, Room] = {}


def register(kind: str, room: Room) -> None:
    """Let a room speak for measures of this kind."""
    _rooms[kind] = room


def problems_of(code: str, measure: Any) -> list[Problem]:
    """What a measure of the project names that is not there; empty of kinds that no room speaks for."""
    return next(iter(problems_by_key(code, {"": measure}).values()), [])


def problems_by_key(code: str, measures: Mapping[str, Any]) -> dict[str, list[Problem]]:
    """Key -> what that measure of the project names that is not there; without those that no room speaks for.

    What a room reads for that, it reads once for all of them.
    """
    found: dict[str, list[Problem]] = {}
    for kind, room in _rooms.items():
        mine = {key: each for key, each in measures.items() if isinstance(each, Mapping) and each["kind"] == kind}
        if mine:
            found |= zip(mine, room.problems(code, list(mine.values())), strict=True)
    return found


def choices_for(code: str, kind: str) -> Mapping[str, Named]:
    """Option -> what there is to choose in the project, of measures of this kind."""
    room = _rooms.get(kind)
    return room.choices(code) if room else {}


def check_measure(code: str, before: Rows, after: Rows, key: str) -> None:
    """Raise InvalidInputs at its fields if the indicator's measure is another one and names what is not there."""
    was, is_now = ((rows.get("indicators", {}).get(key) or {}).get("measure") for rows in (before, after))
    problems = [] if was == is_now else problems_of(code, is_now)
    if problems:
        raise InvalidInputs([each._replace(where=f"measure_{each.where}") for each in problems])
