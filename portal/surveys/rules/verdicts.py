"""What an analysis says of a change: its verdict, how large it is, and whether a figure may be told at all.

Source: rules of surveys, "Analysis".
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

from portal.surveys.rules.judging import CANNOT_TELL, DOWN, UP

# The usual words for standardised effects: below the first it is tiny. Source: Cohen 1988, ch. 2.2.
STANDARDISED: Final = frozenset({"hedges_g", "d_z"})
SIZES: Final = ((0.2, "tiny"), (0.5, "small"), (0.8, "medium"))
LARGE: Final = "large"

Result = Mapping[str, Any]


class Verdict(StrEnum):
    """What an analysis lets us say of a change."""

    RISEN = "risen"
    FALLEN = "fallen"
    UNKNOWN = "unknown"
    WITHHELD = "withheld"
    NONE = "none"


_STATED: Final = {UP: Verdict.RISEN, DOWN: Verdict.FALLEN, CANNOT_TELL: Verdict.UNKNOWN}
# What is told as a change.
TOLD: Final = (Verdict.RISEN, Verdict.FALLEN)


class Part(NamedTuple):
    """A sentence: its code, and its values; scales, groups, levels and waves are named by their keys."""

    code: str
    values: Mapping[str, Any] = {}


class Ends(NamedTuple):
    """The two waves between which a change is told: their keys."""

    first: str
    last: str


def is_withheld(figure: object) -> bool:
    """Whether the figure stands for fewer people than are told of."""
    return isinstance(figure, Mapping) and bool(figure.get("suppressed"))


def verdict(change: Result | None) -> Verdict:
    """What this change lets us say."""
    if not change:
        return Verdict.NONE
    if is_withheld(change):
        return Verdict.WITHHELD
    return _STATED[change["verdict"]]


def differs(contrast: Result) -> bool:
    """Whether the changes of two levels differ, so far as this contrast lets us say."""
    return contrast["verdict"] in (UP, DOWN)


def size_of(change: Result) -> str:
    """How large the change is against how far answers lie apart: tiny, small, medium, large; '' where not known."""
    effects = change.get("effects") or []
    value = next((each.get("value") for each in effects if each["name"] in STANDARDISED), None)
    if value is None:
        return ""
    return next((name for limit, name in SIZES if abs(value) < limit), LARGE)


def ends_of(result: Result) -> Ends | None:
    """The two waves that are compared; None where nobody answered in one of them."""
    compared = result.get("compared") or ()
    empty = {wave["key"] for wave in result["waves"] if not is_withheld(wave) and not wave.get("n")}
    return Ends(*compared) if len(compared) == 2 and not empty & {*compared} else None


def group_verdicts(result: Result) -> dict[tuple[str, str, str], Verdict]:
    """(scale, group, level) -> what the change of this level lets us say."""
    return {
        (scale["key"], group, level): verdict(figures if is_withheld(figures) else figures.get("change"))
        for scale in result["scales"]
        for group, levels in (scale.get("groups") or {}).items()
        for level, figures in levels.items()
    }
