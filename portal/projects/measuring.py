"""What rooms above this one know of measures: what a measure names that is not there, and what there is to choose.

A project file may name what is made later; pages refuse it where it is chosen, and say of what stands that it is not
there yet.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from portal.core.errors import InvalidInputs, Problem
from portal.projects.rules.merging import Rows
from portal.projects.rules.readers import join
from portal.projects.rules.targets import expected_number

# Values with their words.
Named = Sequence[tuple[str, str]]


class Room(NamedTuple):
    """What a room says of measures of a kind that it counts.

    `problems`: a project's code and measures -> what each names that is not there, `where` being the measure's option.
    `choices`: a project's code -> option -> the values (with their words) that it may have.
    `target_problems`: a project's code, a measure and its target -> why that can never be its figure, at "target".
    """

    problems: Callable[[str, Sequence[Mapping[str, Any]]], list[list[Problem]]]
    choices: Callable[[str], Mapping[str, Named]]
    target_problems: Callable[[str, Mapping[str, Any], Decimal], list[Problem]]


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
    """Raise InvalidInputs at its fields if the indicator's measure is another one and names what is not there.

    So too if its target, or what that is of, is another one and can never be the figure.
    """
    was, is_now = ((rows.get("indicators", {}).get(key) or {}).get("measure") for rows in (before, after))
    missing = [] if was == is_now else problems_of(code, is_now)
    problems = [each._replace(where=f"measure_{each.where}") for each in missing]
    problems += _target_problems(code, before, after, key)
    if problems:
        raise InvalidInputs(problems)


def check_targets(code: str, before: Rows, after: Rows) -> None:
    """Raise InvalidInputs at their places in the file for targets that are new and can never be the figure."""
    problems = [
        each._replace(where=join("indicators", key, each.where))
        for key in after.get("indicators", {})
        for each in _target_problems(code, before, after, key)
    ]
    if problems:
        raise InvalidInputs(problems)


def _target_problems(code: str, before: Rows, after: Rows, key: str) -> Iterator[Problem]:
    """What is wrong with the indicator's target, if that or the measure is another one than before."""
    was, is_now = (rows.get("indicators", {}).get(key) or {} for rows in (before, after))
    measure, target = is_now.get("measure"), is_now.get("target")
    if not isinstance(measure, Mapping) or not isinstance(target, int):
        return
    room = _rooms.get(str(measure["kind"]))
    if room is not None and (was.get("measure"), was.get("target")) != (measure, target):
        yield from room.target_problems(code, measure, Decimal(expected_number(target, measure["kind"]) or 0))
