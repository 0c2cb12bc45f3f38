"""Permissions: the table as it was agreed, and how far a role reaches."""

import pytest

from portal.accounts.rules import ORGANISATION_ROLES, Holding, Permission, Role, acted_for, may, own_organisations

# Copied from "Who may do what" of the interfaces, not from the code; "●" everything, "own" its own organisation.
AGREED = """
                      | manager | partner | finance | controller | programme | researcher | auditor | viewer
READ_PROJECT          | ●       | ●       | ●       | ●          | ●         | ●          | ●       | ●
EDIT_PROJECT          | ●       |         |         |            |           |            |         |
EDIT_EVENTS           | ●       | own     |         |            |           |            |         |
SEE_PARTICIPANTS      | ●       | own     |         | own        |           |            |         |
SEE_EXPENDITURE       | ●       |         | own     | own        | ●         |            | ●       |
ENTER_EXPENDITURE     | ●       |         | own     |            |           |            |         |
CONTROL_EXPENDITURE   |         |         |         | own        |           |            |         |
SUBMIT_PROJECT_REPORT | ●       |         |         |            |           |            |         |
VERIFY_PROJECT_REPORT |         |         |         |            | ●         |            |         |
EDIT_STUDIES          | ●       |         |         |            |           | ●          |         |
READ_AUDIT            | ●       |         |         |            | ●         |            | ●       |
"""
# The table is silent on paper: officers of every partner hand out survey forms and type in what comes back.
ON_PAPER = """
ENTER_PAPER           | ●       | ●       |         |            |           | ●          |         |
"""


def read_agreed() -> dict[str, dict[str, str]]:
    lines = (AGREED.strip("\n") + ON_PAPER.rstrip("\n")).splitlines()
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    return {name: dict(zip(head[1:], cells, strict=True)) for name, *cells in rows}


TABLE = read_agreed()
CELLS = [(permission, role, cell) for permission, row in TABLE.items() for role, cell in row.items()]


def test_the_agreed_table_names_every_permission_and_every_role():
    assert set(TABLE) == {permission.name for permission in Permission}
    assert all(set(row) == {role.value for role in Role} for row in TABLE.values())


@pytest.mark.parametrize(("permission", "role", "cell"), CELLS)
def test_a_role_may_do_what_the_agreed_table_says_and_nothing_else(permission, role, cell):
    held = [Holding(Role(role), "ols")]
    asked = Permission[permission]
    assert may(asked, held) is (cell != "")
    assert may(asked, held, ["ols"]) is (cell != "")
    assert may(asked, held, ["lps"]) is (cell == "●")
    assert may(asked, held, []) is (cell == "●")


@pytest.mark.parametrize(("permission", "role", "cell"), CELLS)
def test_a_permission_reaches_everything_the_own_organisation_or_nothing(permission, role, cell):
    reached = own_organisations(Permission[permission], [Holding(Role(role), "ols")])
    assert reached == {"●": None, "own": frozenset({"ols"}), "": frozenset()}[cell]


def test_an_organisation_is_named_for_exactly_the_roles_that_are_held_for_one():
    assert {role.value for role in ORGANISATION_ROLES} == {"partner", "finance", "controller"}


@pytest.mark.parametrize("permission", Permission)
def test_who_holds_nothing_may_do_nothing(permission):
    assert not may(permission, [])
    assert not may(permission, [], ["lps"])
    assert own_organisations(permission, []) == frozenset()


def test_an_event_belongs_to_every_one_of_its_organisers():
    partner = [Holding(Role.PARTNER, "ols")]
    assert may(Permission.EDIT_EVENTS, partner, ["lps", "ols"])
    assert not may(Permission.EDIT_EVENTS, partner, ["lps", "lpro"])


def test_several_roles_add_up():
    both = [Holding(Role.PARTNER, "ols"), Holding(Role.PARTNER, "lps"), Holding(Role.FINANCE, "lpro")]
    assert own_organisations(Permission.EDIT_EVENTS, both) == {"ols", "lps"}
    assert may(Permission.SEE_EXPENDITURE, both, ["lpro"])
    assert not may(Permission.SEE_EXPENDITURE, both, ["ols"])


def test_a_role_for_the_whole_project_outreaches_one_for_an_organisation():
    both = [Holding(Role.PARTNER, "ols"), Holding(Role.MANAGER)]
    assert own_organisations(Permission.EDIT_EVENTS, both) is None
    assert may(Permission.EDIT_EVENTS, both, ["kaunas"])


@pytest.mark.parametrize(
    ("held", "permission", "organisations", "expected"),
    [
        ([Holding(Role.MANAGER)], Permission.EDIT_EVENTS, ["ols"], "ols"),
        ([Holding(Role.MANAGER)], Permission.EDIT_EVENTS, ["lps", "ols"], "lps"),
        ([Holding(Role.MANAGER), Holding(Role.PARTNER, "ols")], Permission.EDIT_EVENTS, ["lps", "ols"], ""),
        ([Holding(Role.MANAGER), Holding(Role.FINANCE, "ols")], Permission.EDIT_EVENTS, ["ols"], "ols"),
        ([Holding(Role.PARTNER, "ols")], Permission.EDIT_EVENTS, ["ols"], ""),
        ([Holding(Role.MANAGER)], Permission.EDIT_PROJECT, ["ols"], ""),
        ([Holding(Role.MANAGER)], Permission.EDIT_EVENTS, [], ""),
        ([Holding(Role.MANAGER)], Permission.ENTER_EXPENDITURE, ["kaunas"], "kaunas"),
        ([], Permission.EDIT_EVENTS, ["ols"], ""),
    ],
    ids=str,
)
def test_a_manager_acts_for_the_organisation_whose_own_matter_it_is(held, permission, organisations, expected):
    assert acted_for(permission, held, organisations) == expected
