"""A published survey and answers to it, straight in the tables. Each function needs an app context and the project."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal.core.db import db, transaction
from portal.surveys.models import Instrument as InstrumentRow
from portal.surveys.models import Response, Study, Wave
from portal.surveys.rules.documents import (
    Choice,
    Condition,
    Group,
    Instrument,
    Item,
    Pairing,
    Scale,
    Section,
    content_hash,
    to_content,
)
from tests.conftest import NOW
from tests.make import PROJECT

LANGUAGES = ("en", "lt", "pl")
FIVE = {"least": Decimal(1), "most": Decimal(5)}


def words(text: str) -> dict[str, str]:
    """The text in each language, marked with it."""
    return {language: f"{text} ({language})" for language in LANGUAGES}


def choice(key: str) -> Choice:
    """A choice whose words are its key."""
    return Choice(key, words(key))


INSTRUMENT = Instrument(
    languages=LANGUAGES,
    title=words("Trust"),
    consent=words("I agree to take part."),
    note=words("Not validated."),
    groups=(Group("country", (choice("LT"), choice("PL")), words("Where do you live?")),),
    sections=(Section("views", words("Your views")), Section("you", words("About you"))),
    items=(
        Item("q1", "likert", words("People deserve a second chance."), "views", **FIVE),
        Item("q2", "likert", words("I would accept a neighbour."), "views", **FIVE),
        Item("q3", "likert", words("I would be afraid."), "views", **FIVE),
        Item("met", "single", words("Have you met anybody?"), "you", choices=(choice("yes"), choice("no"))),
        Item(
            "where",
            "multiple",
            words("Where?"),
            "you",
            choices=(choice("work"), choice("family"), choice("other")),
            show_if=Condition("met", ("yes",)),
        ),
        Item("years", "number", words("How many years?"), "you", least=Decimal(0), most=Decimal(99)),
        Item("why", "text", words("Why?"), "you"),
    ),
    scales=(Scale("trust", ("q1", "q2", "q3"), words("Trust"), reverse=("q3",)),),
    pairing=Pairing("code", ("c1", "c2", "c3"), 2),
)
WAVES = {"baseline": (date(2026, 11, 1), date(2026, 12, 31)), "endline": (date(2027, 11, 1), date(2027, 12, 31))}


def make_study(
    instrument: Instrument = INSTRUMENT,
    *,
    key: str = "trust",
    waves: Mapping[str, tuple[date | None, date | None]] = WAVES,
    is_published: bool = True,
) -> int:
    """A survey of LTPL00388 with these waves, by default published; return its id."""
    with transaction() as session:
        study = Study(
            project_code=PROJECT, key=key, title=dict(instrument.title), salt="5" * 64, created_at=NOW, updated_at=NOW
        )
        row = InstrumentRow(
            number=1,
            content=to_content(instrument),
            content_hash=content_hash(instrument) if is_published else "",
            published_at=NOW if is_published else None,
            mapping={},
            created_at=NOW,
            updated_at=NOW,
        )
        study.instruments.append(row)
        for position, (name, (opens_on, last_day)) in enumerate(waves.items(), start=1):
            wave = Wave(key=name, position=position, opens_on=opens_on, last_day=last_day, token=f"{key}-{name}-token")
            wave.instrument = row if is_published else None
            study.waves.append(wave)
        session.add(study)
        session.flush()
        return study.id


def wave_of(study_id: int, key: str = "baseline") -> int:
    """The id of the survey's wave."""
    return db.session.scalars(select(Wave.id).where(Wave.study_id == study_id, Wave.key == key)).one()


def answer(study_id: int, wave: str, many: Iterable[Mapping[str, Any]], **facts: Any) -> None:
    """Store a response for each of these answers (item key -> value), with the facts: columns of the table."""
    wave_id = wave_of(study_id, wave)
    stated = {"source": "web", "language": "en", "day": date(2026, 11, 10), "groups": {}, "pairing": [], **facts}
    with transaction() as session:
        for answers in many:
            name = secrets.token_hex(16)
            session.add(Response(id=name, wave_id=wave_id, row_key=name, answers=dict(answers), **stated))
