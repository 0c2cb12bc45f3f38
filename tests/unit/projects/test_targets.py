"""What indicators are expected to come to: counts, amounts, and results of surveys with decimals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import InvalidInput
from portal.projects.rules.plain_rows import flat_rows
from portal.projects.rules.targets import expected_number, read_target


@pytest.mark.parametrize(
    ("stated", "stored"),
    [
        (3.5, 350),
        ("3.5", 350),
        ("3,55", 355),
        (4, 400),
        ("4", 400),
        (0, 0),
        (Decimal("66.67"), 6667),
        ("1 000", 100_000),
    ],
)
def test_a_surveys_target_may_have_two_decimals(stated: object, stored: int) -> None:
    assert read_target(stated, kind="survey") == stored


@pytest.mark.parametrize(
    "stated", [3.555, "3.555", "1,234", -1, "-1", True, None, [3], "", "many", float("nan"), 1e300]
)
def test_what_is_no_such_number_is_refused(stated: object) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_target(stated, kind="survey")
    assert refused.value.problems[0].code == "target-decimals"


def test_a_target_beyond_what_is_kept_is_refused() -> None:
    assert read_target(1_000_000_000, kind="survey") == 100_000_000_000
    with pytest.raises(InvalidInput) as refused:
        read_target("1000000000.01", kind="survey")
    assert refused.value.problems[0].code == "number-out-of-range"


@pytest.mark.parametrize("kind", ["participations", "manual", "hours", None])
def test_only_a_surveys_target_has_decimals(kind: str | None) -> None:
    assert read_target(4, kind=kind) == 4
    with pytest.raises(InvalidInput) as refused:
        read_target(3.5, kind=kind)
    assert refused.value.problems[0].code == "not-whole-number"


@given(st.integers(0, 10**11))
def test_a_target_is_written_as_it_is_read(hundredths: int) -> None:
    number = expected_number(hundredths, "survey")
    assert str(number) == f"{hundredths // 100}.{hundredths % 100:02}"
    assert read_target(str(number), kind="survey") == hundredths


def test_counts_stay_whole_and_nothing_stays_nothing() -> None:
    assert (expected_number(4, "persons"), expected_number(None, "survey")) == (4, None)
    assert str(expected_number(505_335_00, "money")) == "505335.00"


def test_the_audit_is_told_the_number() -> None:
    rows = {"indicators": {"a": {"target": 350, "measure": {"kind": "survey"}}, "b": {"target": 4, "measure": {}}}}
    assert flat_rows(rows)["indicators.a.target"] == "3.50"
    assert flat_rows(rows)["indicators.b.target"] == 4
