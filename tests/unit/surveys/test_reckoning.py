"""Nobody reckons a figure of a few from those that are told: by adding, subtracting, and by what pairs leave over."""

from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from portal.surveys.rules.analysis.inputs import Asked, StudyAnswers, WaveAnswers
from portal.surveys.rules.analysis.whole import describe_study
from portal.surveys.rules.disclosure import MIN_RESPONDENTS, is_few
from portal.surveys.rules.documents import Choice, Group, Instrument, Item, Pairing, Scale
from portal.surveys.rules.pairing import PairingReport
from tests.integration.surveys.studies import FIVE

GROUPS = {"country": ("LT", "PL", "LV"), "age": ("young", "old")}
ASKED = Instrument(
    languages=("en",),
    title={},
    consent={},
    groups=tuple(Group(key, tuple(map(Choice, levels))) for key, levels in GROUPS.items()),
    items=(Item("q1", "likert", **FIVE), Item("q2", "likert", **FIVE)),
    scales=(Scale("one", ("q1",)), Scale("both", ("q1", "q2"))),
    pairing=Pairing("respondent"),
)
# A person's levels, and what they answered to both questions (0: nothing).
People = list[tuple[str | None, str | None, int, int]]
Numbers = NDArray[np.float64]

levels_of_one = [st.sampled_from([*levels, None]) for levels in GROUPS.values()]
blocks = st.tuples(*levels_of_one, st.integers(0, 5), st.integers(0, 5), st.integers(1, 14))
waves = st.lists(blocks, min_size=1, max_size=9).map(lambda found: [each[:4] for each in found for _ in range(each[4])])


def wave_of(key: str, people: People) -> WaveAnswers:
    """The wave as an analysis takes it."""
    given_ = {item: [each[place] for each in people] for item, place in (("q1", 2), ("q2", 3))}
    return WaveAnswers(
        key=key,
        asked=Asked(1, dict.fromkeys(given_, "")),
        size=len(people),
        languages=np.array(["en"] * len(people), object),
        levels={group: np.array([each[place] for each in people], object) for place, group in enumerate(GROUPS)},
        weights=None,
        numbers={item: np.array([each or np.nan for each in values], float) for item, values in given_.items()},
        counts={item: {str(step): values.count(step) for step in range(1, 6)} for item, values in given_.items()},
        answered={item: len(values) - values.count(0) for item, values in given_.items()},
        missing={item: {"dk": 0, "refused": 0, "none": values.count(0)} for item, values in given_.items()},
    )


def analysed(first: People, last: People, pairs: int, ambiguous: int = 0) -> dict[str, Any]:
    """What is told of both waves, the first so many of which are the same people."""
    places = np.array([[place, place] for place in range(pairs)], np.intp).reshape(pairs, 2)
    alone = len(first) + len(last) - 2 * pairs - ambiguous
    report = PairingReport(places, pairs, ambiguous, alone, 0.0)
    study = StudyAnswers("s", 1, "", ASKED, (wave_of("first", first), wave_of("last", last)), report)
    return describe_study(study)


def in_scale(scale: str, person: tuple[str | None, str | None, int, int]) -> bool:
    """Whether the person has a score."""
    return bool(person[2]) and (scale == "one" or bool(person[3]))


def follows(target: Numbers, known: list[Numbers]) -> bool:
    """Whether the target is a sum of what is known, each some times over."""
    if not known:
        return not target.any()
    table = np.array(known)
    return bool(np.linalg.matrix_rank(np.vstack([table, target])) == np.linalg.matrix_rank(table))


def told_of(scale: dict[str, Any], wave: str, cells: list[tuple[str | None, str | None]]) -> list[Numbers]:
    """The sums of cells that are told: of everybody, of levels, and of cells of levels that nobody is in."""
    known = [np.ones(len(cells))] if "n" in scale["waves"][wave] else []
    for place, (group, levels) in enumerate(GROUPS.items()):
        for level in levels:
            figures = scale["groups"][group][level].get("waves", {}).get(wave, {})
            mine = np.array([float(cell[place] == level) for cell in cells])
            if figures.get("n"):
                known.append(mine)
            elif figures.get("n") == 0:
                known += [row for row, is_mine in zip(np.eye(len(cells)), mine, strict=True) if is_mine]
    return known


