"""Bars of money: certified, reported and declared in one, full at the budget or at what is beyond it."""

import pytest

from portal.reports.rules.charts import MoneyBar, draw_money


@pytest.mark.parametrize(
    ("figures", "bar"),
    [
        ((100_00, 0, 0, 0), MoneyBar(0, 0, 0, None)),
        ((100_00, 50_00, 30_00, 10_00), MoneyBar(100, 200, 200, None)),
        ((100_00, 100_00, 100_00, 100_00), MoneyBar(1000, 0, 0, None)),
        # Twice the budget: the bar is as long as what was declared, and the budget is marked in its middle.
        ((100_00, 200_00, 0, 0), MoneyBar(0, 0, 1000, 500)),
        # One cent is seen.
        ((100_00, 1, 0, 0), MoneyBar(0, 0, 6, None)),
        # Credit notes beyond what was spent.
        ((100_00, -5_00, -5_00, 0), MoneyBar(0, 0, 0, None)),
        # A correction that is not certified yet makes less reported than certified.
        ((100_00, 50_00, 40_00, 60_00), MoneyBar(600, 0, 0, None)),
    ],
)
def test_the_parts_of_a_bar_are_shares_of_a_thousand(figures, bar):
    assert draw_money(*figures) == bar


def test_without_a_budget_nothing_is_drawn():
    assert draw_money(0, 5_00, 0, 0) is None


def test_the_second_part_begins_where_the_first_ends():
    assert draw_money(100_00, 50_00, 30_00, 10_00).starts == (100, 300)
