"""The result of a survey as an indicator: in the outcome table, its JSON and its page."""

import json
from typing import Any

import pytest
from flask import Flask

from portal.accounts.rules import Role
from portal.core.db import transaction
from portal.projects.models import Indicator
from tests.integration.surveys.studies import answer, make_study
from tests.make import PROJECT, make_project, run_portal, sign_in_as

MEAN = {"kind": "survey", "study": "trust", "wave": "baseline", "statistic": "mean"}
SHARE = {**MEAN, "statistic": "share"}


@pytest.fixture
def project(app: Flask) -> Flask:
    with app.app_context():
        make_project()
        study = make_study()
        # Twelve people: scores of 4 (eight) and 1 (four), q3 turned round; nine of the twelve met somebody.
        trusting, distrusting = {"q1": 4, "q2": 4, "q3": 2}, {"q1": 1, "q2": 1, "q3": 5}
        met = ["yes"] * 9 + ["no"] * 3
        answer(study, "baseline", [{**trusting, "met": each, "years": "5"} for each in met[:8]])
        answer(study, "baseline", [{**distrusting, "met": each} for each in met[8:]])
        answer(study, "endline", [trusting] * 9)
    return app


def add(app: Flask, key: str, measure: dict[str, Any], target: int | None) -> None:
    with app.app_context(), transaction() as session:
        names = {"en": key.title(), "lt": key, "pl": key}
        fields = {"position": 90, "name": names, "target": target, "measure": measure, "note": {}}
        session.add(Indicator(project_code=PROJECT, key=key, **fields))


def told(app: Flask, key: str) -> dict[str, Any]:
    done = run_portal(app, "outcomes", PROJECT, "--format", "json")
    assert done.exit_code == 0, done.output
    rows = {row["key"]: row for row in json.loads(done.stdout)["rows"]}
    found: dict[str, Any] = rows[key]
    return found


def test_the_mean_of_a_scale(project: Flask) -> None:
    add(project, "trusting", {**MEAN, "scale": "trust"}, 4)
    row = told(project, "trusting")
    # (8 · 4 + 4 · 1) / 12 = 3, which is 75 % of 4.
    assert (row["achieved"], row["percent"], row["n"]) == ("3.00", "75.00", 12)
    low, high = map(float, row["ci"])
    assert low < 3 < high
    page = sign_in_as(project, Role.VIEWER).get(f"/projects/{PROJECT}/outcomes/trusting").text
    assert "3.00 of 4" in page
    assert "12 people answered." in page


@pytest.mark.parametrize(
    ("what", "share"), [({"item": "met"}, "75.00"), ({"item": "q1"}, "66.67"), ({"scale": "trust"}, "66.67")]
)
def test_the_share_of_answers(project: Flask, what: dict[str, str], share: str) -> None:
    add(project, "share", {**SHARE, **what}, 100)
    row = told(project, "share")
    assert (row["achieved"], row["percent"], row["n"]) == (share, share, 12)


@pytest.mark.parametrize(
    "what",
    [
        {"wave": "endline", "scale": "trust"},
        {"study": "unknown", "scale": "trust"},
        {"wave": "unknown", "scale": "trust"},
        {"scale": "unknown"},
        {"item": "why"},
        # Eight of the twelve.
        {"item": "years"},
    ],
)
def test_what_too_few_answered_or_nobody_asked_is_not_reported(project: Flask, what: dict[str, str]) -> None:
    add(project, "silent", {**MEAN, **what}, 4)
    row = told(project, "silent")
    assert (row["achieved"], row["percent"], row["n"], row["ci"]) == (None, None, None, None)
    assert "Not reported" in sign_in_as(project, Role.VIEWER).get(f"/projects/{PROJECT}/outcomes/silent").text
