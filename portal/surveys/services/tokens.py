"""Personal codes that open a wave once: made here, handed out once, and known afterwards by their hashes only."""

from datetime import datetime

from sqlalchemy import insert, select

from portal.audit.services import record
from portal.core.db import transaction
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.projects.queries import get_project
from portal.projects.rules.closing import check_open
from portal.surveys.models import Token, Wave
from portal.surveys.rules.secrets import LENGTH, MOST_AT_ONCE, code_hash, written_code
from portal.surveys.rules.waves import CLOSED
from portal.surveys.services.rows import new_secret, subject


def issue_tokens(wave_id: int, number: int, *, now: datetime) -> list[str]:
    """Let so many more codes open the wave once each; return them as people read them. Nobody can list them again.

    Raise InvalidInput for a number outside 1 to MOST_AT_ONCE, Conflict if the project or the wave is closed or the wave
    is not published yet, NotFound.
    """
    if not 1 <= number <= MOST_AT_ONCE:
        raise InvalidInput("codes-number", where="number", most=MOST_AT_ONCE)
    with transaction() as session:
        held = select(Wave).where(Wave.id == wave_id).with_for_update().execution_options(populate_existing=True)
        wave = session.scalar(held)
        if wave is None:
            raise NotFound("wave-unknown")
        check_open(get_project(wave.study.project_code).status)
        if wave.instrument_id is None:
            raise Conflict("wave-unpublished")
        if wave.by_hand == CLOSED:
            raise Conflict("wave-closed")
        codes = {new_secret(LENGTH) for _code in range(number)}
        # In the order of their hashes: the order in which they are handed out is not kept.
        hashes = sorted(code_hash(code) for code in codes)
        session.execute(insert(Token), [{"token_hash": each, "wave_id": wave_id} for each in hashes])
        wave.tokens_issued += number
        after = {"wave": wave.key, "number": number}
        record(session, "tokens_issued", subject(wave.study), now=now, after=after)
        return sorted(written_code(code) for code in codes)
