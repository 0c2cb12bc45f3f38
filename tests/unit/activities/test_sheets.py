"""Sign-in sheets: the order of the people, who is on them, and what is shown of a person where no name may be read."""

import random
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from portal.activities.rules.sheets import initials, is_on_sheet, public_label, sheet_order
from portal.core.searching import fold

STARTS = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)


class Person(NamedTuple):
    id: int
    participant: str
    name: str = ""


IN_ORDER = [
    Person(7, "a@example.org", "adam Zając"),
    Person(3, "lodz@example.org", "Łucja Nowak"),
    Person(9, "p-00ff", "Lukas Petraitis"),
    Person(2, "z@example.org", "Žydrė Ąžuolaitė"),
    Person(1, "zydre@example.org"),
    Person(4, "K002"),
    Person(5, "K10"),
    Person(6, "LT0042"),
    Person(11, "w-b", "Walter Late"),
    Person(12, "w-a", "Anna Later"),
]


def test_names_come_first_then_codes_then_walk_ins_as_they_came():
    mixed = list(IN_ORDER)
    random.Random(7).shuffle(mixed)
    assert [person.id for person in sheet_order(mixed, fold)] == [person.id for person in IN_ORDER]


def test_two_people_of_one_name_keep_their_order():
    twins = [Person(2, "b@example.org", "Jan Nowak"), Person(1, "a@example.org", "JAN NOWAK")]
    assert sheet_order(twins, fold) == sheet_order(twins[::-1], fold) == twins[::-1]


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Jonas Kazlauskas", "J. K."),
        ("  žydrė  Ąžuolaitė-Nowak ", "Ž. Ą. N."),
        ("O'Brien", "O. B."),
        ("Łucja 2", "Ł."),
        ("李", "李."),
        ("1234", ""),
        ("", ""),
    ],
)
def test_initials_are_the_first_letters_of_the_words(name: str, letters: str):
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("person", "shown"),
    [
        (Person(1, "jonas.k@example.org", "Jonas Kazlauskas"), "J. K."),
        (Person(1, "jonas.k@example.org"), "J. K."),
        (Person(1, "12@example.org"), "–"),
        (Person(1, "K001"), "K001"),
        (Person(1, "p-00ff", "Ona"), "O."),
    ],
)
def test_neither_a_name_nor_an_address_is_shown_where_everyone_may_read(person: Person, shown: str):
    assert public_label(person) == shown


@pytest.mark.parametrize(
    ("status", "ended", "there"),
    [
        ("registered", None, True),
        ("unconfirmed", None, True),
        ("offered", None, True),
        ("attended", None, True),
        ("absent", None, True),
        ("waitlisted", None, False),
        ("cancelled", STARTS, False),
        ("expired", STARTS - timedelta(minutes=1), False),
        ("expired", STARTS, True),
        ("expired", None, False),
    ],
)
def test_who_had_a_seat_until_the_event_began_is_on_the_sheet(status: str, ended: datetime | None, there: bool):
    assert is_on_sheet(status, ended_at=ended, starts_at=STARTS) is there
