"""Numbers of people without names, divided: parts by gender and age add up to the total, what remains is not known."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple, Protocol

from portal.core.errors import InvalidInputs, Problem
from portal.projects.rules.vocabulary import AGE_BANDS, GENDERS, GROUPS

UNKNOWN: Final = "unknown"
KNOWN_GENDERS: Final = tuple(each for each in GENDERS if each != UNKNOWN)
KNOWN_AGES: Final = tuple(each for each in AGE_BANDS if each != UNKNOWN)

# Gender and age band -> how many people.
Parts = dict[tuple[str, str], int]


class Counted(Protocol):
    """A stored row: so many people of a group, a country, a gender and an age band."""

    group: str
    country: str
    gender: str
    age_band: str
    number: int


class PeopleSum(NamedTuple):
    """People of a group, and of a country where one is told apart; `genders` includes those not known."""

    group: str
    country: str
    total: int
    genders: Mapping[str, int]


class Sums(NamedTuple):
    """What headcounts add up to: by group and country, by group, and in all; groups in the order of the vocabulary."""

    people: list[PeopleSum]
    groups: list[PeopleSum]
    total: PeopleSum


def add_up(rows: Iterable[Counted]) -> Sums:
    """The sums of the rows."""
    counted = list(rows)
    keys = sorted({(row.group, row.country) for row in counted}, key=lambda key: (GROUPS.index(key[0]), key[1]))
    people = [_sum([row for row in counted if (row.group, row.country) == key], *key) for key in keys]
    groups = [_sum([row for row in counted if row.group == group], group) for group in dict(keys)]
    return Sums(people, groups, _sum(counted))


def _sum(rows: list[Counted], group: str = "", country: str = "") -> PeopleSum:
    genders = {gender: sum(row.number for row in rows if row.gender == gender) for gender in GENDERS}
    return PeopleSum(group, country, sum(genders.values()), genders)


def not_known(total: int | None, parts: Iterable[int], *, where: str) -> int:
    """How many of the total belong to none of the parts; none where nobody has said a total.

    12 people, of whom 5 are women and 4 men, leave 3. Raise InvalidInputs, at the field, where the parts exceed the
    total.
    """
    of_parts = sum(parts)
    if total is None:
        return 0
    if of_parts > total:
        raise InvalidInputs([Problem("headcount-parts", where, {"parts": of_parts, "total": total})])
    return total - of_parts


def divide(total: int | None, genders: Mapping[str, int | None], ages: Mapping[tuple[str, str], int | None]) -> Parts:
    """The rows that a group's people are stored in, with those of unknown gender and age; they add up to the total.

    `genders` is how many there are of a known gender, `ages` how many of a gender (unknown too) are of a known age;
    None is not stated and is as many as its parts. Rows of nobody are left out. Raise InvalidInputs with everything
    that exceeds what it is a part of, at "total" or "part-<gender>".
    """
    rows: Parts = {key: number for key, number in ages.items() if number}
    problems: list[Problem] = []
    stated = 0
    for gender in KNOWN_GENDERS:
        of_ages = [number for (each, _), number in rows.items() if each == gender]
        try:
            rest = not_known(genders.get(gender), of_ages, where=f"part-{gender}")
        except InvalidInputs as error:
            problems.extend(error.problems)
            rest = 0
        if rest:
            rows[gender, UNKNOWN] = rest
        stated += max(genders.get(gender) or 0, sum(of_ages))
    stated += sum(number for (gender, _), number in ages.items() if gender == UNKNOWN and number)
    try:
        rest = not_known(total, [stated], where="total")
    except InvalidInputs as error:
        problems.extend(error.problems)
        rest = 0
    if problems:
        raise InvalidInputs(problems)
    return {**rows, (UNKNOWN, UNKNOWN): rest} if rest else rows
