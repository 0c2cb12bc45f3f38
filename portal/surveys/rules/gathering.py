"""Warnings that say the same of several questions, scales or waves, gathered so that each is read once."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

# Values that differ from place to place: the lowest and the highest of them are told.
RANGED: Final = ("share", "alpha", "correlation")
# Other values that may differ without the warning saying anything else.
LOOSE: Final = ("wave", "n")


Ranged = Mapping[str, tuple[float, float]]


class Gathered(NamedTuple):
    """A warning with all its places and waves; `ranged` is name -> (lowest, highest) of the values that differ.

    `by_place` is the same of each place alone.
    """

    code: str
    where: tuple[str, ...]
    waves: tuple[str, ...]
    values: Mapping[str, Any]
    ranged: Ranged
    by_place: Mapping[str, Ranged]


def gather(warnings: Iterable[Mapping[str, Any]]) -> list[Gathered]:
    """The warnings in the order in which they first come: each place with its waves, then places of the same waves."""
    places: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for each in warnings:
        places.setdefault((*_same(each), str(each.get("where") or "")), []).append(each)
    found: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for (*same, _where), rows in places.items():
        found.setdefault((*same, _waves(rows)), []).extend(rows)
    return [_gathered(rows) for rows in found.values()]


def _same(warning: Mapping[str, Any]) -> tuple[Any, ...]:
    """What two warnings must have in common to be told as one."""
    values = warning.get("values") or {}
    loose = {*RANGED, *LOOSE} if "wave" in values else set()
    return warning["code"], tuple((name, repr(each)) for name, each in values.items() if name not in loose)


def _waves(rows: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each["values"]["wave"] for each in rows if "wave" in (each.get("values") or {})))


def _gathered(rows: list[Mapping[str, Any]]) -> Gathered:
    places: dict[str, list[Mapping[str, Any]]] = {}
    for each in rows:
        places.setdefault(str(each.get("where") or ""), []).append(each.get("values") or {})
    every = [values for each in places.values() for values in each]
    by_place = {where: _ranged(each) for where, each in places.items()}
    return Gathered(rows[0]["code"], tuple(places), _waves(rows), every[0], _ranged(every), by_place)


def _ranged(every: Iterable[Mapping[str, Any]]) -> dict[str, tuple[float, float]]:
    found = {name: [each[name] for each in every if name in each] for name in RANGED}
    return {name: (min(each), max(each)) for name, each in found.items() if each}
