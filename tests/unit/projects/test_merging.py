"""Loading a project file again: what the file changes arrives, and what people changed in the portal stands."""

from hypothesis import given
from hypothesis import strategies as st

from portal.projects.rules.merging import Difference, Merge, merge_facts

NUMBERS = st.integers(0, 2)
ROWS = st.dictionaries(
    st.sampled_from(["project", "organisations"]),
    st.dictionaries(st.sampled_from(["", "a", "b"]), st.fixed_dictionaries({"x": NUMBERS, "y": NUMBERS})),
)


def one_row(**columns):
    """Facts with a single row, of the organisation `a`."""
    return {"organisations": {"a": columns}}


def cells_of(rows):
    """Every (table, key, column) of `rows` with its value."""
    return {
        (table, key, column): value
        for table, by_key in rows.items()
        for key, row in by_key.items()
        for column, value in row.items()
    }


def test_a_first_load_takes_everything():
    stated = {"project": {"": {"code": "P1"}}, "organisations": {"a": {"role": "lead"}}}

    assert merge_facts(None, {}, stated) == Merge(stated, ())


def test_a_cell_that_nobody_changed_takes_the_new_value():
    assert merge_facts(one_row(x=1), one_row(x=1), one_row(x=2)) == Merge(one_row(x=2), ())


def test_a_cell_changed_in_the_portal_stands_and_is_named():
    merge = merge_facts(one_row(x=1, y=1), one_row(x=5, y=1), one_row(x=2, y=2))

    assert merge == Merge(one_row(x=5, y=2), (Difference("organisations", "a", "x", kept=5, stated=2),))


def test_a_cell_changed_in_the_portal_is_named_even_if_the_file_has_not_changed():
    merge = merge_facts(one_row(x=1), one_row(x=5), one_row(x=1))

    assert merge == Merge(one_row(x=5), (Difference("organisations", "a", "x", kept=5, stated=1),))


def test_a_cell_changed_alike_in_both_places_is_no_difference():
    assert merge_facts(one_row(x=1), one_row(x=2), one_row(x=2)) == Merge(one_row(x=2), ())


def test_what_stood_in_the_portal_before_the_first_load_stands():
    merge = merge_facts(None, one_row(x=1, y=1), one_row(x=1, y=2))

    assert merge == Merge(one_row(x=1, y=1), (Difference("organisations", "a", "y", kept=1, stated=2),))


def test_a_row_made_in_the_portal_stands_against_the_same_row_of_the_file():
    merge = merge_facts({"organisations": {}}, one_row(x=1), one_row(x=2))

    assert merge == Merge(one_row(x=1), (Difference("organisations", "a", "x", kept=1, stated=2),))


def test_a_row_that_is_new_in_the_file_is_added():
    stated = {"organisations": {"a": {"x": 1}, "b": {"x": 2}}}

    assert merge_facts(one_row(x=1), one_row(x=1), stated) == Merge(stated, ())


def test_a_row_that_the_file_does_not_have_is_kept_and_named():
    merge = merge_facts(one_row(x=1), one_row(x=1), {"organisations": {}})

    assert merge == Merge(one_row(x=1), (Difference("organisations", "a", "", kept={"x": 1}, stated=None),))


def test_a_row_removed_from_the_portal_stays_removed_and_is_named():
    merge = merge_facts(one_row(x=1), {"organisations": {}}, one_row(x=2))

    assert merge == Merge({"organisations": {}}, (Difference("organisations", "a", "", kept=None, stated={"x": 2}),))


def test_a_column_newer_than_the_last_load_takes_the_stated_value_unless_it_was_filled():
    base, stated = one_row(x=1), one_row(x=1, y="stated")

    assert merge_facts(base, one_row(x=1), stated).rows == stated
    assert merge_facts(base, one_row(x=1, y=""), stated).rows == stated
    assert merge_facts(base, one_row(x=1, y="filled"), stated).rows == one_row(x=1, y="filled")


def test_a_column_that_only_the_portal_has_is_kept_without_a_word():
    assert merge_facts(one_row(x=1), one_row(x=1, z=9), one_row(x=1)) == Merge(one_row(x=1, z=9), ())


@given(st.none() | ROWS, ROWS, ROWS)
def test_merging_the_same_file_again_changes_nothing(base, current, stated):
    merge = merge_facts(base, current, stated)

    assert merge_facts(stated, merge.rows, stated) == merge


@given(ROWS)
def test_loading_a_file_twice_over_untouched_rows_is_silent(stated):
    assert merge_facts(stated, stated, stated) == Merge(stated, ())


@given(st.none() | ROWS, ROWS, ROWS)
def test_no_value_that_people_gave_in_the_portal_is_lost(base, current, stated):
    merged, loaded = cells_of(merge_facts(base, current, stated).rows), cells_of(base or {})

    for cell, value in cells_of(current).items():
        if loaded.get(cell) != value:
            assert merged[cell] == value
        else:
            assert merged[cell] == cells_of(stated).get(cell, value)


@given(st.none() | ROWS, ROWS, ROWS)
def test_every_cell_that_differs_from_the_file_is_named_and_no_other(base, current, stated):
    merge = merge_facts(base, current, stated)
    merged, wanted = cells_of(merge.rows), cells_of(stated)
    named = {difference[:3]: difference[3:] for difference in merge.differences if difference.column}

    assert named == {
        cell: (merged[cell], wanted[cell]) for cell in wanted if cell in merged and merged[cell] != wanted[cell]
    }


@given(st.none() | ROWS, ROWS, ROWS)
def test_merging_leaves_its_arguments_alone(base, current, stated):
    before = repr((base, current, stated))

    merge_facts(base, current, stated)

    assert repr((base, current, stated)) == before
