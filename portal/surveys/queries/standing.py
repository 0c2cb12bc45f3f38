"""How a study's answers stand towards those that were analysed, and how often each was given in waves that are over.

Beside every result the portal keeps a record that is told nowhere. Its "answers" are, by wave, where answers came from
and how many did; its "waves" are the counts and figures of waves that were over, by which everyone is told of them.
Both go by `place_of` the waves, as another wave may take the key of one that is gone.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from portal.core.db import db
from portal.projects.queries import get_project
from portal.surveys.models import Analysis, Instrument, Response, Study, Wave
from portal.surveys.queries.analyses import RECORD, KeptAnalysis, find_analyses, fingerprint, place_of
from portal.surveys.queries.handing_out import list_answered
from portal.surveys.queries.overviews import state_of
from portal.surveys.queries.studies import document_of
from portal.surveys.rules.counting import Counted, count_answers, from_content, to_content
from portal.surveys.rules.disclosure import MIN_RESPONDENTS, gives_away, is_few, number_changed
from portal.surveys.rules.waves import WaveState

TENS: Final = 10
# Place of a wave -> number of the import that wrote answers last ("": none did) -> how many these are.
Sources = Mapping[str, Mapping[str, int]]


class Standing(NamedTuple):
    """What has changed since the study was analysed.

    `changed`: wave key -> at least how many answers came, went or were replaced, of waves of which anything was or can
    be told. `is_open`: whether a wave takes answers. `is_due`: whether a wave is over of which everyone could be told
    what they are not yet.
    """

    changed: Mapping[str, int]
    is_open: bool
    is_due: bool

    @property
    def is_refused(self) -> bool:
        """Whether a new analysis, beside the last, would tell what few people answered while others still do."""
        return self.is_open and gives_away(self.changed.values())

    @property
    def tells_of_few(self) -> bool:
        """Whether a new analysis, beside the last, would tell what few people answered, but no more will come."""
        return not self.is_open and gives_away(self.changed.values())

    def is_held(self, *, despite_few: bool) -> bool:
        """Whether the last analysis stays, as a new one would tell of few people: unless it may, `despite_few`."""
        return self.is_refused or (self.tells_of_few and not despite_few)

    @property
    def full_tens(self) -> int:
        """How many answers changed at least in all waves together, in full tens."""
        return sum(self.changed.values()) // TENS * TENS


class CountedWave(NamedTuple):
    """What a wave's answers were when they were counted for everyone: on which day, and of which version of it.

    `mark` tells the counts from any others. `scales` and `items` are key -> figures of the wave, as interfaces tell
    them; those of items with their kind. `is_current` says whether the answers are still the same.
    """

    day: date
    content_hash: str
    content: Mapping[str, Any]
    mark: str
    scales: Mapping[str, Mapping[str, Any]]
    items: Mapping[str, Mapping[str, Any]]
    is_current: bool

    @property
    def counted(self) -> Counted:
        """How often each answer was given."""
        return from_content(self.content)

    @property
    def number(self) -> int:
        """How many people had answered."""
        return sum(self.content["people"].values())


def get_standing(study: Study, today: date, now: Sources | None = None) -> Standing | None:
    """How the study's answers stand towards what was analysed last; None if nothing was.

    `now` is where the answers come from, if these are not those that are stored at the moment.
    """
    kept = db.session.get(Analysis, study.id)
    if kept is None:
        return None
    now = answer_sources(study) if now is None else now
    record = kept.result.get(RECORD, {})
    before: Sources = record.get("answers", {})
    analysed = {each["key"]: each["n"] for each in kept.result["waves"] if each.get("n")}
    changed = {}
    for wave in study.waves:
        place = place_of(wave)
        number = analysed.get(wave.key, 0) if not before or place in before else 0
        changed[wave.key] = _changed(number, before.get(place), now.get(place, {}))
    is_open = any(state_of(wave, today) == WaveState.OPEN for wave in study.waves)
    return Standing(changed, is_open, _is_any_due(study, record, now, today))


def find_standing(study: Study, today: date) -> tuple[KeptAnalysis | None, Standing | None]:
    """What was made of the study's answers last, and how they stand towards it; they are counted once for both."""
    sources = answer_sources(study)
    numbers = {wave.id: sum(sources.get(place_of(wave), {}).values()) for wave in study.waves}
    return find_analyses([study], numbers).get(study.id), get_standing(study, today, sources)


def standing_at(study: Study, now: datetime) -> Standing | None:
    """How the study's answers stand at this moment; None if nothing was analysed."""
    return get_standing(study, day_of(study, now))


def day_of(study: Study, now: datetime) -> date:
    """Which day it is for the study's project."""
    return now.astimezone(ZoneInfo(get_project(study.project_code).time_zone)).date()


def is_due(study: Study, today: date) -> bool:
    """Whether a wave is over of which everyone could be told what they are not yet, also if nothing is analysed.

    Then the answers may be analysed although the project is closed.
    """
    return _is_any_due(study, _record_of(study), answer_sources(study), today)


