"""The known shares of the population that answers are weighted to: how they are kept, and what they must agree on.

Source: rules of surveys, "Analysis" (raking to known margins).
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from portal.core.errors import Problem
from portal.core.money import FULL_RATE, BasisPoints
from portal.surveys.rules.documents import Group
from portal.surveys.rules.places import join

# Shares are rounded where they are published: so far, in hundredths of a percent, their sum may miss the whole.
ROUNDED: Final = 5
LONGEST_SOURCE: Final = 300


class Margin(NamedTuple):
    """The share of each level of a group in the population (0: none is known), and where the shares come from."""

    shares: Mapping[str, BasisPoints]
    source: str


# By the key of the group.
Margins = Mapping[str, Margin]


def margins_to_content(margins: Margins) -> dict[str, Any]:
    """The margins as JSON holds them: shares in whole hundredths of a percent."""
    return {group: {"shares": dict(each.shares), "source": each.source} for group, each in margins.items()}


def margins_from_content(content: Mapping[str, Any]) -> dict[str, Margin]:
    """The margins that `margins_to_content` wrote."""
    return {group: Margin(each["shares"], each["source"]) for group, each in content.items()}


def misfits(groups: Sequence[Group], margins: Margins) -> list[str]:
    """The groups of the margins that are asked no more, or not with just these levels."""
    asked = {group.key: {level.key for level in group.levels} for group in groups}
    return [group for group, margin in margins.items() if asked.get(group) != {*margin.shares}]


def sources_of(margins: Margins) -> str:
    """Where the shares come from, each source once."""
    return "; ".join(dict.fromkeys(each.source for each in margins.values()))


def margin_problems(groups: Sequence[Group], margins: Margins) -> Iterator[Problem]:
    """What is wrong with the margins of an instrument with these groups, each at its place in a file (margins.#1)."""
    asked = {group.key: [level.key for level in group.levels] for group in groups}
    for number, (key, margin) in enumerate(margins.items(), start=1):
        where = join("margins", f"#{number}")
        if not margin.source.strip():
            yield Problem("margin-source-missing", join(where, "source"))
        elif len(margin.source) > LONGEST_SOURCE:
            yield Problem("answer-too-long", join(where, "source"), {"most": LONGEST_SOURCE})
        if key in asked:
            yield from _share_problems(asked[key], margin, join(where, "shares"))
        else:
            yield Problem("margin-group-unknown", join(where, "group"), {"key": key, "allowed": list(asked)})


def _share_problems(levels: Sequence[str], margin: Margin, where: str) -> Iterator[Problem]:
    unknown = [level for level in margin.shares if level not in levels]
    missing = [level for level in levels if level not in margin.shares]
    yield from (
        Problem("group-level-unknown", join(where, each), {"value": each, "allowed": levels}) for each in unknown
    )
    yield from (Problem("margin-share-missing", join(where, each), {"level": each}) for each in missing)
    miss = sum(margin.shares.values()) - FULL_RATE
    if not unknown and not missing and abs(miss) > ROUNDED:
        values = {
            "case": "more" if miss > 0 else "less",
            "sum": Decimal(FULL_RATE + miss).scaleb(-2),
            "miss": Decimal(abs(miss)).scaleb(-2),
        }
        yield Problem("margin-sum", where, values)
