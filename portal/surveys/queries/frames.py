"""The answers of a study as frames of pandas, every wave by the items of the latest version that was asked.

pandas takes a while to load: only who analyses loads it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import Text, cast, select

from portal.core.db import db
from portal.surveys.models import Instrument as InstrumentRow
from portal.surveys.models import Response, Study, Wave
from portal.surveys.rules.answers import DONT_KNOW, MISSING, REFUSED
from portal.surveys.rules.comparing import carry_keys
from portal.surveys.rules.documents import LIKERT, MULTIPLE, NUMBER, Instrument, Item, from_content
from portal.surveys.rules.margins import Margins, margins_from_content
from portal.surveys.rules.showing import visible_items

if TYPE_CHECKING:
    import pandas as pd

# How many responses are read at once.
CHUNK: Final = 5_000
MICROS: Final = 1_000_000


class WaveFrame(NamedTuple):
    """The responses of a wave, one row each, in an order of chance.

    `people`: language, respondent, weight (NaN: none) and a column for each group (None: not stated). `answers`: a
    column for each item: floats (NaN: no answer) of scales and numbers; keys, lists of keys or texts (None) else.
    `missing`: item -> how many said "dk" or "refused", gave no answer ("none"), or were not asked as another answer
    hid it ("unasked"). `number`: the version that was asked; `items`: those of the compared version that it asked too,
    with its words in the study's first language; `scales`: its own, with the items of the compared version in them
    ('': one that is not of that).
    """

    key: str
    number: int
    items: Mapping[str, str]
    scales: Mapping[str, frozenset[str]]
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


class _Chunk(NamedTuple):
    """Some responses, one place for each in every column."""

    languages: Sequence[str]
    respondents: Sequence[str]
    weights: Sequence[int | None]
    pairing: list[list[str]]
    groups: list[dict[str, str]]
    answers: list[dict[str, Any]]


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

    row = wave.instrument or latest
    asked, instrument = from_content(row.content), from_content(latest.content)
    steps = [
        (from_content(old.content), new.mapping, from_content(new.content))
        for old, new in pairwise(versions)
        if row.number < new.number <= latest.number
    ]
    keys = carry_keys(asked, steps)
    kept = _read(wave.id, asked, instrument, keys)
    answers = {
        item.key: pd.Series(kept.answers[item.key], dtype=float if item.kind in (LIKERT, NUMBER) else object)
        for item in instrument.items
    }
    return WaveFrame(
        key=wave.key,
        number=row.number,
        items={key: asked.item(name).text.get(instrument.languages[0], "") for key, name in keys.items()},
        scales=_scales(asked, keys),
        people=pd.DataFrame(kept.people),
        answers=pd.DataFrame(answers),
        pairing=kept.pairing,
        missing=kept.missing,
    )


def _scales(asked: Instrument, keys: Mapping[str, str]) -> dict[str, frozenset[str]]:
    called = {name: key for key, name in keys.items()}
    return {scale.key: frozenset(called.get(each, "") for each in scale.items) for scale in asked.scales}


def _read(wave_id: int, asked: Instrument, instrument: Instrument, keys: Mapping[str, str]) -> _Kept:
    """The wave's columns; `keys`: item of the compared version -> its key in the version that was asked."""
    kept = _Kept(
        {"language": [], "respondent": [], "weight": [], **{group_column(each.key): [] for each in instrument.groups}},
        {item.key: [] for item in instrument.items},
        [],
        {item.key: {"dk": 0, "refused": 0, "none": 0, "unasked": 0} for item in instrument.items},
    )
    conditional = {name: key for key, name in keys.items() if asked.item(name).show_if is not None}
    levels = {each.key: frozenset(level.key for level in each.levels) for each in instrument.groups}
    for chunk in _chunks(wave_id):
        kept.people["language"] += chunk.languages
        kept.people["respondent"] += chunk.respondents
        kept.people["weight"] += [each / MICROS if each else float("nan") for each in chunk.weights]
        kept.pairing.extend(chunk.pairing)
        for key, known in levels.items():
            stated = (each.get(key) for each in chunk.groups)
            kept.people[group_column(key)] += [each if each in known else None for each in stated]
        for item in instrument.items:
            name = keys.get(item.key)
            values = [each.get(name) for each in chunk.answers] if name else [None] * len(chunk.answers)
            kept.answers[item.key] += _taken(item, values, kept.missing[item.key])
        for name in _unasked(asked, chunk.answers, conditional):
            counted = kept.missing[conditional[name]]
            counted["unasked"], counted["none"] = counted["unasked"] + 1, counted["none"] - 1
    return kept


def _unasked(asked: Instrument, given: Iterable[Mapping[str, Any]], conditional: Collection[str]) -> Iterator[str]:
    """Those of these items that other answers hid, once for each response in which they did."""
    if not conditional:
        return
    for answers in given:
        shown = {item.key for item in visible_items(asked, answers)}
        yield from (name for name in conditional if name not in shown)


def group_column(key: str) -> str:
    """The column of `people` that holds the level of this group."""
    return f"group:{key}"


def _chunks(wave_id: int) -> Iterator[_Chunk]:
    plain = (Response.language, Response.respondent, Response.weight_micros)
    # JSON of many rows is read at once: one by one it takes twice as long.
    written = [cast(each, Text) for each in (Response.pairing, Response.groups, Response.answers)]
    found = select(*plain, *written).where(Response.wave_id == wave_id).order_by(Response.id)
    for rows in db.session.execute(found, execution_options={"yield_per": CHUNK}).partitions():
        languages, respondents, weights, *texts = zip(*rows, strict=True)
        yield _Chunk(languages, respondents, weights, *(json.loads(f"[{','.join(each)}]") for each in texts))


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
