"""Convicted persons and family members: no name, e-mail, institution or other contact of theirs is ever stored."""

from typing import Any

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError

from portal.activities.models import Participation
from portal.activities.queries import list_participations
from portal.activities.services.attendance import (
    HeadcountDraft,
    ParticipationDraft,
    add_participation,
    update_participation,
)
from portal.core.db import db
from portal.core.errors import InvalidInput
from portal.core.sentences import sentence
from portal.core.web.language import speaking
from tests.conftest import NOW
from tests.make import OTHER_PROJECT, make_event, make_headcounts, make_other_project, make_people, make_project

pytestmark = pytest.mark.usefixtures("in_app")

SENSITIVE = ["convicted_person", "family_member"]
WITHOUT_NAME = ParticipationDraft("LT0042", "convicted_person")
TELLING = [
    ({"name": "Jonas Jonaitis"}, "sensitive-name"),
    ({"organisation": "Pravieniškės prison"}, "sensitive-name"),
    ({"participant": "jonas@example.lt"}, "sensitive-name"),
    ({"participant": "Jonas"}, "sensitive-code"),
    ({"participant": "+37061234567"}, "sensitive-code"),
    ({"participant": "123456789"}, "sensitive-code"),
]


@pytest.fixture
def event_id(in_app) -> int:
    make_project()
    return make_event(kind="support_group", activity="2.3")


def add(event_id: int, **changes: Any) -> str:
    return add_participation(event_id, WITHOUT_NAME._replace(**changes), now=NOW)


def stored() -> list[tuple[str, str, str, str]]:
    rows = db.session.scalars(select(Participation).order_by(Participation.id))
    return [(row.group, row.participant, row.name, row.organisation) for row in rows]


@pytest.mark.parametrize("group", SENSITIVE)
def test_a_person_may_come_under_a_code_of_the_own_list(event_id, group):
    assert add(event_id, group=group) == "LT0042"
    assert stored() == [(group, "LT0042", "", "")]


def test_a_person_without_a_code_is_given_the_projects_next_free_one(event_id):
    assert [add(event_id, participant="", group=group) for group in SENSITIVE] == ["K001", "K002"]
    assert add(make_event(), participant="") == "K003"


def test_another_project_issues_its_own_codes(event_id):
    add(event_id, participant="")
    make_other_project()
    db.session.execute(text("UPDATE events SET project_code = :code"), {"code": OTHER_PROJECT})
    db.session.commit()
    assert add(make_event(), participant="") == "K001"


def test_people_of_other_groups_are_given_no_code(event_id):
    with pytest.raises(InvalidInput) as refusal:
        add(event_id, participant="", group="staff")
    assert refusal.value.problem.code == "participant-missing"


@pytest.mark.parametrize("group", SENSITIVE)
@pytest.mark.parametrize(("told", "code"), TELLING)
def test_a_new_row_that_tells_who_it_is_is_refused_without_repeating_it(event_id, group, told, code):
    with pytest.raises(InvalidInput) as refusal:
        add(event_id, group=group, **told)
    assert [problem.code for problem in refusal.value.problems] == [code]
    [value] = told.values()
    with speaking("en"):
        assert value not in sentence(refusal.value.problem)
    assert value not in str(refusal.value)
    assert stored() == []


@pytest.mark.parametrize(("told", "code"), TELLING)
def test_a_changed_row_that_tells_who_it_is_is_refused(event_id, told, code):
    add(event_id)
    [row] = list_participations(event_id).rows
    with pytest.raises(InvalidInput) as refusal:
        update_participation(row.id, WITHOUT_NAME._replace(**told), event_id=event_id, now=NOW)
    assert refusal.value.problem.code == code
    assert stored() == [("convicted_person", "LT0042", "", "")]


def test_a_named_person_cannot_become_one_of_these_groups(event_id):
    make_people(event_id, ["AB12"], name="Ona Onaitė")
    [row] = list_participations(event_id).rows
    draft = ParticipationDraft("AB12", "family_member", name="Ona Onaitė")
    with pytest.raises(InvalidInput) as refusal:
        update_participation(row.id, draft, event_id=event_id, now=NOW)
    assert refusal.value.problem.code == "sensitive-name"
    assert stored() == [("professional", "AB12", "Ona Onaitė", "")]


