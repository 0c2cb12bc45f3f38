"""A simulated study of 400 people in each wave, half of them the same: what is known of it is found again."""

from typing import Any

import numpy as np
import pytest
from flask import Flask

from portal.surveys.services.analysing import analyse
from tests.conftest import NOW
from tests.integration.surveys.simulating import TRUST, People, store
from tests.integration.surveys.studies import make_study
from tests.make import make_project

# How far the attitudes of each country have moved.
SHIFTS = {"LT": 0.5, "PL": 0.1}
ERRORS = 0.18


@pytest.fixture
def study(in_app: Flask) -> int:
    make_project()
    return make_study(TRUST)


def fill(study: int, shifts: dict[str, float], *, seed: int = 8) -> None:
    chance = np.random.default_rng(seed)
    first: list[dict[str, Any]] = []
    last: list[dict[str, Any]] = []
    for country, shift in shifts.items():
        same, before, after = (People(chance, country, 100) for _ in range(3))
        first += same.answer(chance) + before.answer(chance)
        last += same.answer(chance, shift=shift, errors=ERRORS) + after.answer(chance, shift=shift, errors=ERRORS)
    store(study, "baseline", first)
    store(study, "endline", last)


def test_the_known_effect_is_recovered(study: int) -> None:
    fill(study, SHIFTS)
    document = analyse(study, now=NOW)
    assert document["waves"] == [{"key": "baseline", "n": 400}, {"key": "endline", "n": 400}]
    pairing = document["pairing"]
    # One wrong element of eight keeps nobody from being found where six are enough.
    assert pairing["matched"] == 200
    assert 2 * pairing["matched"] + pairing["ambiguous"] + pairing["unmatched"] == 800
    assert pairing["expected_false_matches"] < 0.1
    (scale,) = document["scales"]
    change = scale["change"]
    assert (change["design"], change["verdict"]) == ("partially_overlapping", "up")
    assert change["why"]["values"] == {"measure": "scale", "pairs": 200, "first": 400, "second": 400}
    assert change["ci"][0] < 0.3 < change["ci"][1]
    countries = scale["groups"]["country"]
    for country, shift in SHIFTS.items():
        low, high = countries[country]["change"]["ci"]
        assert low < shift < high
        assert countries[country]["waves"]["endline"]["n"] == 200
    assert countries["LT"]["change"]["verdict"] == "up"
    (contrast,) = scale["contrasts"]
    assert (contrast["by"], contrast["levels"], contrast["verdict"]) == ("country", ["LT", "PL"], "up")
    assert contrast["ci"][0] < 0.4 < contrast["ci"][1]
    assert {*scale["alpha"]["baseline"]["languages"]} == {"lt", "pl"}
    assert not [each for each in document["warnings"] if each["code"] in ("looks-reversed", "false-matches")]


def test_pairs_make_the_interval_narrower(study: int, in_app: Flask) -> None:
    fill(study, SHIFTS)
    paired = analyse(study, now=NOW)["scales"][0]["change"]
    alone = make_study(TRUST._replace(pairing=TRUST.pairing._replace(method="none")), key="alone")
    fill(alone, SHIFTS)
    different = analyse(alone, now=NOW)["scales"][0]["change"]
    assert (different["design"], different["why"]["code"]) == ("independent", "not-paired")
    assert different["estimate"] == pytest.approx(paired["estimate"])
    assert paired["ci"][1] - paired["ci"][0] < different["ci"][1] - different["ci"][0]


@pytest.mark.parametrize("method", ["code", "none"])
def test_of_identical_waves_nothing_can_be_told(in_app: Flask, method: str) -> None:
    make_project()
    study = make_study(TRUST._replace(pairing=TRUST.pairing._replace(method=method)))
    chance = np.random.default_rng(1)
    same = [each for country in SHIFTS for each in People(chance, country, 60).answer(chance)]
    store(study, "baseline", same)
    store(study, "endline", same)
    document = analyse(study, now=NOW)
    (scale,) = document["scales"]
    changes = [scale["change"], *(each["change"] for each in document["items"])]
    changes += [level["change"] for level in scale["groups"]["country"].values()]
    assert max(abs(change["estimate"]) for change in changes) < 1e-12
    assert {change["verdict"] for change in (*changes, *scale["contrasts"])} == {"cannot-tell"}
    assert {change["design"] for change in changes} == {"paired" if method == "code" else "independent"}


def test_an_item_that_goes_against_its_scale_is_named(in_app: Flask) -> None:
    make_project()
    (scale,) = TRUST.scales
    study = make_study(TRUST._replace(scales=(scale._replace(reverse=()),)))
    fill(study, SHIFTS)
    found = [each for each in analyse(study, now=NOW)["warnings"] if each["code"] == "looks-reversed"]
    assert [(each["where"], each["values"]["scale"], each["values"]["wave"]) for each in found] == [
        ("q4", "trust", "baseline"),
        ("q4", "trust", "endline"),
    ]
