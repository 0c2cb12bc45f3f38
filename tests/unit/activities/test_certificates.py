"""Who reaches a certificate of attendance, when it can be issued, and how its code is read."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.activities.rules.certificates import (
    CODE,
    Attender,
    Reach,
    check_over,
    check_percent,
    code_of,
    is_over,
    reach_of,
    reaches,
    read_code,
)
from portal.core.errors import Conflict, InvalidInput

ENDS = datetime(2026, 3, 11, 14, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("minutes", "of_minutes", "percent", "expected"),
    [
        (576, 720, 80, True),  # exactly 80 % of twelve hours
        (575, 720, 80, False),
        (720, 720, 100, True),
        (719, 720, 100, False),
        (1, 720, 1, False),  # 7.2 minutes are needed
        (8, 720, 1, True),
        (0, 720, 1, False),
        (0, 0, 1, False),
    ],
)
def test_so_many_minutes_reach_the_threshold(minutes, of_minutes, percent, expected):
    assert reaches(minutes, of_minutes, percent) is expected


@pytest.mark.parametrize("percent", [None, 0, -1, 101, 10**9])
def test_a_threshold_is_from_1_to_100(percent):
    with pytest.raises(InvalidInput) as refusal:
        check_percent(percent)
    assert (refusal.value.problem.code, refusal.value.problem.where) == ("certificate-threshold", "percent")
    assert (check_percent(1), check_percent(100)) == (1, 100)


def test_certificates_are_issued_from_the_end_on_unless_the_event_is_cancelled():
    assert is_over("planned", ends_at=ENDS, now=ENDS)
    assert is_over("held", ends_at=ENDS, now=ENDS)
    assert not is_over("held", ends_at=ENDS, now=ENDS - SECOND)
    assert not is_over("cancelled", ends_at=ENDS, now=ENDS)
    check_over("held", ends_at=ENDS, now=ENDS)
    for status, now, code in (
        ("held", ENDS - SECOND, "certificate-early"),
        ("cancelled", ENDS, "certificate-cancelled"),
    ):
        with pytest.raises(Conflict) as refusal:
            check_over(status, ends_at=ENDS, now=now)
        assert refusal.value.problem.code == code


def test_who_reaches_it_who_does_not_and_who_is_left_out():
    people = [
        Attender(1, "professional", "attended", is_named=True),
        Attender(2, "professional", "attended", is_named=True),
        Attender(3, "staff", "attended", is_named=False),
        Attender(4, "convicted_person", "attended", is_named=True),
        Attender(5, "family_member", "attended", is_named=False),
        Attender(6, "staff", "registered", is_named=True),
        Attender(7, "staff", "attended", is_named=True),
    ]
    found = reach_of(people, {1: 480, 2: 479, 3: 600, 4: 600, 6: 600}, 600, 80)
    assert found == {1: Reach.REACHED, 2: Reach.SHORT, 3: Reach.NAMELESS, 7: Reach.SHORT}


def test_a_code_has_128_bits_and_26_letters():
    assert code_of(bytes(16)) == "A" * 26
    assert code_of(b"\xff" * 16) == "7" * 25 + "4"
    with pytest.raises(ValueError, match="16 bytes"):
        code_of(bytes(15))


@given(st.binary(min_size=16, max_size=16))
def test_every_code_is_read_as_it_was_made_however_it_is_typed(secret):
    code = code_of(secret)
    assert CODE.fullmatch(code)
    groups = "-".join(code[start : start + 4] for start in range(0, 26, 4))
    assert [read_code(text) for text in (code, code.lower(), groups, f" {groups} ".replace("-", " "))] == [code] * 4


@pytest.mark.parametrize("text", ["", "A" * 25, "A" * 27, "A" * 25 + "B", "1" * 26, "Ą" * 26, "A" * 26 + "\n.pdf"])
def test_anything_else_is_no_code(text):
    assert read_code(text) is None
