"""What is told of an analysis once too few answers of a wave are left."""

from portal.surveys.rules.withholding import without_waves
from tests.unit.surveys.analysed import RESULT, SUPPRESSED


def test_a_wave_goes_with_all_that_it_is_compared_by() -> None:
    told = without_waves(RESULT, ["endline"])
    (scale,) = told["scales"]
    assert [each.get("n") for each in told["waves"]] == [412, None, None]
    assert (told["pairing"], told["weighting"]["waves"]["endline"]) == ({"method": "code", **SUPPRESSED}, SUPPRESSED)
    assert scale["change"] == scale["waves"]["endline"] == scale["alpha"]["endline"] == SUPPRESSED
    assert scale["groups"]["country"]["LT"]["change"] == SUPPRESSED
    assert scale["groups"]["country"]["LT"]["waves"]["baseline"]["n"] == 200
    assert all(each["suppressed"] for each in scale["contrasts"])
    # An item that was not compared still is not.
    assert [item["change"] for item in told["items"]] == [SUPPRESSED, SUPPRESSED, None, SUPPRESSED, None]
    assert {"few-pairs", "false-matches"}.isdisjoint(each["code"] for each in told["warnings"])
    assert "few-answers" not in [each["code"] for each in told["warnings"]]


def test_a_wave_that_is_not_compared_takes_only_itself_along() -> None:
    result = {**RESULT, "compared": ["baseline", "followup"]}
    told = without_waves(result, ["endline"])
    assert told["scales"][0]["change"] == RESULT["scales"][0]["change"]
    assert told["pairing"] == RESULT["pairing"]
    assert told["items"][0]["waves"]["endline"] == SUPPRESSED
