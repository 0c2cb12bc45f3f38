"""A project of any size, by plain bulk inserts: events of a year, who was at them, and what is planned.

Three in four events are workshops, the others of every kind; every fifth has organisers of one country only, every
second has an attendance list. Workshops have professionals, other events community members; one in ten is staff. The
people come from two countries, each to about four events.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, text

from portal.activities.models import Event, EventEvidence, Headcount, event_organisers
from portal.core.db import db, transaction
from portal.core.files.models import StoredFile
from portal.projects.models import Organisation
from tests.conftest import NOW
from tests.make import make_event, make_project

OTHER_KINDS = ("training", "tournament", "support_group", "creative", "public_space_renewal", "meeting")
CIRCLES = (("lps", "ols"), ("lps", "ols"), ("lpro", "ols"), ("lps", "lpro", "ols"), ("lps", "lpro"))
# Held on these many days before today; as many tenths again are planned for later.
DAYS = 320
SHA256 = "b" * 64

PEOPLE = text("""
    INSERT INTO participations
        (event_id, participant, name, organisation, country, "group", gender, age_band, status)
    WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < :people - 1)
    SELECT :first + n % :events, 'person' || (n / 4) || '@example.org', 'Person ' || (n / 4), 'Example',
        CASE n / :events % 2 WHEN 0 THEN 'LT' ELSE 'PL' END,
        CASE WHEN n / :events % 10 = 0 THEN 'staff' WHEN n % :events % 4 = 0 THEN 'community_member'
            ELSE 'professional' END,
        'unknown', 'unknown', 'attended'
    FROM numbers
""")


def fill(events: int, people: int) -> None:
    """LTPL00388 with so many held events, a tenth as many planned ones, and so many participants who attended."""
    make_project()
    model = make_event()
    with transaction() as session:
        stored = session.get_one(Event, model)
        facts = {column.key: getattr(stored, column.key) for column in Event.__table__.columns if column.key != "id"}
        session.execute(insert(Event), [{**facts, **each} for each in _events(events)])
        ids = session.scalars(select(Event.id).where(Event.id != model).order_by(Event.id)).all()
        session.execute(insert(event_organisers), list(_organisers(ids)))
        session.add(StoredFile(sha256=SHA256, size_bytes=1, media_type="application/pdf", stored_at=NOW))
        session.flush()
        proof = {"kind": "attendance_list", "sha256": SHA256, "filename": "list.pdf", "added_by": 0, "added_at": NOW}
        session.execute(insert(EventEvidence), [{"event_id": each, **proof} for each in ids[:events:2]])
        crowd = {"group": "spectator", "country": "", "gender": "unknown", "age_band": "unknown", "number": 40}
        session.execute(insert(Headcount), [{"event_id": each, **crowd} for each in ids[:events:8]])
        session.execute(PEOPLE, {"first": ids[0], "events": events, "people": people})
    db.session.remove()


def _events(held: int) -> Iterator[dict[str, Any]]:
    for number in range(held + held // 10):
        before = timedelta(days=DAYS * (held - number) / held)
        starts_at = (NOW - before).replace(hour=8) if number < held else NOW + timedelta(days=1 + number % 300)
        yield {
            "ref": f"B{number}",
            "kind": "workshop" if number % 4 else OTHER_KINDS[number // 4 % len(OTHER_KINDS)],
            "status": "held" if number < held else "planned",
            "is_public": number % 8 == 0,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=2),
            "counting_date": starts_at.date(),
            "planned_participants": 20 if number % 3 else None,
        }


def _organisers(ids: list[int]) -> Iterator[dict[str, int]]:
    partners = dict(db.session.execute(select(Organisation.key, Organisation.id)).tuples().all())
    for place, event_id in enumerate(ids):
        for key in CIRCLES[place % len(CIRCLES)]:
            yield {"event_id": event_id, "organisation_id": partners[key]}
