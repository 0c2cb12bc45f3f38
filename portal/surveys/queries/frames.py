"""The answers of a study as frames of pandas, every wave by the items of the latest version that was asked.

pandas takes a while to load: only who analyses loads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import select

from portal.core.db import db
from portal.surveys.models import Instrument as InstrumentRow
from portal.surveys.models import Response, Study, Wave
from portal.surveys.rules.answers import DONT_KNOW, MISSING, REFUSED
from portal.surveys.rules.comparing import carry_keys
from portal.surveys.rules.documents import LIKERT, MULTIPLE, NUMBER, Instrument, Item, from_content
from portal.surveys.rules.margins import Margins, margins_from_content

if TYPE_CHECKING:
    import pandas as pd

# How many responses are read at once.
CHUNK: Final = 5_000
MICROS: Final = 1_000_000


class WaveFrame(NamedTuple):
    """The responses of a wave, one row each, in an order of chance.

    `people`: language, respondent, weight (NaN: none) and a column for each group (None: not stated). `answers`: a
    column for each item: floats (NaN: no answer) of scales and numbers; keys, lists of keys or texts (None) else.
    `missing`: item -> how many said "dk", "refused", or gave none. `number`: the version that was asked; `items`: those
    of the compared version that it asked too.
    """

    key: str
    number: int
    items: frozenset[str]
    people: pd.DataFrame
    answers: pd.DataFrame
    pairing: list[list[str]]
    missing: Mapping[str, Mapping[str, int]]

    @property
    def size(self) -> int:
        """How many responded."""
        return len(self.people)


class StudyFrames(NamedTuple):
    """All that was answered in a study; `instrument` is the version by which waves are compared."""

    key: str
    number: int
    content_hash: str
    instrument: Instrument
    waves: list[WaveFrame]
    margins: Margins


class _Kept(NamedTuple):
    """Columns of responses as they are read."""

    people: dict[str, list[Any]]
    answers: dict[str, list[Any]]
    pairing: list[list[str]]
    missing: dict[str, dict[str, int]]


def read_frames(study: Study) -> StudyFrames | None:
    """The study's answers; None while nothing is published."""
    asked = [wave.instrument for wave in study.waves if wave.instrument is not None]
    if not asked:
        return None
    latest = max(asked, key=lambda row: row.number)
    instrument = from_content(latest.content)
    waves = [_read_wave(wave, study.instruments, latest) for wave in study.waves if wave.instrument is not None]
    margins = margins_from_content(study.margins)
    return StudyFrames(study.key, latest.number, latest.content_hash, instrument, waves, margins)


def numbers_of(item: Item, column: pd.Series) -> pd.Series:
    """What can be averaged of the answers to an item: numbers, or 1 for the first of two choices and 0 for the other.

    NaN where there is no answer, and everywhere for items that have no mean.
    """
    import pandas as pd

    if item.kind in (LIKERT, NUMBER):
        return column
    if item.kind == "single" and len(item.choices) == 2:  # yes and no
        first, second = (each.key for each in item.choices)
        return column.map({first: 1.0, second: 0.0}).astype(float)
    return pd.Series(float("nan"), index=column.index, dtype=float)


def _read_wave(wave: Wave, versions: Sequence[InstrumentRow], latest: InstrumentRow) -> WaveFrame:
    import pandas as pd

    asked = wave.instrument or latest
    instrument = from_content(latest.content)
    steps = [
        (from_content(old.content), row.mapping, from_content(row.content))
        for old, row in pairwise(versions)
        if asked.number < row.number <= latest.number
    ]
    keys = carry_keys(from_content(asked.content), steps)
    kept = _read(wave.id, instrument, keys)
    answers = {
        item.key: pd.Series(kept.answers[item.key], dtype=float if item.kind in (LIKERT, NUMBER) else object)
        for item in instrument.items
    }
    return WaveFrame(
        key=wave.key,
        number=asked.number,
        items=frozenset(keys),
        people=pd.DataFrame(kept.people),
        answers=pd.DataFrame(answers),
        pairing=kept.pairing,
        missing=kept.missing,
    )


def _read(wave_id: int, instrument: Instrument, keys: Mapping[str, str]) -> _Kept:
    """The wave's columns; `keys`: item of the compared version -> its key in the version that was asked."""
    kept = _Kept(
        {"language": [], "respondent": [], "weight": [], **{group_column(each.key): [] for each in instrument.groups}},
        {item.key: [] for item in instrument.items},
        [],
        {item.key: {"dk": 0, "refused": 0, "none": 0} for item in instrument.items},
    )
    levels = {each.key: frozenset(level.key for level in each.levels) for each in instrument.groups}
    for rows in _chunks(wave_id):
        kept.people["language"] += [row.language for row in rows]
        kept.people["respondent"] += [row.respondent for row in rows]
        kept.people["weight"] += [row.weight_micros / MICROS if row.weight_micros else float("nan") for row in rows]
        kept.pairing.extend(row.pairing for row in rows)
        for key, known in levels.items():
            stated = (row.groups.get(key) for row in rows)
            kept.people[group_column(key)] += [each if each in known else None for each in stated]
        given = [row.answers for row in rows]
        for item in instrument.items:
            name = keys.get(item.key)
            values = [each.get(name) for each in given] if name else [None] * len(rows)
            kept.answers[item.key] += _taken(item, values, kept.missing[item.key])
    return kept


def group_column(key: str) -> str:
    """The column of `people` that holds the level of this group."""
    return f"group:{key}"


def _chunks(wave_id: int) -> Iterator[Sequence[Any]]:
    columns = (Response.language, Response.respondent, Response.weight_micros, Response.pairing)
    found = select(*columns, Response.groups, Response.answers).where(Response.wave_id == wave_id)
    rows = db.session.execute(found.order_by(Response.id), execution_options={"yield_per": CHUNK})
    yield from rows.partitions()


def _taken(item: Item, values: list[Any], missing: dict[str, int]) -> list[Any]:
    """The values as their column holds them; those that are missing are counted by why they are."""
    if item.kind in (LIKERT, NUMBER) and (numbers := _as_numbers(values)) is not None:
        missing["none"] += int(numbers.isna().sum())
        return list(numbers)
    _count_missing(missing, values)
    if item.kind in (LIKERT, NUMBER):
        return [float("nan") if value is None or value in MISSING else float(value) for value in values]
    if item.kind == MULTIPLE:
        return [value if isinstance(value, list) else None for value in values]
    return [None if value in MISSING else value for value in values]


def _as_numbers(values: list[Any]) -> pd.Series | None:
    """The values as floats at once (NaN: none); None where some say why they are missing."""
    import pandas as pd

    try:
        return pd.Series(values, dtype=float)
    except ValueError:
        return None


def _count_missing(counted: dict[str, int], values: Iterable[Any]) -> None:
    for value in values:
        if value is None:
            counted["none"] += 1
        elif value == DONT_KNOW:
            counted["dk"] += 1
        elif value == REFUSED:
            counted["refused"] += 1
