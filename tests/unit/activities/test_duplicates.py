"""What becomes of events when two organisers turn out to be one."""

import pytest

from portal.activities.rules.duplicates import merge_organisers
from portal.activities.rules.events import is_joint
from tests.unit.activities.facts import event as make_event

LPS, OLS, DOUBLE, THIRD = ("lps", "LT"), ("ols", "PL"), ("double", "PL"), ("third", "LV")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([DOUBLE], [OLS]),
        ([OLS, DOUBLE], [OLS]),
        ([DOUBLE, OLS], [OLS]),
        ([LPS, DOUBLE], [LPS, OLS]),
        ([DOUBLE, LPS, OLS, THIRD], [LPS, THIRD, OLS]),
        ([LPS, OLS], [LPS, OLS]),
        ([LPS], [LPS]),
    ],
    ids=str,
)
def test_the_record_that_stays_organises_in_the_place_of_the_other_once(before, after):
    event = make_event(organisers=tuple(key for key, _ in before), countries=tuple(country for _, country in before))
    merged = merge_organisers(event, kept="ols", country="PL", gone="double")
    assert list(zip(merged.organisers, merged.countries, strict=True)) == after


def test_an_event_is_joint_only_if_the_organisers_left_come_from_two_countries():
    event = make_event(organisers=("ols", "wrong"), countries=("PL", "LT"))
    assert is_joint(event.countries)
    assert not is_joint(merge_organisers(event, kept="ols", country="PL", gone="wrong").countries)
