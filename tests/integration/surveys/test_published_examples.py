"""Published worked examples through the commands: load the survey, import the answers, analyse."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.integration.surveys.analysing import VECTORS, analysed, bring, likert_study, load, numbers_study
from tests.make import make_project

SLEEP, OVERLAP, ALPHA = VECTORS["S1_S2_sleep"], VECTORS["S7_partover"], VECTORS["S10_alpha_likert"]
NAMES = [f"r{number}" for number in range(10)]


@pytest.fixture
def project(app: Flask) -> Flask:
    with app.app_context():
        make_project()
    return app


def near(value: float) -> Any:
    return pytest.approx(value, rel=1e-3)


def test_different_people(project: Flask, tmp_path: Path) -> None:
    load(project, tmp_path, numbers_study("none"))
    bring(project, tmp_path, "baseline", ["x"], [[value] for value in SLEEP["g2"]])
    bring(project, tmp_path, "endline", ["x"], [[value] for value in SLEEP["g1"]])
    document = analysed(project)
    assert document["waves"] == [{"key": "baseline", "n": 10}, {"key": "endline", "n": 10}]
    assert (document["pairing"]["matched"], document["pairing"]["unmatched"]) == (0, 20)
    (scale,) = document["scales"]
    change, expected = scale["change"], SLEEP["welch"]
    assert (scale["alpha"], change["design"], change["why"]["code"]) == (None, "independent", "not-paired")
    assert change["ci"] == near(expected["ci95"])
    (test,) = change["tests"]
    assert (test["name"], test["statistic"], test["df"]) == ("welch", near(expected["t"]), near(expected["df"]))
    assert test["p"] == test["p_holm"] == pytest.approx(expected["p"], abs=1e-3)
    (effect,) = change["effects"]
    assert (effect["name"], effect["value"]) == ("hedges_g", near(SLEEP["hedges_g_exactJ"]))
    assert change["verdict"] == "cannot-tell"


def test_the_same_people(project: Flask, tmp_path: Path) -> None:
    load(project, tmp_path, numbers_study("respondent"))
    bring(project, tmp_path, "baseline", ["respondent", "x"], zip(NAMES, SLEEP["g2"], strict=True))
    # In another order: people are found by their number, not by where they stand.
    bring(project, tmp_path, "endline", ["respondent", "x"], reversed([*zip(NAMES, SLEEP["g1"], strict=True)]))
    document = analysed(project)
    assert (document["pairing"]["matched"], document["pairing"]["unmatched"]) == (10, 0)
    change, expected = document["scales"][0]["change"], SLEEP["paired"]
    assert (change["design"], change["why"]["code"], change["verdict"]) == ("paired", "all-matched", "down")
    assert (change["estimate"], change["ci"]) == (near(expected["mean_diff"]), near(expected["ci95"]))
    (test,) = change["tests"]
    assert (test["name"], test["statistic"], test["df"]) == ("paired_t", near(expected["t"]), expected["df"])
    assert test["p"] == pytest.approx(expected["p"], abs=1e-3)
    (effect,) = change["effects"]
    assert (effect["name"], effect["value"]) == ("d_z", near(expected["dz"]))


def test_partly_the_same_people(project: Flask, tmp_path: Path) -> None:
    both = [f"both{number}" for number in range(8)]
    load(project, tmp_path, numbers_study("respondent"))
    for wave, part in (("baseline", "b"), ("endline", "a")):
        alone = [f"{wave}{number}" for number in range(8)]
        values = OVERLAP[f"{part}_paired"] + OVERLAP[f"{part}_unpaired"]
        bring(project, tmp_path, wave, ["respondent", "x"], zip(both + alone, values, strict=True))
    document = analysed(project)
    # Eight pairs enter the test, and how many they are is told nowhere.
    hidden = {"suppressed": True}
    assert document["pairing"] == {"method": "respondent", **hidden}
    assert document["scales"][0]["change"]["why"]["values"]["pairs"] == hidden
    assert document["items"][0]["change"]["why"]["values"]["pairs"] == hidden
    assert [each["values"] for each in document["warnings"] if each["code"] == "few-pairs"] == [{"least": 10}]
    assert "false-matches" not in [each["code"] for each in document["warnings"]]
    change, expected = document["scales"][0]["change"], OVERLAP["unequal"]
    assert (change["design"], change["why"]["code"], change["verdict"]) == (
        "partially_overlapping",
        "partly-same",
        "up",
    )
    (test,) = change["tests"]
    assert (test["name"], test["statistic"]) == ("partially_overlapping_t", near(expected["t"]))
    assert (test["df"], test["p"]) == (near(expected["df"]), pytest.approx(expected["p"], abs=1e-3))


def test_how_items_hold_together(project: Flask, tmp_path: Path) -> None:
    items = [name.lower() for name in ALPHA["cols"]]
    load(project, tmp_path, likert_study(items, most=7))
    bring(project, tmp_path, "baseline", items, ALPHA["rows"])
    document = analysed(project)
    (scale,) = document["scales"]
    assert scale["alpha"]["baseline"]["value"] == pytest.approx(ALPHA["alpha"], rel=1e-3)
    assert scale["alpha"]["baseline"]["ci"] == pytest.approx(ALPHA["ci"], abs=1e-3)
    assert scale["alpha"]["baseline"]["n"] == 15
    assert scale["alpha"]["endline"] == scale["change"] == {"suppressed": True}
    assert document["waves"][1] == {"key": "endline", "n": 0}
    assert [each["values"]["wave"] for each in document["warnings"] if each["code"] == "low-alpha"] == ["baseline"]
    first = document["items"][0]["waves"]["baseline"]
    assert (first["n"], first["counts"]) == (15, {"1": 1, "2": 2, "3": 1, "4": 4, "5": 3, "6": 3, "7": 1})
