"""The plain words claim no more than the figures: unsure, tiny, opposite and withheld changes are told as such."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.surveys.rules.judging import judge
from portal.surveys.rules.limits import smallest
from portal.surveys.rules.telling import tell, tell_scale
from portal.surveys.rules.verdicts import Part, Verdict, differs, group_verdicts, size_of, verdict
from tests.unit.surveys.analysed import RESULT, SUPPRESSED, analysed, change, contrast


def codes(parts):
    return [part.code for part in parts]


def plain_words(result):
    return [part for each in tell(result).paragraphs for part in each]


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
        (SUPPRESSED, Verdict.WITHHELD),
        (None, Verdict.NONE),
        ({}, Verdict.NONE),
    ],
)
def test_a_change_is_told_only_where_interval_and_corrected_p_both_carry_it(found, said):
    assert verdict(found) == said


def test_an_analysis_is_told_by_the_verdict_that_it_states():
    found = {**change(0.19, (0.08, 0.30), 0.001), "verdict": "cannot-tell"}
    assert verdict(found) == Verdict.UNKNOWN
    assert "all-unknown" in codes(plain_words(analysed(found)))
    assert not differs({**contrast(0.6, 0.0001), "verdict": "cannot-tell"})


@pytest.mark.parametrize("ci", [None, (None, None), (-0.01, 0.11), (0.0, 0.2), (-0.2, 0.0)])
def test_an_interval_that_holds_none_judges_nothing(ci):
    assert judge(ci, 0.0001) == "cannot-tell"


def test_words_of_size_are_those_of_standardised_effects_only():
    ranks = {**change(0.19, (0.08, 0.30), 0.001), "effects": [{"name": "rank_biserial", "value": 0.4, "ci": None}]}
    assert size_of(ranks) == ""


def test_of_identical_waves_we_cannot_tell():
    result = analysed(change(0.0, (-0.11, 0.11), 1.0, effect=0.0))
    assert Part("all-unknown", {"scales": ("trust",)}) in plain_words(result)
    assert Part(
        "scale-unknown",
        {"scale": "trust", "first": 2.91, "last": 3.1, "least": 1.0, "most": 5.0, "low": -0.11, "high": 0.11},
    ) in [*tell_scale(result, result["scales"][0])]
    assert "cause" not in codes(plain_words(result))


def test_waves_in_which_nothing_varies_have_no_interval_and_tell_nothing():
    result = analysed(change(0.0, (None, None), None))
    assert "all-unknown" in codes(plain_words(result))
    assert "scale-no-interval" in codes(tell_scale(result, result["scales"][0]))


@pytest.mark.parametrize(
    ("effect", "size"),
    [(0.19, "tiny"), (-0.19, "tiny"), (0.2, "small"), (0.49, "small"), (0.5, "medium"), (-0.8, "large")],
)
def test_effects_have_their_usual_words(effect, size):
    assert size_of(change(0.19, (0.08, 0.30), 0.001, effect)) == size


def test_a_significant_but_tiny_change_is_told_as_tiny():
    result = analysed(change(0.02, (0.01, 0.03), 0.0001, 0.05))
    assert codes(tell_scale(result, result["scales"][0]))[:2] == ["scale-risen", "size-tiny"]
    assert next(part for part in plain_words(result) if part.code == "risen").values["size"] == "tiny"


def test_a_change_that_is_told_says_that_its_cause_is_not_known():
    assert codes(plain_words(analysed(change(0.19, (0.08, 0.30), 0.001))))[-2:] == ["cause", "who-answered"]


def test_opposite_changes_of_two_countries_are_told_also_where_the_whole_stands_still():
    result = analysed(
        change(0.0, (-0.1, 0.1), 1.0), LT=change(0.3, (0.2, 0.4), 0.001), PL=change(-0.3, (-0.4, -0.2), 0.001)
    )
    result["scales"][0]["contrasts"] = [contrast(0.6, 0.0001)]
    told = {part.code: part.values for part in plain_words(result)}
    assert told["opposite"] == {
        "scale": "trust", "by": "country", "more": "LT", "less": "PL", "change_more": 0.3, "change_less": -0.3,
    }  # fmt: skip
    assert "all-unknown" in told
    assert "cause" in told


def test_two_countries_that_changed_differently_are_named_with_the_larger_change_first():
    result = analysed(LT=change(0.1, (-0.1, 0.3), 0.4), PL=change(0.5, (0.4, 0.6), 0.001))
    result["scales"][0]["contrasts"] = [contrast(-0.4, 0.01)]
    told = {part.code: part.values for part in plain_words(result)}
    (difference,) = told["differs"]["differences"]
    assert (difference["more"], difference["less"]) == ("PL", "LT")
    assert (difference["unsure_more"], difference["unsure_less"]) == (False, True)
    assert "opposite" not in told


def test_what_changed_what_is_unknown_and_how_to_read_it_are_paragraphs_of_their_own():
    result = analysed(
        change(0.19, (0.08, 0.30), 0.001), LT=change(0.1, (-0.1, 0.3), 0.4), PL=change(0.5, (0.4, 0.6), 0.001)
    )
    result["scales"][0]["contrasts"] = [contrast(-0.4, 0.01), {**contrast(0.1, 0.3), "by": "age"}]
    assert [codes(each) for each in tell(result).paragraphs] == [
        ["asked", "risen"],
        ["differs", "difference-unknown-else"],
        ["care-reversed", "care-items", "cause", "who-answered"],
    ]


def test_a_change_in_one_country_and_none_in_the_other_is_not_a_difference():
    result = analysed(LT=change(0.2, (0.1, 0.3), 0.001), PL=change(0.1, (-0.1, 0.3), 0.4))
    result["scales"][0]["contrasts"] = [contrast(0.1, 0.3)]
    assert Part("difference-unknown", {"groups": ("country",)}) in plain_words(result)


def test_what_is_withheld_is_said_and_nothing_more():
    result = analysed(SUPPRESSED, LT=SUPPRESSED, PL=change(0.1, (-0.1, 0.3), 0.4))
    result["scales"][0]["contrasts"] = [{"by": "country", "levels": ["LT", "PL"], "suppressed": True}]
    told = plain_words(result)
    assert Part("all-withheld", {"scales": ("trust",)}) in told
    assert told[0].values["waves"] == (("baseline", 412), ("endline", 398), ("followup", None))
    assert not {"opposite", "differs", "difference-unknown"} & {*codes(told)}
    assert Part("withheld", {"number": 1}) in tell(result).limits
    assert group_verdicts(result)["trust", "country", "LT"] == Verdict.WITHHELD


def test_with_one_wave_nothing_is_said_of_a_change():
    result = analysed()
    result["compared"] = None
    result["scales"][0]["change"] = None
    assert codes(plain_words(result)) == ["asked", "one-wave"]
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


def many(*found, groups=("country",), warnings=()):
    """An analysis with a scale for each of these changes, each with a contrast of each group that tells nothing."""
    result = analysed()
    (scale,) = result["scales"]
    scale["groups"] = dict.fromkeys(groups, scale["groups"]["country"])
    scale["contrasts"] = [{**contrast(0.05, 0.69), "by": group} for group in groups]
    result["scales"] = [{**deepcopy(scale), "key": f"s{number}", "change": each} for number, each in enumerate(found)]
    result["warnings"] = list(warnings)
    return result


RISE, FALL = change(0.19, (0.08, 0.30), 0.001), change(-0.19, (-0.30, -0.08), 0.001)
STILL = change(0.01, (-0.1, 0.12), 0.9)


def low_alpha(key):
    return {"code": "low-alpha", "where": key, "values": {"wave": "baseline", "alpha": 0.4, "n": 405}}


def test_five_scales_and_three_groups_make_eight_sentences_at_most():
    result = many(RISE, FALL, STILL, STILL, SUPPRESSED, groups=("country", "age", "place"), warnings=[low_alpha("s0")])
    assert codes(plain_words(result)) == [
        "asked",
        "risen",
        "fallen",
        "all-unknown",
        "all-withheld",
        "difference-unknown",
        "care-alpha",
        "cause",
        "who-answered",
    ]
    told = {part.code: part.values for part in plain_words(result)}
    assert told["all-unknown"] == {"scales": ("s2", "s3")}
    assert told["difference-unknown"] == {"groups": ("country", "age", "place")}
    assert told["fallen"]["points"] == (0.08, 0.30)
    assert len(plain_words(many(RISE, RISE, STILL, STILL, STILL, groups=("country", "age", "place")))) <= 8


def test_the_ends_of_scales_are_told_once_where_they_are_the_same():
    told = [part.values for part in plain_words(many(RISE, FALL)) if part.code in ("risen", "fallen")]
    assert [each["most"] for each in told] == [5.0, None]


def test_a_scale_that_hardly_hangs_together_is_told_with_care_and_only_where_it_is_told():
    result = many(RISE, STILL, warnings=[low_alpha("s0"), low_alpha("s1")])
    told = {part.code: part.values for part in plain_words(result)}
    assert told["care-alpha"] == {"scales": ("s0",)}
    assert "care-alpha" not in codes(plain_words(many(STILL, STILL, warnings=[low_alpha("s0")])))


def test_an_item_that_looks_reversed_is_told_of_also_where_we_cannot_tell():
    reversed_item = {
        "code": "looks-reversed",
        "where": "q3",
        "values": {"scale": "s0", "wave": "baseline", "correlation": -0.4, "n": 405},
    }
    for found in (RISE, STILL):
        told = {part.code: part.values for part in plain_words(many(found, warnings=[low_alpha("s0"), reversed_item]))}
        assert told["care-reversed"] == {"items": ("q3",), "scales": ("s0",)}
        # One reason to be careful is enough: the item is why the others hang together badly.
        assert "care-alpha" not in told
    assert "care-reversed" not in codes(plain_words(many(SUPPRESSED, warnings=[reversed_item])))


def test_waves_that_asked_other_questions_are_said_beside_the_change():
    warning = {"code": "scale-items-differ", "where": "s0", "values": {"items": ["q7"]}}
    assert Part("care-items", {"scales": ("s0",)}) in plain_words(many(RISE, warnings=[warning]))


def test_a_difference_whose_interval_holds_none_is_not_told():
    result = many(RISE)
    result["scales"][0]["contrasts"] = [contrast(0.05, 0.01)]
    assert "difference-unknown" in codes(plain_words(result))
    assert "differs" not in codes(plain_words(result))


def test_without_scales_single_questions_are_told_each_kind_of_news_once():
    result = {**analysed(), "scales": []}
    likert, met = result["items"][0], result["items"][1]
    waves = {"baseline": {"n": 400, "mean": 0.25}, "endline": {"n": 390, "mean": 0.4}}
    shares = change(0.15, (0.05, 0.25), 0.001)
    shares["why"]["values"]["measure"] = "yes-no"
    fallen = {**likert, "key": "q2", "change": change(-0.4, (-0.5, -0.3), 0.001)}
    result["items"] = [likert, {**met, "waves": waves, "change": shares}, fallen, *result["items"][2:]]
    told = plain_words(result)
    assert codes(told) == [
        "asked",
        "items-alone",
        "items-risen",
        "items-fallen",
        "all-unknown",
        "all-withheld",
        "cause",
        "who-answered",
    ]
    assert told[2].values["changed"] == ({"item": "met", "measure": "yes-no", "first": 0.25, "last": 0.4},)
    assert told[3].values["changed"] == ({"item": "q2", "measure": "scale", "first": 3.6, "last": 3.7},)
    # Of questions whose answers are not compared nothing is said.
    assert [part.values["questions"] for part in told[4:6]] == [("q1",), ("years",)]


points = st.floats(-2, 2, allow_nan=False)
changes = st.builds(
    lambda estimate, half, p: change(estimate, (estimate - half, estimate + half), p), points, st.floats(0, 2),
    st.none() | st.floats(0, 1),
)  # fmt: skip


@given(st.lists(changes, min_size=1, max_size=5))
def test_nothing_is_told_as_risen_or_fallen_that_the_figures_do_not_carry(found):
    result = many(*found)
    for part in plain_words(result):
        if part.code not in ("risen", "fallen"):
            continue
        told = next(each["change"] for each in result["scales"] if each["key"] == part.values["scale"])
        low, high = told["ci"]
        assert told["tests"][0]["p_holm"] < 0.05
        assert low > 0 if part.code == "risen" else high < 0
    said = [key for part in plain_words(result) if part.code == "all-unknown" for key in part.values["scales"]]
    said += [part.values["scale"] for part in plain_words(result) if part.code in ("risen", "fallen")]
    assert sorted(said) == sorted(each["key"] for each in result["scales"])
