"""What may be said of an analysis in plain words: never more than its figures carry.

A change is told only where its interval leaves out none at all and its p, corrected for the number of comparisons, is
below 0.05; otherwise "we cannot tell" is the answer. Nothing here says why something has changed.
Source: rules of surveys, "Analysis".
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

LEVEL: Final = 0.05
# Means of fewer people than these move far by chance.
SMALL_SAMPLE: Final = 30
# The usual words for standardised effects: below the first it is tiny. Source: Cohen 1988, ch. 2.2.
SIZES: Final = ((0.2, "tiny"), (0.5, "small"), (0.8, "medium"))
LARGE: Final = "large"

INDEPENDENT: Final = "independent"
PAIRED: Final = "paired"
OVERLAPPING: Final = "partially_overlapping"

Result = Mapping[str, Any]


class Verdict(StrEnum):
    """What an analysis lets us say of a change."""

    RISEN = "risen"
    FALLEN = "fallen"
    UNKNOWN = "unknown"
    WITHHELD = "withheld"
    NONE = "none"


class Part(NamedTuple):
    """A sentence: its code, and its values; scales, groups, levels and waves are named by their keys."""

    code: str
    values: Mapping[str, Any] = {}


class Telling(NamedTuple):
    """The plain paragraph, and the limits that belong beneath it."""

    paragraph: tuple[Part, ...]
    limits: tuple[Part, ...]


class Ends(NamedTuple):
    """The two waves between which a change is told: their keys."""

    first: str
    last: str


def tell(result: Result) -> Telling:
    """The paragraph and the limits of an analysis as interfaces 4 writes it."""
    return Telling(tuple(_paragraph(result)), tuple(_limits(result)))


def tell_scale(result: Result, scale: Result) -> Iterator[Part]:
    """What may be said of the change of this scale; nothing where no two waves are compared."""
    ends = ends_of(result)
    if ends is not None:
        yield from _of_scale(scale, verdict(scale.get("change")), ends)


def is_withheld(figure: object) -> bool:
    """Whether the figure stands for fewer people than are told of."""
    return isinstance(figure, Mapping) and bool(figure.get("suppressed"))


def verdict(change: Result | None) -> Verdict:
    """What this change lets us say."""
    if not change:
        return Verdict.NONE
    if is_withheld(change):
        return Verdict.WITHHELD
    tests, (low, high) = change.get("tests") or [{}], change.get("ci") or (None, None)
    if low is None or high is None or not is_told(tests[0]):
        return Verdict.UNKNOWN
    if low > 0:
        return Verdict.RISEN
    return Verdict.FALLEN if high < 0 else Verdict.UNKNOWN


def is_told(test: Result) -> bool:
    """Whether what the test finds may be told: its p is below the level after correction for its family."""
    p = test.get("p_holm")
    return p is not None and p < LEVEL


def size_of(change: Result) -> str:
    """How large the change is against how far answers lie apart: tiny, small, medium, large; '' where not known."""
    value = next((each.get("value") for each in change.get("effects") or []), None)
    if value is None:
        return ""
    return next((name for limit, name in SIZES if abs(value) < limit), LARGE)


def ends_of(result: Result) -> Ends | None:
    """The two waves that are compared; None where there are not two with enough answers."""
    compared = result.get("compared") or ()
    return Ends(*compared) if len(compared) == 2 else None


def group_verdicts(result: Result) -> dict[tuple[str, str, str], Verdict]:
    """(scale, group, level) -> what the change of this level lets us say."""
    return {
        (scale["key"], group, level): verdict(figures if is_withheld(figures) else figures.get("change"))
        for scale in result["scales"]
        for group, levels in (scale.get("groups") or {}).items()
        for level, figures in levels.items()
    }


def _paragraph(result: Result) -> Iterator[Part]:
    ends = ends_of(result)
    yield from _asked(result)
    if ends is None:
        yield Part("one-wave")
        return
    for scale in result["scales"]:
        yield from tell_scale(result, scale)
    groups = list(_of_groups(result))
    yield from groups
    verdicts = {verdict(scale.get("change")) for scale in result["scales"]}
    if verdicts & {Verdict.RISEN, Verdict.FALLEN} or any(part.code in ("opposite", "differs") for part in groups):
        yield Part("cause")
    yield Part("who-answered")


def _asked(result: Result) -> Iterator[Part]:
    """How many answered in each wave; a wave without answers is not spoken of."""
    for wave in result["waves"]:
        if is_withheld(wave):
            yield Part("wave-withheld", {"wave": wave["key"]})
        elif wave.get("n"):
            yield Part("asked", {"wave": wave["key"], "n": wave["n"]})


def _of_scale(scale: Result, found: Verdict, ends: Ends) -> Iterator[Part]:
    if found in (Verdict.NONE, Verdict.WITHHELD):
        yield Part(f"scale-{found}", {"scale": scale["key"]})
        return
    change, (first, last) = scale["change"], (scale["waves"].get(end) or {} for end in ends)
    low, high = change.get("ci") or (None, None)
    values = {
        "scale": scale["key"],
        "first": first.get("mean"),
        "last": last.get("mean"),
        "least": scale.get("least"),
        "most": scale.get("most"),
    }
    if low is None:
        yield Part("scale-no-interval", values)
    else:
        yield Part(f"scale-{found}", {**values, "low": low, "high": high})
    if found != Verdict.UNKNOWN and size_of(change):
        yield Part(f"size-{size_of(change)}")


def _of_groups(result: Result) -> Iterator[Part]:
    """Where the change differs between levels, in full; what cannot be told, once for each group."""
    verdicts = group_verdicts(result)
    unknown: dict[str, list[str]] = {}
    for scale in result["scales"]:
        for contrast in scale.get("contrasts") or []:
            by = contrast["by"]
            if is_withheld(contrast):
                continue
            if is_told(contrast):
                pair = {verdicts.get((scale["key"], by, level)) for level in contrast["levels"]}
                is_opposite = pair == {Verdict.RISEN, Verdict.FALLEN}
                yield Part("opposite" if is_opposite else "differs", _values(scale, contrast))
            elif scale["key"] not in unknown.setdefault(by, []):
                unknown[by].append(scale["key"])
    yield from (Part("difference-unknown", {"by": by, "scales": tuple(keys)}) for by, keys in unknown.items())


def _values(scale: Result, contrast: Result) -> dict[str, Any]:
    """The two levels with their changes, the one that rose more (or fell less) first."""
    levels = scale["groups"][contrast["by"]]
    order = contrast["levels"] if contrast["estimate"] > 0 else contrast["levels"][::-1]
    changes = [levels[level]["change"]["estimate"] for level in order]
    values = {"scale": scale["key"], "by": contrast["by"], "more": order[0], "less": order[1]}
    return values | {"change_more": changes[0], "change_less": changes[1]}


def _limits(result: Result) -> Iterator[Part]:
    yield Part("self-selected")
    designs = _designs(result)
    if designs:
        yield Part("no-comparison-group")
    yield from (Part(f"design-{design}") for design in (INDEPENDENT, OVERLAPPING, PAIRED) if design in designs)
    yield from _of_pairing(result)
    yield from _of_instruments(result)
    small = smallest(result)
    if small:
        yield Part("small-samples", {"limit": SMALL_SAMPLE, "places": small})
    if _withheld(result):
        yield Part("withheld", {"number": _withheld(result)})
    if designs:
        yield Part("many-tests")
    yield Part("weighted" if result.get("weighting") else "not-weighted")


def _designs(result: Result) -> list[str]:
    """The designs of the changes of scales, each once; those of items where there are no scales."""
    rows = result["scales"] or result.get("items") or []
    found = [(row.get("change") or {}).get("design") for row in rows]
    return list(dict.fromkeys(design for design in found if design))


def _of_pairing(result: Result) -> Iterator[Part]:
    pairing = result.get("pairing") or {}
    if pairing.get("matched") and not is_withheld(pairing):
        yield Part("false-matches", {"matched": pairing["matched"], "expected": pairing["expected_false_matches"]})


def _of_instruments(result: Result) -> Iterator[Part]:
    """That the waves did not ask the same, and that they asked it in several languages."""
    instrument = result["instrument"]
    if len(set(instrument["waves"].values())) > 1:
        yield Part("instruments-differ")
    if len(instrument["languages"]) > 1:
        yield Part("translations")


def smallest(result: Result) -> tuple[tuple[str, str, int], ...]:
    """(group, level, n) of whatever is told of few people, '' for everybody: n is the smallest number of them."""
    found: dict[tuple[str, str], int] = {}
    for scale in result["scales"]:
        _note_small(found, ("", ""), scale.get("waves") or {})
        for group, levels in (scale.get("groups") or {}).items():
            for level, figures in levels.items():
                _note_small(found, (group, level), figures.get("waves") or {})
    return tuple((group, level, n) for (group, level), n in found.items())


def _note_small(found: dict[tuple[str, str], int], place: tuple[str, str], waves: Mapping[str, Any]) -> None:
    numbers = [wave["n"] for wave in waves.values() if not is_withheld(wave) and wave.get("n")]
    if numbers and min(numbers) < SMALL_SAMPLE:
        found[place] = min(min(numbers), found.get(place, SMALL_SAMPLE))


def _withheld(result: Result) -> int:
    """How many changes of levels of groups are not told because too few people answered."""
    return sum(found == Verdict.WITHHELD for found in group_verdicts(result).values())
