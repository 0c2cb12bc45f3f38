"""Budget lines as pure rules: layouts whose parts add up, differences, comparisons of versions, what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.budget.rules.flat_rates import flat_categories
from portal.budget.rules.lines import (
    SPREADS,
    Axes,
    BudgetRows,
    Line,
    Place,
    Share,
    check_contributions,
    check_lines,
    check_spread,
    fitting_spread,
    flat_facts,
    offered_places,
    plain_rows,
    read_plain_rows,
)
from portal.budget.rules.tables import grid_of, lay_out, sum_up
from portal.budget.rules.versions import compare
from portal.core.errors import InvalidInput
from portal.core.money import LARGEST_AMOUNT, Cents
from portal.projects.rules.vocabulary import REAL_COST_CATEGORIES

AXES = Axes((1, 2), (1, 2, 3))
NOTHING = BudgetRows()

places = st.builds(Place, st.sampled_from(REAL_COST_CATEGORIES), st.integers(0, 2), st.integers(0, 3))
amounts = st.integers(0, LARGEST_AMOUNT).map(Cents)
RATES = [
    {},
    {"staff": 20},
    {"office_on_staff": 15},
    {"office_on_direct": 7, "travel": 15},
    {"other_on_staff": 40},
    {"staff": 20, "travel": 15, "office_on_staff": 15},
]


def line(category: str, cents: int, package: int = 0, period: int = 0, organisation: str = "lps") -> Line:
    return Line(organisation, category, package, period, Cents(cents))


def lines_of(stated: dict[Place, Cents]) -> list[Line]:
    return [Line("lps", *place, cents) for place, cents in stated.items()]


@given(st.dictionaries(places, amounts), st.sampled_from(RATES), st.one_of(st.none(), amounts))
def test_any_lines_add_up_in_every_layout_and_the_difference_is_what_is_left(
    stated: dict[Place, Cents], rates: dict[str, int], approved: Cents | None
):
    lines, flat = lines_of(stated), flat_categories(rates)
    summary = sum_up(lines, rates, approved)
    real = sum(each.cents for each in lines if each.category not in flat)
    for spread in SPREADS:
        table = lay_out(lines, spread, flat)
        assert table.total == real == sum(table.sums) == sum(row.total for row in table.rows)
        for row in table.rows:
            assert row.total == sum(cell or 0 for cell in row.cells)
        by_category = {
            each: sum(row.total for row in table.rows if row.category == each) for each in summary.categories
        }
        assert all(by_category[each] == summary.categories[each] for each in summary.categories if each not in flat)
    assert summary.total == sum(summary.categories.values()) == real + sum(rate.cents for rate in summary.flat)
    if approved is None:
        assert summary.difference is None
    else:
        assert summary.total + (summary.difference or 0) == approved


@given(st.dictionaries(places, amounts), st.sampled_from(SPREADS), st.sampled_from(RATES))
def test_a_grid_has_a_box_for_each_line_or_names_it_as_kept(
    stated: dict[Place, Cents], spread: str, rates: dict[str, int]
):
    lines, flat = lines_of(stated), flat_categories(rates)
    grid = grid_of(offered_places(spread, AXES, flat), spread, lines, flat)
    boxes = [place for *_, row in grid.rows for place in row]
    assert len(boxes) == len(set(boxes))
    assert all(len(row) == len(grid.columns) for *_, row in grid.rows)
    real = {each.place for each in lines if each.category not in flat}
    assert {each.place for each in grid.kept} == real - set(boxes)


@given(st.dictionaries(places, amounts), st.dictionaries(places, amounts))
def test_what_changed_is_what_differs_and_adds_up(was: dict[Place, Cents], becomes: dict[Place, Cents]):
    before, after = (BudgetRows(tuple(lines_of(stated))) for stated in (was, becomes))
    found = compare(before, after)
    assert {Place(*each[1:4]) for each in found.lines} == {
        place for place in {*was, *becomes} if was.get(place) != becomes.get(place)
    }
    assert found.total.change == sum(becomes.values()) - sum(was.values())
    for sums in (found.by_category, found.by_organisation):
        assert sum(each.change for each in sums) == found.total.change
    assert compare(after, after).lines == []
    assert read_plain_rows(plain_rows(after)) == after


def test_flat_rates_are_computed_from_the_lines_with_their_ceilings():
    lines = [line("staff", 1000001, 1), line("travel", 50000), line("office", 777)]
    summary = sum_up(lines, {"office_on_staff": 15}, Cents(1200000))
    assert summary.categories["office"] == 150000
    assert [(each.name, each.percent, each.ceiling, each.cents) for each in summary.flat] == [
        ("office_on_staff", 15, 15, 150000)
    ]
    assert (summary.total, summary.difference, summary.gap) == (1200001, -1, 1)
    assert summary.ignored == (line("office", 777),)


def test_lines_are_laid_out_by_work_package_and_period():
    lines = [line("staff", 10, 1, 1), line("staff", 20, 1, 2), line("staff", 30, 2, 2), line("travel", 5)]
    assert fitting_spread(lines) == "both"
    table = lay_out(lines, "both", frozenset())
    assert table.columns == (0, 1, 2)
    assert [(row.category, row.work_package, row.cells) for row in table.rows if row.total] == [
        ("staff", 1, (None, 10, 20)),
        ("staff", 2, (None, None, 30)),
        ("travel", 0, (5, None, None)),
    ]
    assert table.sums == (5, 10, 50)


@pytest.mark.parametrize(
    ("lines", "spread"),
    [
        ([], "total"),
        ([line("staff", 1)], "total"),
        ([line("staff", 1, 1), line("staff", 1)], "work_package"),
        ([line("staff", 1, 0, 2)], "period"),
        ([line("staff", 1, 1), line("travel", 1, 0, 2)], "both"),
    ],
)
def test_the_plainest_layout_that_fits_is_chosen(lines: list[Line], spread: str):
    assert fitting_spread(lines) == spread


@pytest.mark.parametrize(
    ("place", "cents", "code"),
    [
        (Place("staff", 3), 1, "budget-work-package"),
        (Place("staff", 0, 4), 1, "budget-period"),
        (Place("office"), 1, "budget-flat"),
        (Place("other"), 0, "budget-flat"),
        (Place("staff"), -1, "budget-below-zero"),
        (Place("staff"), LARGEST_AMOUNT + 1, "budget-too-large"),
    ],
)
def test_a_line_that_a_partner_cannot_have_is_refused_at_its_box(place: Place, cents: int, code: str):
    with pytest.raises(InvalidInput) as refused:
        check_lines({place: Cents(cents), Place("travel"): Cents(1)}, AXES, frozenset({"office"}))
    where = f"line_{place.category}_{place.work_package}_{place.period}"
    assert [(each.code, each.where) for each in refused.value.problems] == [(code, where)]
    check_lines({place: None}, AXES, frozenset({"office"}))


def test_contributions_need_an_amount_and_a_name_of_some_length():
    with pytest.raises(InvalidInput) as refused:
        check_contributions({"own": ("", Cents(-1)), "national": ("Ministry", None), "private": ("x" * 201, Cents(1))})
    assert [(each.code, each.where) for each in refused.value.problems] == [
        ("budget-below-zero", "own_amount"),
        ("contribution-without-amount", "national_amount"),
        ("text-too-long", "private_name"),
    ]


def test_an_unknown_layout_is_refused():
    with pytest.raises(InvalidInput):
        check_spread("week")


def test_contributions_that_differ_are_told_with_their_givers():
    before = BudgetRows((), (Share("lps", "own", "", Cents(100)), Share("ols", "private", "A", Cents(5))))
    after = BudgetRows((), (Share("lps", "own", "City", Cents(100)), Share("ols", "national", "", Cents(7))))
    found = compare(before, after).contributions
    assert [(each.organisation, each.source, each.change) for each in found] == [
        ("lps", "own", 0),
        ("ols", "national", 7),
        ("ols", "private", -5),
    ]


def test_the_audit_names_each_line_and_its_amount():
    rows = BudgetRows((line("staff", 1050, 1, 2), line("travel", 5)), (Share("lps", "own", "City", Cents(100)),))
    assert flat_facts(rows) == {
        "lps.staff.work_package 1.period 2": "10.50",
        "lps.travel": "0.05",
        "lps.own": "1.00 City",
    }
    assert compare(NOTHING, rows).total.after == 1055
