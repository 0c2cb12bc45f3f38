"""Measures: what an indicator counts, and how. The counting itself belongs to the features that own the data."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final, NamedTuple

from portal.core.errors import Problem
from portal.projects.rules.readers import Reader, join, listed, table, value
from portal.projects.rules.values import LARGEST_NUMBER, read_flag, read_key, read_text, read_whole, read_word
from portal.projects.rules.vocabulary import BASES, EVENT_KINDS, GROUPS, MEASURE_KINDS, ORGANISATION_ROLES, STATISTICS


class Measure(NamedTuple):
    """What counts: its kind and that kind's options. An option at its default selects everything.

    The instrument's own words (`study`, `scale`, `item`, `wave`) are checked when there is such a study.
    """

    kind: str
    joint: bool | None = None
    public: bool | None = None
    event_kinds: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    exclude_groups: frozenset[str] = frozenset()
    work_package: int | None = None
    of: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()
    active: bool = False
    study: str = ""
    scale: str = ""
    item: str = ""
    wave: str = ""
    statistic: str = ""
    bases: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()


_PEOPLE: Final = ("joint", "public", "event_kinds", "groups", "exclude_groups", "work_package")

OPTIONS_BY_KIND: Final[Mapping[str, tuple[str, ...]]] = {
    "participations": _PEOPLE,
    "persons": _PEOPLE,
    "events": ("joint", "public", "event_kinds"),
    "organisations": ("roles", "active"),
    "sum": ("of",),
    "manual": (),
    "survey": ("study", "scale", "item", "wave", "statistic"),
    "hours": ("services",),
    "money": ("forms",),
    "assisted_persons": ("bases",),
}
"""The options each kind takes. Source: rules of the domain 4."""

REQUIRED_OPTIONS: Final[Mapping[str, tuple[str, ...]]] = {"sum": ("of",), "survey": ("study", "wave", "statistic")}

_NAME: Final = value(read_text, limit=40)
_KEYS: Final = listed(value(read_key))

_READERS: Final[Mapping[str, Reader]] = {
    "kind": value(read_word, words=MEASURE_KINDS),
    "joint": value(read_flag),
    "public": value(read_flag),
    "event_kinds": listed(value(read_word, words=EVENT_KINDS)),
    "groups": listed(value(read_word, words=GROUPS)),
    "exclude_groups": listed(value(read_word, words=GROUPS)),
    "work_package": value(read_whole, least=1, most=LARGEST_NUMBER),
    "of": _KEYS,
    "roles": listed(value(read_word, words=ORGANISATION_ROLES)),
    "active": value(read_flag),
    "study": _NAME,
    "scale": _NAME,
    "item": _NAME,
    "wave": _NAME,
    "statistic": value(read_word, words=STATISTICS),
    "bases": listed(value(read_word, words=BASES)),
    "services": _KEYS,
    "forms": _KEYS,
}


def read_measure(stated: object, where: str, problems: list[Problem]) -> Measure | None:
    """The measure that `stated` describes, in the project file or as stored; None if problems were added."""
    found: list[Problem] = []
    measure = _read_measure(stated, where, found)
    problems += found
    return measure


def measure_to_json(measure: Measure) -> dict[str, Any]:
    """The measure as it is stored: only the options that are set, their lists sorted, `of` in its order."""
    return {name: _as_json(option) for name, option in measure._asdict().items() if option != _UNSET[name]}


def sum_problems(measures: Mapping[str, Measure]) -> list[Problem]:
    """What is wrong with the sums among `measures` (by the indicator's key): unknown or survey parts, and cycles.

    Two cycles that share a member are named one after the other: the second once the first is mended.
    """
    problems = [
        Problem(code, _where_of(key), {"key": part})
        for key, measure in measures.items()
        for part in measure.of
        if (code := _part_problem(measures.get(part)))
    ]
    for cycle in _cycles({key: measure.of for key, measure in measures.items()}):
        problems.append(Problem("sum-cycle", _where_of(cycle[0]), {"cycle": " → ".join(cycle)}))
    return problems


_UNSET: Final[Mapping[str, object]] = {"kind": None, **Measure._field_defaults}


def _read_measure(stated: object, where: str, problems: list[Problem]) -> Measure | None:
    kind = stated.get("kind") if isinstance(stated, Mapping) else None
    if isinstance(stated, Mapping) and kind not in MEASURE_KINDS:
        # Which options it may take is not known: only the kind is looked at.
        stated = {key: part for key, part in stated.items() if key == "kind"}
    names = ("kind", *OPTIONS_BY_KIND.get(str(kind), ()))
    required = ("kind", *REQUIRED_OPTIONS.get(str(kind), ()))
    read = table({name: _READERS[name] for name in names}, required=required)(stated, where, problems)
    if kind == "survey" and ("scale" in read) == ("item" in read):
        problems.append(Problem("scale-or-item", where))
    return None if problems else Measure(**{name: _as_option(name, option) for name, option in read.items()})


def _as_option(name: str, option: Any) -> Any:
    if not isinstance(option, list):
        return option
    return tuple(option) if name == "of" else frozenset(option)


def _as_json(option: object) -> object:
    if isinstance(option, frozenset):
        return sorted(option)
    return list(option) if isinstance(option, tuple) else option


def _part_problem(measure: Measure | None) -> str:
    if measure is None:
        return "unknown-indicator"
    return "sum-of-survey" if measure.kind == "survey" else ""


def _where_of(key: str) -> str:
    return join("indicators", key, "measure", "of")


def _cycles(parts: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """The cycles among `parts`, from the member that stands first and back to it; no member is in two of them."""
    order = list(parts)
    left = {key: [part for part in of if part in parts] for key, of in parts.items()}
    cycles = []
    while cycle := _find_cycle(left):
        start = cycle.index(min(cycle, key=order.index))
        cycles.append([*cycle[start:], *cycle[: start + 1]])
        left.update({member: [] for member in cycle})
    return cycles


def _find_cycle(parts: Mapping[str, Iterable[str]]) -> list[str]:
    try:
        TopologicalSorter(parts).prepare()
    except CycleError as error:
        # The sorter names a part before its sum, and the first member again at the end.
        members: list[str] = error.args[1][:0:-1]
        return members
    return []
