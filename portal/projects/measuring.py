"""What rooms above this one know of measures: what a measure names that is not there, and what there is to choose.

A project file may name what is made later; pages refuse it where it is chosen, and say of what stands that it is not
there yet.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from portal.core.errors import InvalidInputs, Problem
from portal.projects.rules.merging import Rows
from portal.projects.rules.readers import join
from portal.projects.rules.targets import expected_number

# Values with their words.
Named = Sequence[tuple[str, str]]
# A measure and what is expected of its figure, as people know it.
Aim = tuple[Mapping[str, Any], Decimal]


class Room(NamedTuple):
    """What a room says of measures of a kind that it counts.

    `problems`: a project's code and measures -> what each names that is not there, `where` being the measure's option.
    `choices`: a project's code -> option -> the values (with their words) that it may have.
    `target_problems`: a project's code and aims -> why the target of each can never be its figure, at "target".
    """

    problems: Callable[[str, Sequence[Mapping[str, Any]]], list[list[Problem]]]
    choices: Callable[[str], Mapping[str, Named]]
    target_problems: Callable[[str, Sequence[Aim]], list[list[Problem]]]


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
    for room, keys in _speaking(measures):
        found |= zip(keys, room.problems(code, [measures[key] for key in keys]), strict=True)
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
    problems += _target_problems(code, before, after, [key]).get(key, [])
    if problems:
        raise InvalidInputs(problems)


def check_targets(code: str, before: Rows, after: Rows) -> None:
    """Raise InvalidInputs at their places in the file for targets that are new and can never be the figure."""
    found = _target_problems(code, before, after, after.get("indicators", {}))
    problems = [
        each._replace(where=join("indicators", key, each.where)) for key, mine in found.items() for each in mine
    ]
    if problems:
        raise InvalidInputs(problems)


def _target_problems(code: str, before: Rows, after: Rows, keys: Iterable[str]) -> dict[str, list[Problem]]:
    """Key -> what is wrong with that indicator's target, of those where that or the measure is another one than before.

    What a room reads for that, it reads once for all of them.
    """
    were, are = before.get("indicators", {}), after.get("indicators", {})
    aims = {key: aim for key in keys if (aim := _aim(are.get(key))) is not None and aim != _aim(were.get(key))}
    found: dict[str, list[Problem]] = {}
    for room, mine in _speaking({key: measure for key, (measure, _) in aims.items()}):
        found |= zip(mine, room.target_problems(code, [aims[key] for key in mine]), strict=True)
    return {key: found[key] for key in aims if key in found}


def _aim(indicator: Mapping[str, Any] | None) -> Aim | None:
    """What the indicator measures and what is expected of it; None unless it has both."""
    measure, target = ((indicator or {}).get(name) for name in ("measure", "target"))
    if not isinstance(measure, Mapping) or not isinstance(target, int):
        return None
    return measure, Decimal(expected_number(target, measure["kind"]) or 0)


def _speaking(measures: Mapping[str, Any]) -> Iterator[tuple[Room, list[str]]]:
    """Each room that speaks for some of the measures, with the keys of those."""
    for kind, room in _rooms.items():
        keys = [key for key, each in measures.items() if isinstance(each, Mapping) and each["kind"] == kind]
        if keys:
            yield room, keys
