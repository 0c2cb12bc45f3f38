"""What the figures of an analysis cannot carry: of whom they speak, how they were compared, what is withheld."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from portal.surveys.rules.judging import INDEPENDENT, OVERLAPPING, PAIRED
from portal.surveys.rules.verdicts import Part, Result, Verdict, group_verdicts, is_withheld

# Means of fewer people than these move far by chance.
SMALL_SAMPLE: Final = 30


def find_limits(result: Result) -> Iterator[Part]:
    """The limits of this analysis in the order in which they are told."""
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
