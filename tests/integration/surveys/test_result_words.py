"""What results say beside their figures: why these tests, how scales hang together, how answers are weighted."""

from copy import deepcopy
from typing import Any

import pytest
from flask import Flask

from portal.surveys.naming import Names
from portal.surveys.rules.documents import Choice, Group
from portal.surveys.rules.gathering import gather
from portal.surveys.rules.verdicts import Result
from portal.surveys.showing.changes import change_table, whys
from portal.surveys.showing.results import result_sections
from portal.surveys.showing.scales import scale_section
from portal.surveys.showing.warnings import warning_section
from tests.integration.surveys.studies import INSTRUMENT
from tests.unit.surveys.analysed import RESULT, SUPPRESSED, analysed, change


@pytest.fixture(autouse=True)
def spoken(app: Flask):
    with app.test_request_context():
        yield


def partly_same(pairs: Any) -> dict[str, Any]:
    found = {**change(0.19, (0.08, 0.30), 0.001), "design": "partially_overlapping"}
    return {**found, "why": {"code": "partly-same", "values": {"measure": "scale", "pairs": pairs}}}


def test_every_group_is_named_with_its_pairs_also_where_these_are_as_many():
    rows = [("Everybody", partly_same(58)), ("Poland", partly_same(15)), ("18 to 29", partly_same(15))]
    rows += [("30 to 44", partly_same(None)), ("Nobody", SUPPRESSED), ("Few", partly_same(SUPPRESSED))]
    both, same, averages = whys(rows, "Everybody")
    assert both.startswith("Some people were found in both waves (pairs: 58) and others in one only")
    assert same == (
        "The same holds for “Poland” (pairs: 15), “18 to 29” (pairs: 15), “30 to 44”, and “Few” (pairs: withheld (tells"
        " of fewer than 10))."
    )
    assert averages.startswith("Scales are compared by their averages")


def test_levels_of_two_groups_with_the_same_words_are_told_apart():
    other = Choice("o", {"en": "Other"})
    groups = (Group("gender", (other,), {"en": "Gender"}), Group("place", (other, Choice("v", {"en": "Village"}))))
    levels = {"waves": {}, "change": partly_same(20)}
    scale = {**deepcopy(RESULT["scales"][0]), "groups": {"gender": {"o": levels}, "place": {"o": levels, "v": levels}}}
    said = scale_section(RESULT, scale, Names([INSTRUMENT._replace(groups=groups)])).sentences
    assert any(
        "“Gender: Other” (pairs: 20), “place: Other” (pairs: 20), and “Village” (pairs: 20)" in each for each in said
    )


def test_groups_that_are_compared_otherwise_say_why_under_their_names():
    alone = {**partly_same(None), "design": "independent"}
    alone["why"] = {"code": "too-few-pairs", "values": {"measure": "scale", "pairs": None}}
    found = whys([("Everybody", partly_same(58)), ("Poland", alone), ("65 or older", alone)], "Everybody")
    assert len(found) == 3
    assert found[1].startswith("Scales are compared by their averages")
    assert found[2].startswith("“Poland” and “65 or older”: Too few people were found in both waves, so the waves")


@pytest.mark.parametrize(
    ("design", "said"),
    [("independent", "Answers in steps are compared by their order"), ("partially_overlapping", "by their averages")],
)
def test_steps_are_said_to_be_compared_as_they_are(design: str, said: str):
    steps = {**partly_same(20), "design": design}
    steps["why"]["values"]["measure"] = "ordinal"
    assert said in " ".join(whys([("1", steps)]))


def test_an_interval_of_shares_is_told_as_their_change_is():
    shares = {**change(-0.107, (-0.232, 0.018), 0.09), "why": {"code": "", "values": {"measure": "yes-no"}}}
    [row] = change_table("Change", "Who", [("Everybody", shares)]).rows
    assert [cell.text for cell in row[1:3]] == ["−10.7 pp", "−23.2 to +1.8 pp"]


def test_scales_that_hang_together_badly_are_told_each_with_its_own_figure():
    doubts = [
        {"code": "low-alpha", "where": where, "values": {"wave": wave, "alpha": alpha, "n": 400}}
        for where, wave, alpha in (
            ("trust", "baseline", 0.06),
            ("trust", "endline", 0.11),
            ("other", "baseline", 0.7),
            ("other", "endline", 0.7),
        )
    ]
    assert len(gather(doubts)) == 1
    [line] = warning_section({**RESULT, "warnings": doubts}, Names([INSTRUMENT])).lines
    assert "(Cronbach's alpha “Trust (en)” 0.06 to 0.11, “other” 0.70)" in line


def test_the_shares_to_which_answers_are_weighted_stand_with_the_results():
    weighting = {
        "margins": ["country"],
        "shares": {"country": {"LT": 0.6, "PL": 0.4}},
        "source": "Census 2021",
        "waves": {"baseline": {"n": 412, "n_eff": 400.0, "deff": 1.03}},
    }
    section = weighting_of({**deepcopy(RESULT), "weighting": weighting})
    assert [[cell.text for cell in row] for row in section.tables[0].rows] == [
        ["Country", "LT (en)", "60.00 %"],
        ["Country", "PL (en)", "40.00 %"],
    ]
    assert section.sentences[-1] == "Changes are told without weights, because people were found in both waves."
    alone = analysed({**change(0.19, (0.08, 0.30), 0.001), "design": "independent"})
    assert "without weights" not in " ".join(weighting_of({**alone, "weighting": weighting}).sentences)


def test_a_level_whose_own_change_is_not_known_is_said_to_be_that():
    result = analysed(LT=change(0.1, (-0.1, 0.3), 0.4), PL=change(0.5, (0.4, 0.6), 0.001))
    result["scales"][0]["contrasts"] = [{**RESULT["scales"][0]["contrasts"][0], "estimate": -0.4, "verdict": "down"}]
    said = " ".join(
        next(each for each in result_sections(result, Names([INSTRUMENT])) if each.key == "plain").sentences
    )
    assert "“PL (en)” (+0.50) and “LT (en)” (+0.10, of which alone we cannot tell)" in said


def weighting_of(result: Result) -> Any:
    return next(each for each in result_sections(result, Names([INSTRUMENT])) if each.key == "weighting")
