"""Reading what somebody needs who answers: the wave that a link or code leads to, and what they have answered."""

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, or_, select

from portal.core.db import db
from portal.core.errors import NotFound
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.surveys.models import Instrument as InstrumentRow
from portal.surveys.models import Sitting, Study, Token, Wave
from portal.surveys.queries.studies import asked_in, document_of, find_published
from portal.surveys.rules.answers import Value
from portal.surveys.rules.disclosure import MIN_RESPONDENTS
from portal.surveys.rules.documents import Instrument
from portal.surveys.rules.secrets import code_hash, normal_code, normal_link, sitting_hash
from portal.surveys.rules.waves import WaveState, wave_state

TENS = 10

# One row, without what the study asks: that is the same for everybody. Statements are made once: each page asks them.
DESKS = (
    select(
        InstrumentRow.content_hash,
        *(Wave.by_hand, Wave.last_day, Project.code, Project.status, Project.time_zone),
        *(Wave.id, Wave.token, Wave.study_id, Study.salt, Wave.opens_on, Wave.has_open_link),
    )
    .join(Study, Study.id == Wave.study_id)
    .join(Project, Project.code == Study.project_code)
    .outerjoin(InstrumentRow, InstrumentRow.id == Wave.instrument_id)
)
BY_LINK = DESKS.where(or_(Wave.token == bindparam("stated"), Wave.token == bindparam("link")))
BY_CODE = DESKS.join(Token, Token.wave_id == Wave.id).where(Token.token_hash == bindparam("hash"))
SITTING = select(Sitting.answers, Sitting.groups, Sitting.pairing).where(
    Sitting.key_hash == bindparam("key"), Sitting.wave_id == bindparam("wave")
)


class Sat(NamedTuple):
    """What somebody has answered so far; `seed` decides the order of what stands in one of chance."""

    seed: str
    answers: dict[str, Value]
    groups: dict[str, str]
    pairing: list[str]


class DeskWave(NamedTuple):
    """What answering needs to know of a wave, as it was read; `salt` is that of the study's pairing codes."""

    id: int
    token: str
    study_id: int
    salt: str
    opens_on: date | None
    has_open_link: bool


class Desk(NamedTuple):
    """A wave as the link or code `token` opens it.

    `code` is the personal code in its normal form, '' where it was the wave's own link; `instrument` is None until one
    is published; `today` is the day in the project's zone.
    """

    token: str
    code: str
    wave: DeskWave
    project_code: str
    instrument: Instrument | None
    state: WaveState
    today: date

    @property
    def leads_in(self) -> bool:
        """Whether one may answer by this link: always with a code, else where the wave's link is open."""
        return bool(self.code) or self.wave.has_open_link

    @property
    def project(self) -> Project:
        """The project whose survey it is."""
        return get_project(self.project_code)


class Answered(NamedTuple):
    """What is said of a study to whoever has answered it."""

    project: Project
    instrument: Instrument


def get_answered(study_id: int) -> Answered:
    """The published study with this id; raise NotFound."""
    study = db.session.get(Study, study_id)
    row = find_published(study) if study else None
    if study is None or row is None:
        raise NotFound("survey-link-unknown")
    return Answered(get_project(study.project_code), document_of(row))


def get_desk(token: str, *, now: datetime) -> Desk:
    """The wave that this link or unused code leads to, however it was typed; raise NotFound for any other."""
    row = db.session.execute(BY_LINK, {"stated": token, "link": normal_link(token) or token}).first()
    code = ""
    if row is None and (code := normal_code(token)):
        row = db.session.execute(BY_CODE, {"hash": code_hash(code)}).first()
    if row is None:
        raise NotFound("survey-link-unknown")
    today = now.astimezone(ZoneInfo(row.time_zone)).date()
    state = wave_state(
        is_published=bool(row.content_hash),
        is_over=row.status == "closed",
        by_hand=row.by_hand,
        opens_on=row.opens_on,
        last_day=row.last_day,
        today=today,
    )
    wave = DeskWave(row.id, row.token, row.study_id, row.salt, row.opens_on, row.has_open_link)
    instrument = asked_in(row.content_hash) if row.content_hash else None
    return Desk(code or row.token, code, wave, row.code, instrument, state, today)


def find_sitting(desk: Desk, secret: str) -> Sat | None:
    """What this browser has answered at the desk so far; None where it has not begun."""
    if not secret:
        return None
    key = sitting_hash(secret, desk.token)
    row = db.session.execute(SITTING, {"key": key, "wave": desk.wave.id}).first()
    return None if row is None else Sat(key, *row)


def count_used_codes(wave: Wave) -> int | None:
    """How many of the wave's personal codes were used, in full tens; None where it is fewer than may be told.

    In tens only: else who has the list could see which answers came with which code.
    """
    unused = db.session.scalar(select(func.count()).where(Token.wave_id == wave.id)) or 0
    used = wave.tokens_issued - unused
    return used // TENS * TENS if used >= MIN_RESPONDENTS else None
