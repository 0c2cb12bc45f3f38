"""Reading responses for imports: the wave that a file belongs to, and what is stored of its rows."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import InvalidInput
from portal.imports.models import Import
from portal.surveys.models import Response, Study, Wave
from portal.surveys.queries.overviews import state_of
from portal.surveys.queries.studies import document_of, find_published, list_studies
from portal.surveys.rules.answers import FILE
from portal.surveys.rules.documents import Instrument
from portal.surveys.rules.responses import Layout, StoredResponse
from portal.surveys.rules.responses import state_of as response_of
from portal.surveys.rules.waves import WaveState

COLUMNS = (
    Response.row_key,
    Response.respondent,
    Response.language,
    Response.weight_micros,
    Response.answers,
    Response.groups,
    Response.pairing,
)


class ResponseWave(NamedTuple):
    """The wave that answers are stored in, the published instrument that it asks, and the study's salt.

    `state`: whether it takes answers by the web on that day.
    """

    id: int
    key: str
    state: WaveState
    instrument_id: int
    instrument: Instrument
    salt: str


def list_published(code: str) -> list[Study]:
    """The project's studies of which a version is published, in the order in which they were made."""
    return [study for study in list_studies(code) if find_published(study)]


def find_instrument(code: str, study_key: str, wave_key: str = "") -> Instrument | None:
    """What the study asks in this wave ('': as last published); None where there is no such thing."""
    study = next((each for each in list_published(code) if each.key == study_key), None)
    if study is None:
        return None
    asked = [wave.instrument for wave in study.waves if wave.key == wave_key]
    row = (asked[0] if asked else None) or find_published(study)
    return document_of(row) if row else None


def response_wave(code: str, study_key: str, wave_key: str, today: date) -> ResponseWave:
    """The wave of the project's study as it stands `today`.

    Raise InvalidInput where there is none of which the instrument is published.
    """
    study = next((each for each in list_published(code) if each.key == study_key), None)
    waves = [wave for wave in study.waves if wave.instrument] if study else []
    for wave in waves:
        if study and wave.key == wave_key and wave.instrument:
            state = state_of(wave, today)
            instrument = wave.instrument
            return ResponseWave(wave.id, wave.key, state, instrument.id, document_of(instrument), study.salt)
    raise InvalidInput("response-wave-unknown", study=study_key, wave=wave_key, allowed=[each.key for each in waves])


def load_responses(wave_id: int, row_keys: Collection[str], layout: Layout) -> dict[str, StoredResponse]:
    """What is stored in the wave under these keys, by key."""
    found = select(Response.id, *COLUMNS).where(Response.wave_id == wave_id, Response.row_key.in_(row_keys))
    rows = db.session.execute(found).mappings()
    return {row["row_key"]: StoredResponse(row["id"], response_of(dict(row), layout)) for row in rows}


def has_other_file(wave_id: int, sha256: str) -> bool:
    """Whether a file with another content has brought responses without respondents into the wave."""
    others = select(Response.id).where(Response.wave_id == wave_id, Response.source == FILE, Response.respondent == "")
    return db.session.scalar(others.where(~Response.row_key.startswith(f"{sha256}:")).limit(1)) is not None


def find_other_wave(wave_id: int, sha256: str) -> str | None:
    """The key of the first other wave of the same survey that has answers of a file with this content; None for none.

    An import that was undone has none any more, nor has a file whose answers others have changed since.
    """
    study_id = select(Wave.study_id).where(Wave.id == wave_id).scalar_subquery()
    brought = select(Response.wave_id).join(Import, Import.id == Response.import_id)
    bearing = brought.where(Import.content_sha256 == sha256, Import.state == "stored")
    others = select(Wave.key).where(Wave.study_id == study_id, Wave.id != wave_id, Wave.id.in_(bearing))
    return db.session.scalar(others.order_by(Wave.position).limit(1))


def list_waves(code: str) -> list[Wave]:
    """The waves of the project's published studies."""
    return [wave for study in list_published(code) for wave in study.waves if wave.instrument]
