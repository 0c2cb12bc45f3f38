"""Accounts and memberships: what is stored, and what the roles and the database refuse."""

import pytest
from argon2 import PasswordHasher
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import Membership, User
from portal.accounts.queries import find_user, find_user_by_email, list_holdings, list_project_codes
from portal.accounts.rules import Holding, Role
from portal.accounts.services import add_membership, set_account
from portal.accounts.services.passwords import hash_password, is_outdated, is_right
from portal.core.db import db
from portal.core.errors import InvalidInput, InvalidInputs
from tests.conftest import NOW
from tests.make import PROJECT, make_other_project, make_project

PASSWORD = "lankas-žirgas-47"

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def user_id(in_app) -> int:
    make_project()
    return set_account("Ona@Example.LT", name="Ona", password=PASSWORD, now=NOW)


def test_an_account_is_kept_under_its_e_mail_in_lower_case_without_its_password(user_id):
    user = find_user_by_email("ONA@example.lt")
    assert user is not None
    assert (user.id, user.email, user.name, user.language, user.is_demo) == (
        user_id,
        "ona@example.lt",
        "Ona",
        "en",
        False,
    )
    assert user.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in user.password_hash


def test_setting_an_account_again_changes_its_name_and_password(user_id):
    changed = set_account(" ona@example.lt", name="Ona O.", password="upė-per-slenkstį", language="lt", now=NOW)
    assert changed == user_id
    user = find_user_by_email("ona@example.lt")
    assert user is not None
    assert (user.name, user.language) == ("Ona O.", "lt")
    assert is_right("upė-per-slenkstį", user.password_hash)
    assert not is_right(PASSWORD, user.password_hash)


def test_everything_that_is_wrong_with_an_account_is_said_at_once(user_id):
    with pytest.raises(InvalidInputs) as refusal:
        set_account("ona", name=" ", password="lankas", now=NOW)
    assert [each.code for each in refusal.value.problems] == ["email-malformed", "name-missing", "password-short"]


def test_a_closed_account_is_not_found_for_a_session(user_id):
    assert find_user(user_id) is not None
    found = find_user_by_email("ona@example.lt")
    assert found is not None
    found.is_active = False
    db.session.commit()
    assert find_user(user_id) is None


def test_a_password_is_right_whichever_keyboard_composed_its_letters(user_id):
    composed, decomposed = "upė-lankas-47", "upe\u0307-lankas-47"
    assert is_right(decomposed, hash_password(composed))


def test_no_password_is_right_for_an_account_without_one(user_id):
    assert not is_right("", "")
    assert not is_right("no one signs in with this", "")
    assert not is_right("none", "none")


def test_a_hash_with_weaker_parameters_is_outdated(user_id):
    assert not is_outdated(hash_password(PASSWORD))
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD))


def test_memberships_are_held_in_one_project_and_add_up(user_id):
    other = make_other_project()
    add_membership(user_id, project_code=PROJECT, role=Role.PARTNER, organisation="ols")
    add_membership(user_id, project_code=PROJECT, role=Role.VIEWER)
    add_membership(user_id, project_code=other, role=Role.MANAGER)
    assert list_holdings(user_id, PROJECT) == [Holding(Role.PARTNER, "ols"), Holding(Role.VIEWER)]
    assert list_project_codes(user_id) == [PROJECT, other]


@pytest.mark.parametrize(("role", "organisation"), [(Role.MANAGER, ""), (Role.PARTNER, "ols")])
def test_holding_a_role_already_changes_nothing(user_id, role, organisation):
    for _time in range(2):
        add_membership(user_id, project_code=PROJECT, role=role, organisation=organisation)
    assert len(list_holdings(user_id, PROJECT)) == 1


@pytest.mark.parametrize(
    ("membership", "code"),
    [
        ({"role": "boss"}, "role-unknown"),
        ({"role": "partner"}, "role-needs-organisation"),
        ({"role": "manager", "organisation": "ols"}, "role-without-organisation"),
        ({"role": "partner", "organisation": "nato"}, "membership-unknown"),
        ({"role": "manager", "project_code": "NOWHERE"}, "membership-unknown"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_membership_that_cannot_be_is_refused_and_not_stored(user_id, membership, code):
    with pytest.raises(InvalidInput) as refusal:
        add_membership(user_id, **{"project_code": PROJECT, **membership})
    assert refusal.value.problem.code == code
    assert db.session.scalars(select(Membership)).all() == []


def test_an_unknown_role_is_refused_with_those_that_exist(user_id):
    with pytest.raises(InvalidInput) as refusal:
        add_membership(user_id, project_code=PROJECT, role="boss")
    assert list(refusal.value.problem.values["allowed"]) == [
        "manager",
        "partner",
        "finance",
        "controller",
        "programme",
        "researcher",
        "auditor",
        "viewer",
    ]


@pytest.mark.parametrize(
    "row",
    [
        {"role": "manager", "organisation_key": "ols"},
        {"role": "partner", "organisation_key": None},
        {"role": "boss", "organisation_key": None},
        {"role": "partner", "organisation_key": "nato"},
    ],
    ids=str,
)
def test_the_database_itself_refuses_a_membership_that_cannot_be(user_id, row):
    with pytest.raises(IntegrityError):
        db.session.execute(insert(Membership).values(user_id=user_id, project_code=PROJECT, **row))


@pytest.mark.parametrize("organisation", ["ols", None])
def test_the_database_itself_refuses_a_membership_twice(user_id, organisation):
    role = "partner" if organisation else "manager"
    row = {"user_id": user_id, "project_code": PROJECT, "role": role, "organisation_key": organisation}
    db.session.execute(insert(Membership).values(row))
    with pytest.raises(IntegrityError):
        db.session.execute(insert(Membership).values(row))


def test_the_database_itself_refuses_an_e_mail_in_upper_case(user_id):
    with pytest.raises(IntegrityError):
        db.session.execute(insert(User).values(email="X@example.lt", name="X", password_hash="x", created_at=NOW))
