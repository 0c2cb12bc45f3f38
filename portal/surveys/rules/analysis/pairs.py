"""Which respondents of two waves are the same, by what the instrument says of pairing."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from portal.surveys.rules.documents import BY_CODE, BY_RESPONDENT, Pairing
from portal.surveys.rules.pairing import PairingReport, pair, pair_by_id


class Marks(NamedTuple):
    """What the respondents of a wave are found by: the hashed elements of their codes, and their ids ('': none)."""

    codes: Sequence[Sequence[str]]
    respondents: Sequence[str]


def find_pairs(pairing: Pairing, first: Marks, last: Marks | None) -> PairingReport:
    """Who is in both waves; nobody where people are not paired or there is no second wave."""
    if last is not None and pairing.method == BY_CODE:
        width = len(pairing.elements)
        return pair(_complete(first, width), _complete(last, width), pairing.require)
    if last is not None and pairing.method == BY_RESPONDENT:
        return pair_by_id(first.respondents, last.respondents)
    size = len(first.codes) + (0 if last is None else len(last.codes))
    return PairingReport(np.empty((0, 2), np.intp), 0, 0, size, 0.0)


def _complete(marks: Marks, width: int) -> list[list[str | None]]:
    """Codes of the same length; '' and elements that are not there as None."""
    return [[each or None for each in (*code, *[""] * width)[:width]] for code in marks.codes]