@pytest.mark.parametrize("told", [{"name": "Jonas"}, {"organisation": "Pravieniškės prison"}], ids=str)
def test_a_code_that_stands_beside_a_name_elsewhere_cannot_be_used(event_id, told):
    make_people(make_event(), ["LT0042"], **told)
    with pytest.raises(InvalidInput) as refusal:
        add(event_id)
    assert (refusal.value.problem.code, refusal.value.problem.where) == ("sensitive-elsewhere", "participant")
    assert len(stored()) == 1


@pytest.mark.parametrize("told", [{"name": "Jonas"}, {"organisation": "Pravieniškės prison"}], ids=str)
def test_a_name_cannot_be_put_beside_a_code_that_is_used_elsewhere(event_id, told):
    add(event_id)
    other = make_event()
    with pytest.raises(InvalidInput) as refusal:
        make_people(other, ["LT0042"], group="staff", **told)
    assert refusal.value.problem.code == "sensitive-elsewhere"
    make_people(other, ["LT0042"], group="staff")
    row = list_participations(other).rows[0]
    with pytest.raises(InvalidInput) as refusal:
        update_participation(row.id, ParticipationDraft("LT0042", "staff", **told), event_id=other, now=NOW)
    assert refusal.value.problem.code == "sensitive-elsewhere"
    assert stored()[1:] == [("staff", "LT0042", "", "")]


def test_the_same_code_may_stand_beside_a_name_in_another_project(event_id):
    other = make_event()
    make_people(other, ["LT0042"], name="Ona Onaitė")
    make_other_project()
    moved = text("UPDATE events SET project_code = :code WHERE id = :id")
    db.session.execute(moved, {"code": OTHER_PROJECT, "id": other})
    db.session.commit()
    assert add(event_id) == "LT0042"


def test_a_code_may_be_used_again_where_no_name_stands_beside_it(event_id):
    add(event_id)
    assert add(make_event()) == "LT0042"


def test_numbers_of_these_groups_can_be_recorded(event_id):
    make_headcounts(event_id, *(HeadcountDraft(group, 8) for group in SENSITIVE))
    assert stored() == []


DIRECT = [
    *(told for told, _ in TELLING),
    {"participant": "jonas@x.lt"},
    {"participant": "Jonas P."},
    {"participant": "JONAS"},
    {"participant": "8612-34567"},
]


@pytest.mark.parametrize("group", SENSITIVE)
@pytest.mark.parametrize("told", DIRECT, ids=str)
def test_the_database_itself_refuses_a_row_that_tells_who_it_is(event_id, group, told):
    row = {"event_id": event_id, "participant": "LT0042", "group": group, **told}
    with pytest.raises(IntegrityError, match="sensitive_without_name"):
        db.session.execute(insert(Participation).values(row))
    db.session.rollback()
    assert stored() == []


@pytest.mark.parametrize("code", ["K001", "12", "12345678", "ABC12345678"])
def test_the_database_takes_the_codes_that_tell_nothing(event_id, code):
    row = {"event_id": event_id, "participant": code, "group": "convicted_person"}
    db.session.execute(insert(Participation).values(row))
    db.session.commit()
    assert stored() == [("convicted_person", code, "", "")]


@pytest.mark.parametrize("told", [{"name": "Jonas"}, {"organisation": "Prison"}, {"participant": "j@x.lt"}], ids=str)
def test_the_database_itself_refuses_to_change_a_row_into_one_that_tells(event_id, told):
    add(event_id)
    make_people(event_id, ["AB12"], name="Ona Onaitė")
    rows = {row.group: row.id for row in list_participations(event_id).rows}
    for row_id, values in ((rows["convicted_person"], told), (rows["professional"], {"group": "family_member"})):
        with pytest.raises(IntegrityError, match="sensitive_without_name"):
            db.session.execute(update(Participation).where(Participation.id == row_id).values(values))
        db.session.rollback()
