"""Several people at one sheet at the same moment: one mark of each person, and nobody undoes another's ticks."""

import pytest
from sqlalchemy import func, select

from portal.activities.models import AttendanceMark, EventSession, Participation
from portal.activities.queries.marking import count_present, list_people
from portal.activities.services.marking import Mark, mark
from portal.activities.services.paper_sheets import SheetDraft, WalkIn, add_walk_in, save_sheet
from portal.core.db import db
from tests.conftest import NOW
from tests.integration.files.test_races import together
from tests.make import make_event, make_people, make_project

ROUNDS = 4


@pytest.fixture(autouse=True)
def _event(app) -> None:
    with app.app_context():
        make_project()
        make_event()
        make_people(1, [f"p{number}@example.org" for number in range(8)], status="registered")


def rows(app) -> list[int]:
    with app.app_context():
        return [person.id for person in list_people(1, 1)]


def test_two_phones_at_one_person_make_one_mark(app):
    for row in rows(app)[:ROUNDS]:
        acts = [lambda row=row: mark(1, 1, Mark(row, is_present=True), now=NOW, by=0, by_link=True)] * 3
        assert sorted(together(app, *acts)) == [False, False, True]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(AttendanceMark)) == ROUNDS
        assert db.session.scalar(select(func.count()).select_from(EventSession)) == 1


def test_two_sheets_saved_at_once_both_count(app):
    people = rows(app)
    first, second = ([Mark(row, is_present=True) for row in half] for half in (people[:5], people[3:]))
    told = together(
        app,
        lambda: save_sheet(1, 1, SheetDraft(first), now=NOW, by=1),
        lambda: save_sheet(1, 1, SheetDraft(second), now=NOW, by=2),
    )
    assert sum(each["changed"] for each in told) == len(people)
    with app.app_context():
        assert count_present(1, 1) == len(people)


def test_one_walk_in_by_two_people_is_one_row(app):
    draft = WalkIn("Eva", "eva@example.org")
    ids = together(app, *[lambda: add_walk_in(1, 1, draft, now=NOW, by=1)] * 3)
    assert len(set(ids)) == 1
    with app.app_context():
        mine = select(func.count()).where(Participation.participant == "eva@example.org")
        assert db.session.scalar(mine) == 1
        assert count_present(1, 1) == 1
