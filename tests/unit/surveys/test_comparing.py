"""Which waves are compared."""

import pytest

from portal.surveys.rules.comparing import compared_places


@pytest.mark.parametrize(
    ("sizes", "places"),
    [
        ([], None),
        ([40], None),
        ([40, 50], (0, 1)),
        ([40, 50, 60], (0, 2)),
        # A wave to come, and one that hardly anybody answered, take nobody's place.
        ([40, 50, 0], (0, 1)),
        ([40, 50, 9], (0, 1)),
        ([3, 50, 60], (1, 2)),
        ([40, 50, 10], (0, 2)),
        # Too few answered in one of the two that were.
        ([40, 9, 0], (0, 1)),
        ([40, 0, 9], (0, 2)),
        ([40, 0], (0, 1)),
        ([0, 0], (0, 1)),
    ],
)
def test_the_first_and_the_last_wave_of_which_anything_can_be_told_are_compared(sizes, places):
    assert compared_places(sizes) == places
