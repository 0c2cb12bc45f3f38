"""Whether everyone may know a figure of a wave: not where it is of a few, nor where a few follow from it.

What the public page tells of the wave is known beside it: how many answered, and of each question how many gave each
answer, as long as none of these numbers is small. Source: rules of the domain 5 and 6.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.surveys.rules.disclosure import is_few
from portal.surveys.rules.documents import MULTIPLE


def may_tell_item(told: Mapping[str, Any]) -> bool:
    """Whether a figure of a question tells of no few: as many as gave each answer, or none, are 0 or enough.

    Of a question whose answers are not counted, who did not answer is looked at alone. `told` are the figures of the
    question in the wave.
    """
    return not any(map(is_few, _numbers(told)))


def may_tell_share(told: Mapping[str, Any], people: int) -> bool:
    """Whether the share of people above the middle of a scale tells of no few: of them, of the others, of the rest.

    `people` is how many answered in the wave.
    """
    above = round(told["above_middle"] * told["n"])
    return not any(map(is_few, (above, told["n"] - above, people - told["n"])))


def may_tell_number(told: Mapping[str, Any], people: int) -> bool:
    """Whether it may be said of how many of the `people` of the wave a mean is: not where a few are left."""
    return not is_few(people - told["n"])


def _numbers(told: Mapping[str, Any]) -> Iterator[int]:
    yield from (told.get("missing") or {}).values()
    for number in (told.get("counts") or {}).values():
        yield number
        if told.get("kind") == MULTIPLE:
            # Of several choices it is told of each how many did not choose it.
            yield told["n"] - number
