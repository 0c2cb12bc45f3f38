"""What an analysis is made of: the answers of waves as arrays, and which respondents of two waves are the same."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from portal.surveys.rules.comparing import compared_places
from portal.surveys.rules.disclosure import MIN_RESPONDENTS
from portal.surveys.rules.documents import Instrument
from portal.surveys.rules.margins import Margins
from portal.surveys.rules.pairing import PairingReport
from portal.surveys.rules.statistics.samples import Sample

Mask = NDArray[np.bool_]
Shape = dict[str, Any]

# What stands in the place of figures of too few people.
SUPPRESSED: Final[Mapping[str, bool]] = {"suppressed": True}


class Asked(NamedTuple):
    """What the version of a wave asked, by the keys of the version by which waves are compared.

    `number`: of the version; `items`: those of the compared version that it asked too, with their words in the study's
    first language; `scales`: its own scales, and which items made them ('' among them: some that are compared no more).
    """

    number: int
    items: Mapping[str, str]
    scales: Mapping[str, frozenset[str]] = {}


class WaveAnswers(NamedTuple):
    """A wave's answers, one place for each respondent in every array.

    `numbers`: item -> its answers where they have a mean (NaN: none); `counts`: item -> answer -> how many gave it
    (None where answers are not counted); `answered`, `missing`: how many gave an answer, and why others gave none.
    `levels`: group -> the level of each (None: not stated). `weights` is None where no answer carries one; of those
    that bring a wave to known shares, `cells` tells who share their levels of the groups by which they do.
    """

    key: str
    asked: Asked
    size: int
    languages: NDArray[np.object_]
    levels: Mapping[str, NDArray[np.object_]]
    weights: Sample | None
    numbers: Mapping[str, Sample]
    counts: Mapping[str, Mapping[str, int] | None]
    answered: Mapping[str, int]
    missing: Mapping[str, Mapping[str, int]]
    cells: NDArray[np.intp] | None = None


class StudyAnswers(NamedTuple):
    """A study's waves in their order, and who is in both of those that are compared.

    `margins`: the known shares of the population to which the waves are to be weighted.
    """

    key: str
    number: int
    content_hash: str
    instrument: Instrument
    waves: tuple[WaveAnswers, ...]
    pairing: PairingReport
    margins: Margins = {}

    @property
    def compared(self) -> tuple[WaveAnswers, WaveAnswers] | None:
        """The two waves that are compared; None where there are not two."""
        places = compared_places([wave.size for wave in self.waves])
        return None if places is None else (self.waves[places[0]], self.waves[places[1]])


def suppressed() -> Shape:
    """What stands in the place of a wave, a change or a level of too few people."""
    return dict(SUPPRESSED)


def is_suppressed(shape: Shape | None) -> bool:
    """Whether nothing is told here."""
    return shape is not None and bool(shape.get("suppressed"))


def too_few(number: int) -> bool:
    """Whether so many respondents are too few to tell anything of them."""
    return number < MIN_RESPONDENTS


def share(number: int, whole: int) -> float:
    """Number / whole; 0 of nothing."""
    return number / whole if whole else 0.0


def count(values: Sample) -> int:
    """How many values there are."""
    return int((~np.isnan(values)).sum())
