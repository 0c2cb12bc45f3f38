"""The plain paragraph claims no more than the figures: unsure, tiny, opposite and withheld changes are told as such."""

import pytest

from portal.surveys.rules.telling import Part, Verdict, group_verdicts, size_of, smallest, tell, tell_scale, verdict
from tests.unit.surveys.analysed import RESULT, SUPPRESSED, analysed, change, contrast


def codes(parts):
    return [part.code for part in parts]


def paragraph(result):
    return tell(result).paragraph


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (change(0.19, (0.08, 0.30), 0.001), Verdict.RISEN),
        (change(-0.19, (-0.30, -0.08), 0.001), Verdict.FALLEN),
        # Each of the two alone is not enough.
        (change(0.19, (-0.01, 0.39), 0.001), Verdict.UNKNOWN),
        (change(0.19, (0.08, 0.30), 0.05), Verdict.UNKNOWN),
        (change(0.19, (0.0, 0.30), 0.01), Verdict.UNKNOWN),
        (change(0.0, (None, None), None), Verdict.UNKNOWN),
        (change(0.19, (0.08, 0.30), None), Verdict.UNKNOWN),
        ({**change(0.19, (0.08, 0.30), 0.01), "tests": []}, Verdict.UNKNOWN),
        (SUPPRESSED, Verdict.WITHHELD),
        (None, Verdict.NONE),
        ({}, Verdict.NONE),
    ],
)
def test_a_change_is_told_only_where_interval_and_corrected_p_both_carry_it(found, said):
    assert verdict(found) == said


def test_a_p_that_was_not_corrected_tells_nothing():
    found = change(0.19, (0.08, 0.30), 0.001)
    found["tests"][0]["p_holm"] = None
    assert verdict(found) == Verdict.UNKNOWN


def test_of_identical_waves_we_cannot_tell():
    result = analysed(change(0.0, (-0.11, 0.11), 1.0, effect=0.0))
    told = next(part for part in paragraph(result) if part.code.startswith("scale-"))
    assert told == Part(
        "scale-unknown",
        {"scale": "trust", "first": 2.91, "last": 3.1, "least": 1.0, "most": 5.0, "low": -0.11, "high": 0.11},
    )
    assert not {"cause", "size-tiny"} & {*codes(paragraph(result))}


def test_waves_in_which_nothing_varies_have_no_interval_and_tell_nothing():
    assert "scale-no-interval" in codes(paragraph(analysed(change(0.0, (None, None), None))))


@pytest.mark.parametrize(
    ("effect", "size"),
    [(0.19, "tiny"), (-0.19, "tiny"), (0.2, "small"), (0.49, "small"), (0.5, "medium"), (-0.8, "large")],
)
def test_effects_have_their_usual_words(effect, size):
    assert size_of(change(0.19, (0.08, 0.30), 0.001, effect)) == size


def test_a_significant_but_tiny_change_is_told_as_tiny():
    assert codes(tell_scale(RESULT, analysed(change(0.02, (0.01, 0.03), 0.0001, 0.05))["scales"][0])) == [
        "scale-risen",
        "size-tiny",
    ]


def test_a_change_that_is_told_says_that_its_cause_is_not_known():
    assert codes(paragraph(analysed(change(0.19, (0.08, 0.30), 0.001))))[-2:] == ["cause", "who-answered"]


def test_opposite_changes_of_two_countries_are_told_also_where_the_whole_stands_still():
    result = analysed(
        change(0.0, (-0.1, 0.1), 1.0), LT=change(0.3, (0.2, 0.4), 0.001), PL=change(-0.3, (-0.4, -0.2), 0.001)
    )
    result["scales"][0]["contrasts"] = [contrast(0.6, 0.0001)]
    told = {part.code: part.values for part in paragraph(result)}
    assert told["opposite"] == {
        "scale": "trust", "by": "country", "more": "LT", "less": "PL", "change_more": 0.3, "change_less": -0.3,
    }  # fmt: skip
    assert "scale-unknown" in told
    assert "cause" in told


def test_two_countries_that_changed_differently_are_named_with_the_larger_change_first():
    result = analysed(LT=change(0.1, (-0.1, 0.3), 0.4), PL=change(0.5, (0.4, 0.6), 0.001))
    result["scales"][0]["contrasts"] = [contrast(-0.4, 0.01)]
    told = {part.code: part.values for part in paragraph(result)}
    assert (told["differs"]["more"], told["differs"]["less"]) == ("PL", "LT")
    assert "opposite" not in told


def test_a_change_in_one_country_and_none_in_the_other_is_not_a_difference():
    result = analysed(LT=change(0.2, (0.1, 0.3), 0.001), PL=change(0.1, (-0.1, 0.3), 0.4))
    result["scales"][0]["contrasts"] = [contrast(0.1, 0.3)]
    assert Part("difference-unknown", {"by": "country", "scales": ("trust",)}) in paragraph(result)


def test_what_is_withheld_is_said_and_nothing_more():
    result = analysed(SUPPRESSED, LT=SUPPRESSED, PL=change(0.1, (-0.1, 0.3), 0.4))
    result["scales"][0]["contrasts"] = [{"by": "country", "levels": ["LT", "PL"], "suppressed": True}]
    told = tell(result)
    assert Part("scale-withheld", {"scale": "trust"}) in told.paragraph
    assert Part("wave-withheld", {"wave": "followup"}) in told.paragraph
    assert not {"opposite", "differs", "difference-unknown"} & {*codes(told.paragraph)}
    assert Part("withheld", {"number": 1}) in told.limits
    assert group_verdicts(result)["trust", "country", "LT"] == Verdict.WITHHELD


def test_with_one_wave_nothing_is_said_of_a_change():
    result = analysed()
    result["compared"] = None
    result["scales"][0]["change"] = None
    assert codes(paragraph(result)) == ["asked", "asked", "wave-withheld", "one-wave"]
    assert "no-comparison-group" not in codes(tell(result).limits)


def test_few_people_are_named_with_their_smallest_number():
    result = analysed()
    result["scales"][0]["groups"]["country"]["LT"]["waves"]["endline"]["n"] = 12
    assert smallest(result) == (("country", "LT", 12),)
    assert "small-samples" in codes(tell(result).limits)
    assert smallest(analysed()) == ()


def test_limits_name_the_design_the_pairs_the_versions_and_the_languages():
    said = tell(RESULT).limits
    assert codes(said) == [
        "self-selected",
        "no-comparison-group",
        "design-partially_overlapping",
        "false-matches",
        "instruments-differ",
        "translations",
        "withheld",
        "many-tests",
        "weighted",
    ]
    assert Part("false-matches", {"matched": 170, "expected": 0.3}) in said


def test_one_version_one_language_different_people_and_no_weights():
    result = analysed(change(0.19, (0.08, 0.30), 0.001))
    result["instrument"] |= {"languages": ["lt"], "waves": {"baseline": 1, "endline": 1}}
    result |= {"pairing": {**result["pairing"], "matched": 0}, "weighting": None}
    assert codes(tell(result).limits) == [
        "self-selected",
        "no-comparison-group",
        "design-independent",
        "withheld",
        "many-tests",
        "not-weighted",
    ]


def test_a_level_that_nobody_is_in_is_not_told_as_a_small_one():
    result = analysed()
    result["scales"][0]["groups"]["country"]["LT"]["waves"]["endline"]["n"] = 0
    assert smallest(result) == ()
