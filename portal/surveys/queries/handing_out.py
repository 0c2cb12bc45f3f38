"""Answers as they leave the portal: without anything that tells when, in which order or by whom they were given."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import func, select

from portal.core.db import db
from portal.surveys.models import Response


class Answered(NamedTuple):
    """What one person answered (item key -> value), in which language, with which groups (key -> level) and weight.

    `weight_micros` are millionths; None: not weighted.
    """

    language: str
    weight_micros: int | None
    groups: Mapping[str, str]
    answers: Mapping[str, Any]


def count_responses(wave_id: int) -> int:
    """How many people have answered in the wave."""
    return db.session.scalar(select(func.count()).where(Response.wave_id == wave_id)) or 0


def list_answered(wave_id: int) -> Iterator[Answered]:
    """The answers of the wave, in the order of names drawn at random."""
    wanted = select(Response.language, Response.weight_micros, Response.groups, Response.answers)
    for row in db.session.execute(wanted.where(Response.wave_id == wave_id).order_by(Response.id)):
        yield Answered(*row)
