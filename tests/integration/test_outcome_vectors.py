"""The acceptance cases of the outcome table: a year of LTPL00388, its rows at three dates."""

import csv
import json
from datetime import date, datetime
from pathlib import Path

import pytest

from portal.activities.services.attendance import HeadcountDraft
from portal.reports.queries.outcomes import OutcomeTable, outcome_table
from tests.conftest import NOW
from tests.keeping import made_once
from tests.make import make_event, make_headcounts, make_people, make_project

VECTORS = Path(__file__).parents[1] / "vectors"
CASES = json.loads((VECTORS / "outcomes.json").read_text())
DATES = [date(2026, 1, 31), date(2026, 6, 30), date(2026, 11, 20)]


def read(name: str) -> list[dict[str, str]]:
    with (VECTORS / name).open() as file:
        return list(csv.DictReader(file))


@made_once
def make_year() -> None:
    make_project()
    events = {}
    for row in read("outcomes-events.csv"):
        events[row["ref"]] = make_event(
            ref=row["ref"],
            title={"en": row["title"]},
            kind=row["kind"],
            activity=row["activity"],
            starts=datetime.fromisoformat(row["start"]),
            ends=datetime.fromisoformat(row["end"]),
            country=row["country"],
            organisers=row["organisers"].split(";"),
            is_public=row["public"] == "yes",
            status=row["status"],
        )
    for row in read("outcomes-participations.csv"):
        facts = {"country": row["country"], "group": row["group"], "status": row["status"]}
        make_people(events[row["event"]], [row["participant"]], **facts)
    for row in read("outcomes-headcounts.csv"):
        make_headcounts(events[row["event"]], HeadcountDraft(row["group"], int(row["number"])))


def table_on(day: date) -> OutcomeTable:
    return outcome_table("LTPL00388", day, today=NOW.date())


@pytest.mark.usefixtures("in_app")
def test_the_year_gives_the_expected_rows_at_each_date():
    make_year()
    for day in DATES:
        expected = CASES[f"expect_as_of_{day:%Y_%m_%d}"]
        rows = {row.indicator.key: row.figures for row in table_on(day).rows}
        assert {key: rows[key].achieved for key in expected} == {key: row["achieved"] for key, row in expected.items()}
    workshops = rows["workshops"]
    assert workshops.persons == 25
    assert workshops.by_period == {"1": 20, "2": 25}
    assert workshops.by_country == {"LT": 24, "PL": 21}
