"""`portal check` of seats and places: every violation found that raw SQL can make."""

import pytest
from sqlalchemy import text

from portal.core.db import db
from portal.reports.checks import list_violations
from tests.integration.activities.desks import come, make_desk
from tests.make import make_project

ONA = "(SELECT id FROM participations WHERE name = 'Ona')"
JAN = "(SELECT id FROM participations WHERE name = 'Jan')"


@pytest.fixture(autouse=True)
def _stored(in_app):
    make_project()
    event_id = make_desk(2, largest_party=2, event={"ref": "S1"})
    come(event_id, "Ona", "Jan*")
    come(event_id, "Ewa")


def test_what_registration_stored_is_clean():
    assert list_violations() == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE events SET seats_taken = 1", {"seats-taken"}),
        ("UPDATE registration_desks SET last_place = 2", {"place-order"}),
        ("UPDATE registration_desks SET closes_at = '2026-12-24 09:00:00+00:00'", {"registration-after-start"}),
        (f"UPDATE registrations SET answer_until = NULL WHERE participation_id = {ONA}", {"place-answer"}),
        (
            f"UPDATE registrations SET answer_until = '2026-12-24 09:00:00+00:00' WHERE participation_id = {ONA}",
            {"answer-after-start"},
        ),
        (
            f"UPDATE registrations SET ended_at = '2026-11-24 09:00:00+00:00' WHERE participation_id = {JAN}",
            {"place-ended", "seats-taken"},
        ),
        (
            f"UPDATE participations SET status = 'waitlisted' WHERE id = {JAN}",
            {"party-split", "place-answer", "seats-taken"},
        ),
        ("DELETE FROM registration_desks", {"seats-without-registration"}),
        (f"DELETE FROM registrations WHERE participation_id = {JAN}", set()),
    ],
)
def test_each_violation_is_found(statement, found):
    db.session.execute(text(statement))
    db.session.commit()
    assert {each.invariant for each in list_violations()} == found