@settings(deadline=None, max_examples=60)
@given(waves, waves)
def test_no_figure_of_a_few_of_a_group_follows_from_those_told(first: People, last: People) -> None:
    cells = [(country, age) for country in (*GROUPS["country"], None) for age in (*GROUPS["age"], None)]
    told = analysed(first, last, 0)
    for scale in told["scales"]:
        for wave, people in (("first", first), ("last", last)):
            known = told_of(scale, wave, cells)
            scored = [each for each in people if in_scale(scale["key"], each)]
            for place, levels in enumerate(GROUPS.values()):
                for size in range(1, len(levels) + 2):
                    for some in combinations((*levels, None), size):
                        if is_few(sum(each[place] in some for each in scored)):
                            assert not follows(np.array([float(cell[place] in some) for cell in cells]), known)
            for cell, row in zip(cells, np.eye(len(cells)), strict=True):
                # People of two levels at once are told of nowhere: nor do they follow, but where a level is one cell.
                if is_few(sum(each[:2] == cell for each in scored)):
                    assert not follows(row, known)


@settings(deadline=None, max_examples=60)
@given(waves, waves)
def test_no_change_and_no_contrast_tells_of_a_level_that_is_hidden(first: People, last: People) -> None:
    for scale in analysed(first, last, 0)["scales"]:
        hidden = {
            (group, level)
            for group, levels in scale["groups"].items()
            for level, told in levels.items()
            if "suppressed" in told or any("suppressed" in wave for wave in told["waves"].values())
        }
        for group, level in hidden:
            change = scale["groups"][group][level].get("change")
            assert change in (None, {"suppressed": True})
        for contrast in scale["contrasts"]:
            if {(contrast["by"], level) for level in contrast["levels"]} & hidden:
                assert contrast["suppressed"]


person = ("LT", "young", 3, 4)


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 45), st.integers(0, 30), st.integers(0, 30), st.integers(0, 20))
def test_no_few_without_a_partner_follow_from_sizes_and_pairs(pairs: int, one: int, two: int, doubtful: int) -> None:
    ambiguous = min(doubtful, one + two)
    sizes = [pairs + one, pairs + two]
    told = analysed([person] * sizes[0], [person] * sizes[1], pairs, ambiguous)
    pairing = told["pairing"]
    numbers = {name: pairing.get(name) for name in ("matched", "ambiguous", "unmatched")}
    assert not any(is_few(number) for number in numbers.values() if isinstance(number, int))
    if isinstance(numbers["matched"], int):
        matched = numbers["matched"]
        assert (
            not any(map(is_few, [matched, *(size - matched for size in sizes), sum(sizes) - 2 * matched]))
            or not matched
        )
        # Of the two that are left neither is told alone: the other would follow.
        assert isinstance(numbers["ambiguous"], int) == isinstance(numbers["unmatched"], int)
    for row in (*told["scales"], *told["items"]):
        values = (row["change"] or {}).get("why", {}).get("values", {})
        if isinstance(values.get("pairs"), int) and values["pairs"]:
            assert values["pairs"] >= MIN_RESPONDENTS
            assert not any(is_few(values[end] - values["pairs"]) for end in ("first", "second"))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(*(st.sampled_from((0, 4, 9, 10, 11, 19, 30)) for _ in range(3))), min_size=3, max_size=3))
def test_pairs_of_levels_leave_no_few_of_another(many: list[tuple[int, int, int]]) -> None:
    both, firsts, lasts = (
        [
            (level, None, 3, 4)
            for level, numbers in zip(GROUPS["country"], many, strict=True)
            for _ in range(numbers[kind])
        ]
        for kind in range(3)
    )
    for scale in analysed(both + firsts, both + lasts, len(both))["scales"]:
        total = (scale["change"] or {}).get("why", {}).get("values", {}).get("pairs")
        levels = [(each.get("change") or {}).get("why", {}) for each in scale["groups"]["country"].values()]
        told = [each.get("values", {}).get("pairs") for each in levels]
        assert not any(is_few(each) for each in told if isinstance(each, int))
        if isinstance(total, int) and any(told):
            rest = total - sum(each for each in told if isinstance(each, int))
            assert not is_few(rest) or not any(isinstance(each, int) and each for each in told)
