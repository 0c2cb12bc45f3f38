"""Reading what somebody needs who answers: the wave that a link or code leads to, and what they have answered."""

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from portal.core.db import db
from portal.core.errors import NotFound
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.surveys.models import Sitting, Token, Wave
from portal.surveys.queries.overviews import state_of
from portal.surveys.queries.studies import document_of
from portal.surveys.rules.answers import Value
from portal.surveys.rules.disclosure import MIN_RESPONDENTS
from portal.surveys.rules.documents import Instrument
from portal.surveys.rules.secrets import code_hash, normal_code, sitting_hash
from portal.surveys.rules.waves import WaveState

TENS = 10


class Sat(NamedTuple):
    """What somebody has answered so far; `seed` decides the order of what stands in one of chance."""

    seed: str
    answers: dict[str, Value]
    groups: dict[str, str]
    pairing: list[str]


class Desk(NamedTuple):
    """A wave as the link or code `token` opens it.

    `code` is the personal code in its normal form, '' where it was the wave's own link; `instrument` is None until one
    is published; `today` is the day in the project's zone.
    """

    token: str
    code: str
    wave: Wave
    project: Project
    instrument: Instrument | None
    state: WaveState
    today: date

    @property
    def leads_in(self) -> bool:
        """Whether one may answer by this link: always with a code, else where the wave's link is open."""
        return bool(self.code) or self.wave.has_open_link


def get_desk(token: str, *, now: datetime) -> Desk:
    """The wave that this link or unused code leads to; raise NotFound for any other."""
    wave = db.session.scalar(select(Wave).where(Wave.token == token))
    code = ""
    if wave is None:
        code = normal_code(token)
        by_code = select(Wave).join(Token, Token.wave_id == Wave.id).where(Token.token_hash == code_hash(code))
        wave = db.session.scalar(by_code) if code else None
    if wave is None:
        raise NotFound("survey-link-unknown")
    project = get_project(wave.study.project_code)
    today = now.astimezone(ZoneInfo(project.time_zone)).date()
    state = state_of(wave, today)
    instrument = document_of(wave.instrument) if wave.instrument else None
    return Desk(code or token, code, wave, project, instrument, state, today)


def find_sitting(desk: Desk, secret: str) -> Sat | None:
    """What this browser has answered at the desk so far; None where it has not begun."""
    if not secret:
        return None
    key = sitting_hash(secret, desk.token)
    row = db.session.scalar(select(Sitting).where(Sitting.key_hash == key, Sitting.wave_id == desk.wave.id))
    if row is None:
        return None
    return Sat(row.key_hash, dict(row.answers), dict(row.groups), list(row.pairing))


def count_used_codes(wave: Wave) -> int | None:
    """How many of the wave's personal codes were used, in full tens; None where it is fewer than may be told.

    In tens only: else who has the list could see which answers came with which code.
    """
    unused = db.session.scalar(select(func.count()).where(Token.wave_id == wave.id)) or 0
    used = wave.tokens_issued - unused
    return used // TENS * TENS if used >= MIN_RESPONDENTS else None
