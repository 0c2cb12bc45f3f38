"""How many people's answers have changed, and whether a new result would tell what these few said."""

import pytest

from portal.surveys.rules.disclosure import gives_away, is_few, number_changed


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ({"": 100}, {"": 100}, 0),
        ({"": 100}, {"": 101}, 1),
        ({"": 100}, {"": 91}, 9),
        ({"": 100}, {"": 100, "7": 10}, 10),
        # A file has brought other answers of three people.
        ({"": 60, "7": 40}, {"": 57, "7": 40, "8": 3}, 3),
        # Ten came by a file, nine were taken back: whoever compares knows of one more.
        ({"": 100}, {"": 91, "7": 10}, 1),
        # The file was taken back, and as many answered.
        ({"": 90, "7": 10}, {"": 100}, 10),
        ({}, {"": 12}, 12),
        ({}, {}, 0),
    ],
)
def test_at_least_so_many_have_changed(before: dict[str, int], after: dict[str, int], changed: int) -> None:
    assert number_changed(before, after) == changed


def test_one_to_nine_are_few_and_give_away_what_they_said() -> None:
    assert [is_few(number) for number in (-1, 0, 1, 9, 10)] == [False, False, True, True, False]
    assert gives_away([0, 12, 9])
    assert not gives_away([0, 10, 400])
    assert not gives_away([])