def make_record(study: Study, today: date, known: str, result: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept beside this result, which is of the study's answers with the fingerprint `known`.

    What is kept of a wave that is over stays as it was before unless at least 10 answers have changed: else, who
    compares what everyone is told on two days would know what a few people answered. It stays too where others have
    come since those that the result is of.
    """
    record, now = _record_of(study), answer_sources(study)
    counted = {}
    for wave, asked in _over(study, today):
        place = place_of(wave)
        if _is_due(record, place, now.get(place, {})):
            people = ((each.groups, each.answers) for each in list_answered(wave.id))
            content = to_content(count_answers(document_of(asked), people))
            dated = _dated(content, asked.content_hash, now[place], today)
            counted[place] = {**dated, **_figures(result, wave.key)}
    is_same = fingerprint(study) == known
    waves = {**record.get("waves", {}), **(counted if is_same else {})}
    return {"answers": _read_of(study, now, result), "waves": waves}


def public_waves(studies: Sequence[Study], today: date) -> Mapping[int, CountedWave]:
    """Wave id -> what everyone may be told of the wave by, in the order of the studies and their waves.

    They are those that take no more answers, were counted as their version asks, and still have enough.
    """
    counted: dict[str, Any] = {}
    for row in db.session.scalars(select(Analysis).where(Analysis.study_id.in_([study.id for study in studies]))):
        counted |= row.result.get(RECORD, {}).get("waves", {})
    if not counted:
        return {}
    now, found = answer_sources(*studies), {}
    for wave, asked in chain.from_iterable(_over(study, today) for study in studies):
        kept, sources = counted.get(place_of(wave)), now.get(place_of(wave), {})
        if kept is not None and kept["hash"] == asked.content_hash and sum(sources.values()) >= MIN_RESPONDENTS:
            found[wave.id] = _read(kept, sources)
    return found


def answer_sources(*studies: Study) -> dict[str, dict[str, int]]:
    """Where the answers of each of the studies' waves come from, and how many do."""
    places = {wave.id: place_of(wave) for study in studies for wave in study.waves}
    counted = select(Response.wave_id, Response.import_id, func.count()).where(Response.wave_id.in_(places))
    found: dict[str, dict[str, int]] = {}
    for wave_id, number, many in db.session.execute(counted.group_by(Response.wave_id, Response.import_id)):
        found.setdefault(places[wave_id], {})[str(number or "")] = many
    return found


def _record_of(study: Study) -> Mapping[str, Any]:
    """What is kept beside the study's last result; empty if there is none."""
    kept = db.session.get(Analysis, study.id)
    record: Mapping[str, Any] = kept.result.get(RECORD, {}) if kept is not None else {}
    return record


def _read_of(study: Study, now: Sources, result: Mapping[str, Any]) -> dict[str, Mapping[str, int]]:
    """Where the answers come from that the result is of, which may be fewer than there are by now."""
    told = {each["key"]: each.get("n") for each in result["waves"]}
    found = dict(now)
    for wave in study.waves:
        number, place = told.get(wave.key), place_of(wave)
        if number is not None and number != sum(now.get(place, {}).values()):
            found[place] = {"": number}
    return found


def _figures(result: Mapping[str, Any], wave: str) -> dict[str, Any]:
    """What the result says of the wave: of its scales and of its items, by their keys."""
    scales = {row["key"]: row["waves"][wave] for row in result["scales"] if row["waves"].get(wave)}
    asked = [row for row in result["items"] if row["waves"].get(wave)]
    items = {row["key"]: {"kind": row["kind"], **row["waves"][wave]} for row in asked}
    return {"scales": scales, "items": items}


def _changed(analysed: int, before: Mapping[str, int] | None, now: Mapping[str, int]) -> int:
    """How many answers changed; of a wave of which nothing was told all are new, once there are enough to tell of."""
    if not analysed:
        number = sum(now.values())
        return 0 if is_few(number) else number
    if before is None or sum(before.values()) != analysed:
        return abs(sum(now.values()) - analysed)
    return number_changed(before, now)


def _over(study: Study, today: date) -> list[tuple[Wave, Instrument]]:
    """The waves that take no more answers, each with the version that it asked."""
    asked = [(wave, wave.instrument) for wave in study.waves if wave.instrument is not None]
    return [(wave, row) for wave, row in asked if state_of(wave, today) == WaveState.CLOSED]


def _is_any_due(study: Study, record: Mapping[str, Any], now: Sources, today: date) -> bool:
    places = [place_of(wave) for wave, _asked in _over(study, today)]
    return any(_is_due(record, place, now.get(place, {})) for place in places)


def _is_due(record: Mapping[str, Any], place: str, now: Mapping[str, int]) -> bool:
    """Whether the wave of this place, which is over, is to be counted, or counted anew."""
    kept = record.get("waves", {}).get(place)
    if sum(now.values()) < MIN_RESPONDENTS:
        return False
    return kept is None or number_changed(kept["answers"], now) >= MIN_RESPONDENTS


def _dated(counted: dict[str, Any], asked: str, sources: Mapping[str, int], today: date) -> dict[str, Any]:
    """The counts with their day, where the answers came from, and the hash of the version that was asked."""
    mark = hashlib.sha256(json.dumps(counted, sort_keys=True).encode()).hexdigest()
    return {"day": today.isoformat(), "hash": asked, "mark": mark, "answers": dict(sources), "counted": counted}


def _read(content: Mapping[str, Any], now: Mapping[str, int]) -> CountedWave:
    return CountedWave(
        date.fromisoformat(content["day"]),
        content["hash"],
        content["counted"],
        content["mark"],
        content["scales"],
        content["items"],
        content["answers"] == now,
    )
