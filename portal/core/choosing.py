"""What an address asks of a list: choices that do not exist are refused one by one, and the others stay."""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from portal.core.errors import Problem

# As much of a refused value as is repeated where it is refused.
LONGEST_SHOWN = 60

Chosen = TypeVar("Chosen", bound=tuple[Any, ...])


def unknown_value(where: str, value: str, allowed: Collection[str]) -> Problem:
    """That the value of the field is none of those allowed, of which there may be none yet."""
    code = "unknown-value" if any(allowed) else "unknown-value-of-none"
    return Problem(code, where, {"value": value[:LONGEST_SHOWN], "allowed": list(allowed)})


def without_refused(chosen: Chosen, known: Mapping[str, Collection[str]]) -> tuple[Chosen, list[Problem]]:
    """The choices (a NamedTuple of texts, '' is all) without those that do not exist, and why these were refused."""
    fields: Any = chosen
    asked = ((where, getattr(fields, where), allowed) for where, allowed in known.items())
    problems = [unknown_value(*each) for each in asked if each[1] and each[1] not in each[2]]
    return fields._replace(**dict.fromkeys((each.where for each in problems), "")), problems
