"""Answers of people whose attitudes are known, seeded, to see what an analysis finds of them."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from portal.core.db import transaction
from portal.surveys.models import Response
from portal.surveys.rules.documents import Group, Instrument, Item, Pairing, Scale
from tests.integration.surveys.studies import FIVE, choice, wave_of, words

ELEMENTS = tuple(f"c{number}" for number in range(1, 9))
ITEMS = ("q1", "q2", "q3", "q4", "q5")
TRUST = Instrument(
    languages=("lt", "pl"),
    title=words("Trust"),
    consent=words("I agree to take part."),
    groups=(Group("country", (choice("LT"), choice("PL")), words("Where do you live?")),),
    items=tuple(Item(key, "likert", words(key), **FIVE) for key in ITEMS),
    scales=(Scale("trust", ITEMS, words("Trust"), reverse=("q4",)),),
    pairing=Pairing("code", ELEMENTS, 6),
)
# Each element of a code has so many values.
VALUES = 20


class People:
    """People of one country, each with an attitude between 1 and 5 and a code of their own."""

    def __init__(self, chance: np.random.Generator, country: str, number: int) -> None:
        self.country = country
        self.attitudes = chance.normal(3.0, 0.6, number)
        self.codes = chance.integers(0, VALUES, (number, len(ELEMENTS)))

    def answer(self, chance: np.random.Generator, *, shift: float = 0.0, errors: float = 0.0) -> list[dict[str, Any]]:
        """What all of them answer when their attitudes have moved by `shift`; this share errs in one element."""
        number = len(self.attitudes)
        seen = self.attitudes[:, None] + shift + chance.normal(0, 0.6, (number, len(ITEMS)))
        steps = np.clip(np.rint(seen), 1, 5).astype(int)
        steps[:, ITEMS.index("q4")] = 6 - steps[:, ITEMS.index("q4")]
        codes = self.codes.copy()
        erring = np.flatnonzero(chance.random(number) < errors)
        codes[erring, chance.integers(0, len(ELEMENTS), len(erring))] = VALUES
        return [
            {
                "answers": dict(zip(ITEMS, map(int, answers), strict=True)),
                "groups": {"country": self.country},
                "pairing": [f"{place}:{value}" for place, value in enumerate(code)],
                "language": self.country.lower(),
            }
            for answers, code in zip(steps, codes, strict=True)
        ]


def store(study_id: int, wave: str, responses: Iterable[Mapping[str, Any]]) -> None:
    """Store the responses straight in the table."""
    wave_id = wave_of(study_id, wave)
    common = {"wave_id": wave_id, "source": "web", "language": "en", "groups": {}, "pairing": []}
    with transaction() as session:
        for each in responses:
            name = secrets.token_hex(16)
            session.add(Response(id=name, row_key=name, **{**common, **each}))
