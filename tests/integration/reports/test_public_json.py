"""The outcomes as programs get them without a sign-in, and what nobody can work out from them."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.activities.services.attendance import HeadcountDraft
from portal.core.db import transaction
from portal.projects.models import Indicator, Project
from portal.reports.queries.public import FEW as FEW_TEXT
from portal.reports.queries.public import public_table
from tests.conftest import NOW
from tests.integration.pages import read_table
from tests.integration.reports.proofs import make_figure
from tests.integration.test_outcome_vectors import make_year
from tests.make import PROJECT, make_event, make_headcounts, make_people, make_project, noted_queries, sign_in_as

ADDRESS = f"/public/{PROJECT}/outcomes.json"
FIRST = "2026-06-30"
FEW = {"suppressed": True}
KEYS = ["project", "as_of", "example_data", "rows"]
ROW = ["key", "code", "name", "unit", "expected", "achieved", "evidenced", "percent", "by_period", "by_country"]
COLUMNS = ["1", "2"]


def rows_of(answer) -> dict[str, dict]:
    assert answer.status_code == 200
    return {row["key"]: row for row in answer.json["rows"]}


def held(day: datetime, **changes) -> int:
    return make_event(starts=day, ends=day + timedelta(hours=3), status="held", **changes)


def test_the_year_is_published_in_its_shape(app, client):
    with app.app_context():
        make_year()
    answer = client.get(ADDRESS)
    assert answer.headers["Content-Type"] == "application/json"
    assert list(answer.json) == KEYS
    assert (answer.json["project"], answer.json["as_of"], answer.json["example_data"]) == (PROJECT, "2026-11-20", False)
    rows = rows_of(answer)
    assert rows["workshops"] == {
        "key": "workshops",
        "code": "RCO81",
        "name": "Participation in workshops and training activities",
        "unit": "participations",
        "expected": 216,
        "achieved": 45,
        "evidenced": 0,
        "percent": "20.83",
        "by_period": {"1": 20, "2": 25},
        "by_country": {"LT": 24, "PL": 21},
    }
    assert list(rows["joint_actions"]) == [*ROW, "parts"]
    assert rows["joint_actions"]["parts"] == ["workshops", "initiatives"]
    assert rows["organisations"]["organisations"] == [
        {"key": key} for key in ("lps", "lpro", "ols", "alytus", "kaunas")
    ]
    assert rows["public_events"]["by_country"] is None
    assert not any("events" in row or "persons" in row for row in rows.values())


def test_an_earlier_day_is_published_too(app, client):
    with app.app_context():
        make_year()
    rows = rows_of(client.get(f"{ADDRESS}?as_of={FIRST}"))
    assert {key: row["achieved"] for key, row in rows.items()} == {
        "joint_actions": 76,
        "workshops": 20,
        "initiatives": 56,
        "organisations": 4,
        "public_events": 1,
    }
    assert rows["workshops"]["by_period"] == {"1": 20}


@pytest.mark.parametrize("asked", ["", "x", "2026-02-30", "2026-06-29", "2026-11-20", "2026-12-31", "2027-06-30"])
def test_any_other_day_is_refused_with_the_days_that_there_are(app, client, asked):
    with app.app_context():
        make_project()
    answer = client.get(f"{ADDRESS}?as_of={asked}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/json")
    assert answer.headers["Cache-Control"] == "no-store"
    assert list(answer.json) == ["error"]
    assert answer.json["error"]["code"] == "as-of-not-published"
    assert FIRST in answer.json["error"]["message"]
    assert "2026-12-31" not in answer.json["error"]["message"].replace("“2026-12-31”", "")


def test_a_project_that_is_not_published_is_not_there(app, client):
    with app.app_context():
        make_project()
        with transaction() as session:
            session.get_one(Project, PROJECT).status = "preparation"
    for code in (PROJECT, "NOWHERE"):
        answer = client.get(f"/public/{code}/outcomes.json")
        assert (answer.status_code, answer.json["error"]["code"]) == (404, "project-unknown")


def test_names_speak_the_language_that_is_asked_for(app, client):
    with app.app_context():
        make_project()
    for headers, name in (({"Accept-Language": "pl"}, "Uczestnictwo"), ({"Accept-Language": "lt"}, "Dalyvavimas")):
        assert rows_of(client.get(ADDRESS, headers=headers))["workshops"]["name"].startswith(name)


def test_it_is_kept_like_the_page_and_a_head_has_its_headers(app, client):
    with app.app_context():
        make_project()
    answer = client.get(ADDRESS)
    head = client.head(ADDRESS)
    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Cache-Control", "Content-Length", "Vary"):
        assert head.headers[name] == answer.headers[name]
    assert answer.headers["Cache-Control"] == "no-cache"
    assert client.get(ADDRESS, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert "Set-Cookie" not in answer.headers
    signed_in = sign_in_as(app, Role.VIEWER).get(ADDRESS)
    assert signed_in.headers["Cache-Control"] == "no-store"
    assert signed_in.json == answer.json


def plant_nine_from_poland() -> None:
    """Twenty people from Lithuania in the first period; nine from Poland, a group of their own, in the second."""
    make_project()
    make_people(held(datetime(2026, 3, 10, 10, 0), ref="W1"), [f"a{n}" for n in range(20)], country="LT")
    make_people(held(datetime(2026, 9, 10, 10, 0), ref="W2"), [f"b{n}" for n in range(9)], country="PL", group="staff")
    many = held(datetime(2026, 6, 6, 11, 0), ref="V1", kind="tournament", activity="2.4", is_public=True)
    make_headcounts(many, HeadcountDraft("community_member", 40), HeadcountDraft("convicted_person", 16))


def test_nine_people_of_a_group_follow_from_nothing_that_is_public(app, client):
    """Everything published is an equation about who came when and from where; the nine are in none of its answers."""
    with app.app_context():
        plant_nine_from_poland()
    people = Unknowns()
    for day in ("2026-11-20", FIRST):
        asked = ADDRESS if day > FIRST else f"{ADDRESS}?as_of={day}"
        for key, row in rows_of(client.get(asked)).items():
            if key in PARTS:
                people.learn_row(key, row, COLUMNS[: 1 if day == FIRST else 2])
    page = {row[0]: row[1:] for row in read_table(client.get(f"/public/{PROJECT}"), "Outcomes achieved by period")}
    for name, key in (("Participation in workshops", "workshops"), ("Participations in joint", "joint_actions")):
        [cells] = [cells for row, cells in page.items() if row.startswith(name)]
        assert cells == ["<10", "<10"]
        people.learn_columns(key, dict(zip(COLUMNS, cells, strict=True)))
    assert people.known(lambda row, period, country: row == "workshops")
    assert not people.known(lambda row, period, country: row == "workshops" and period == "2")
    assert not people.known(lambda row, period, country: row == "workshops" and country == "PL")
    assert not people.known(lambda row, period, country: (row, period, country) == ("workshops", "2", "PL"))
    assert not people.known(lambda row, period, country: period == "2")
    assert not people.known(lambda row, period, country: country == "PL")


def test_no_answer_says_nine(app, client):
    with app.app_context():
        plant_nine_from_poland()
    for address in (ADDRESS, f"{ADDRESS}?as_of={FIRST}"):
        said = [row for row in client.get(address).json["rows"] if row["key"] in PARTS]
        numbers = [number for row in said for name in ROW[5:] for number in numbers_in(row[name])]
        assert numbers
        assert not [number for number in numbers if 0 < number < 10]


def test_a_row_that_leaves_a_few_out_of_another_one_does_not_give_them_away(app, client):
    """44 and 40 in the first period would say that four were convicted; of today there are more."""
    with app.app_context():
        make_project()
        with transaction() as session:
            for key, left_out in (("workshops", {}), ("initiatives", {"exclude_groups": ["convicted_person"]})):
                row = session.scalars(select(Indicator).filter_by(project_code=PROJECT, key=key)).one()
                row.measure = {"kind": "participations", **left_out}
        for day, few in ((datetime(2026, 3, 10, 10, 0), 4), (datetime(2026, 9, 10, 10, 0), 20)):
            people = HeadcountDraft("community_member", 40), HeadcountDraft("convicted_person", few)
            make_headcounts(held(day, ref=f"W{few}"), *people)
    rows = rows_of(client.get(ADDRESS))
    assert (rows["workshops"]["achieved"], rows["initiatives"]["achieved"]) == (104, 80)
    for period in COLUMNS:
        assert FEW in (rows["workshops"]["by_period"][period], rows["initiatives"]["by_period"][period])
    earlier = rows_of(client.get(f"{ADDRESS}?as_of={FIRST}"))
    assert FEW in (earlier["workshops"]["achieved"], earlier["initiatives"]["achieved"])
    assert earlier["workshops"]["by_country"] == earlier["initiatives"]["by_country"] == FEW


def test_an_earlier_day_is_counted_from_what_is_loaded_for_today(app):
    with app.app_context():
        make_year()
    asked = []
    for day in (None, FIRST):
        with app.app_context(), noted_queries(app) as queries:
            public_table(PROJECT, day, today=NOW.date())
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_a_total_that_is_withheld_cannot_be_shown_as_not_reported(app):
    with app.app_context():
        plant_nine_from_poland()
        table = public_table(PROJECT, None, today=NOW.date())
        assert [row.figures.evidenced for row in table.outcomes.rows] == [None] * len(table.rows)
        hidden = table._replace(rows=[row._replace(achieved=FEW_TEXT) for row in table.rows])
        with pytest.raises(ValueError, match="withheld"):
            _ = hidden.outcomes


def numbers_in(figure) -> list[int]:
    """Every whole number that a figure tells, however deep; the share of what was expected is none."""
    if isinstance(figure, dict):
        return [number for each in figure.values() for number in numbers_in(each)]
    return [figure] if isinstance(figure, int) and not isinstance(figure, bool) else []


PARTS = {"workshops": ["workshops"], "initiatives": ["initiatives"], "joint_actions": ["workshops", "initiatives"]}
COUNTRIES = ("LT", "PL", "unknown")


class Unknowns:
    """How many people there were of each counted row, period and country, and what is known of them."""

    def __init__(self) -> None:
        rows = ("workshops", "initiatives")
        self.places = [(row, period, country) for row in rows for period in COLUMNS for country in COUNTRIES]
        self.known_sums: list[list[float]] = []

    def vector(self, chosen) -> list[float]:
        return [1.0 if chosen(*place) else 0.0 for place in self.places]

    def learn(self, figure, chosen) -> None:
        if isinstance(figure, int) or (isinstance(figure, str) and figure.isdigit()):
            self.known_sums.append(self.vector(chosen))
            if int(figure) == 0:
                self.known_sums += [
                    self.vector(lambda *at, one=place: at == one) for place in self.places if chosen(*place)
                ]

    def learn_columns(self, key: str, figures: dict) -> None:
        for column, figure in figures.items():
            self.learn(figure, lambda row, period, country, c=column: row in PARTS[key] and period == c)

    def learn_row(self, key: str, said: dict, periods: list[str]) -> None:
        def mine(row, period, country):
            return row in PARTS[key] and period in periods

        self.learn(0 if said["achieved"] is None else said["achieved"], mine)
        self.learn_columns(key, said["by_period"] or {})
        if said["by_country"] is not None and said["by_country"] != FEW:
            for country in COUNTRIES:
                figure = said["by_country"].get(country, 0)
                self.learn(figure, lambda row, period, at, c=country: mine(row, period, at) and at == c)

    def known(self, chosen) -> bool:
        rank = np.linalg.matrix_rank(np.array(self.known_sums))
        return bool(np.linalg.matrix_rank(np.array([*self.known_sums, self.vector(chosen)])) == rank)


@pytest.mark.parametrize("unit", ["persons", "participants", "žmonės", "", "Persons"])
def test_figures_by_hand_may_be_people_whatever_their_unit_is_called(app, unit):
    with app.app_context():
        make_project()
        make_figure(date(2026, 3, 3), number=9, key="workshops")
        make_figure(date(2026, 8, 1), number=15, key="workshops")
        with transaction() as session:
            session.scalars(select(Indicator).where(Indicator.key == "workshops")).one().unit = unit
    row = rows_of(app.test_client().get(ADDRESS))["workshops"]
    assert (row["achieved"], row["by_period"]) == (24, {"1": FEW, "2": FEW})
