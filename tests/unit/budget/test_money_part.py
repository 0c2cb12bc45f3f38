"""Whose concern a project's money is: everybody's but that of people who only stand for associated partners."""

import pytest

from portal.accounts.rules import Holding, Role
from portal.budget.rules.parts import has_part_in_money


@pytest.mark.parametrize(
    ("holdings", "has_part"),
    [
        ([Holding(Role.VIEWER)], True),
        ([Holding(Role.PARTNER, "lps")], True),
        ([Holding(Role.FINANCE, "lps")], True),
        ([Holding(Role.PARTNER, "kaunas")], False),
        ([Holding(Role.PARTNER, "kaunas"), Holding(Role.CONTROLLER, "alytus")], False),
        ([Holding(Role.PARTNER, "kaunas"), Holding(Role.PARTNER, "ols")], True),
        ([Holding(Role.PARTNER, "kaunas"), Holding(Role.VIEWER)], True),
        ([], False),
    ],
)
def test_the_budget_concerns_all_but_those_who_only_stand_for_associated_partners(holdings, has_part):
    assert has_part_in_money(holdings, ["lps", "lpro", "ols"]) is has_part
