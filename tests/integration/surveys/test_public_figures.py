"""Indicators of surveys as everyone is told them: with how many answered, and never where a few follow from it."""

import json
from typing import Any

import pytest
from flask import Flask

from portal.core.db import transaction
from portal.projects.models import Indicator
from portal.surveys.models import Wave
from portal.surveys.services.analysing import analyse
from tests.conftest import NOW
from tests.integration.surveys.studies import answer, make_study, wave_of
from tests.make import PROJECT, make_project

ALL_OF_SCALE = {"q1": 4, "q2": 4, "q3": 2}


def told(app: Flask, many: list[dict[str, Any]], **measure: str) -> dict[str, Any]:
    """What everyone is told of the indicator with this measure, of these answers to a wave that is over."""
    with app.app_context():
        make_project()
        study = make_study()
        answer(study, "baseline", many)
        stated = {"kind": "survey", "study": "trust", "wave": "baseline", "statistic": "share", **measure}
        with transaction() as session:
            session.get_one(Wave, wave_of(study)).by_hand = "closed"
            names = {"en": "Met", "lt": "Met", "pl": "Met"}
            session.add(
                Indicator(
                    project_code=PROJECT, key="met", position=90, name=names, target=None, measure=stated, note={}
                )
            )
        analyse(study, now=NOW)
    rows = json.loads(app.test_client().get(f"/public/{PROJECT}/outcomes.json").text)["rows"]
    found: dict[str, Any] = next(row for row in rows if row["key"] == "met")
    return found


@pytest.mark.parametrize(
    ("yes", "no", "skipped", "said"),
    [
        (20, 40, 0, ("33.33", 60)),
        # 6.98 % of 43 would be the three, and 47 people less 43 the four.
        (3, 40, 4, (None, None)),
        (20, 40, 4, (None, None)),
        (20, 40, 10, ("33.33", 60)),
    ],
)
def test_a_share_is_told_where_no_few_follow(app: Flask, yes: int, no: int, skipped: int, said: tuple[Any, Any]):
    many = [{"met": "yes"}] * yes + [{"met": "no"}] * no + [{"q1": 3}] * skipped
    row = told(app, many, item="met")
    assert (row["achieved"], row.get("n")) == said


def test_a_mean_of_a_scale_is_told_without_the_number_that_leaves_a_few(app: Flask):
    row = told(app, [ALL_OF_SCALE] * 40 + [{"met": "no"}] * 3, scale="trust", statistic="mean")
    assert (row["achieved"], "n" in row, "ci" in row) == ("4.00", False, False)
