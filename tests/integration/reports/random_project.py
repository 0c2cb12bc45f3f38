"""A random project: events of all kinds and states, people who come again, rows of every measure that is counted."""

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert

from portal.activities.models import EventEvidence, Exclusion, Headcount, Participation
from portal.core.db import transaction
from portal.core.files.models import StoredFile
from portal.projects.models import Indicator, ManualFigure
from portal.projects.queries import get_project
from portal.projects.rules.vocabulary import EVENT_KINDS
from tests.conftest import NOW
from tests.make import PROJECT, make_event, make_project

SHA256 = "c" * 64
MEASURES: dict[str, dict[str, Any]] = {
    "joint_actions": {"kind": "sum", "of": ["workshops", "initiatives"]},
    "workshops": {
        "kind": "participations",
        "joint": True,
        "event_kinds": ["workshop", "training"],
        "exclude_groups": ["spectator"],
    },
    "initiatives": {"kind": "participations", "groups": ["community_member", "convicted_person", "family_member"]},
    "organisations": {"kind": "organisations", "roles": ["lead", "partner", "associated"], "active": True},
    "public_events": {"kind": "events", "joint": True, "public": True},
    "people": {"kind": "persons"},
    "new_staff": {"kind": "persons", "groups": ["staff", "professional"], "public": False, "work_package": 1},
    "alone": {"kind": "participations", "joint": False, "work_package": 2},
    "trainings": {"kind": "events", "event_kinds": ["training"]},
    "surveyed": {"kind": "participations", "event_kinds": ["survey_fieldwork"]},
    "partners": {"kind": "organisations", "roles": ["partner", "associated"]},
    "leaflets": {"kind": "manual"},
    "posters": {"kind": "manual"},
    "printed": {"kind": "sum", "of": ["leaflets", "posters"]},
    "everything": {"kind": "sum", "of": ["joint_actions", "printed", "people", "trainings"]},
    "everybody": {"kind": "sum", "of": ["joint_actions", "alone", "people"]},
    "unheard": {"kind": "sum", "of": ["surveyed", "posters"]},
}
"""Key -> the measure; `surveyed` and `posters` may have nothing that could count, and so may the sum of both."""
GROUPS = ("professional", "staff", "community_member", "convicted_person", "spectator", "unknown")
STATUSES = ("attended", "attended", "attended", "absent", "registered", "waitlisted", "cancelled")
CIRCLES = (["lps", "ols"], ["lps"], ["lpro", "lps"], ["ols"], ["alytus", "ols"], ["kaunas"])


def make_random_project(seed: int) -> None:
    """LTPL00388 with the rows above and a year in which everything happened by chance."""
    make_project()
    chance = random.Random(seed)
    rows = set_rows(chance)
    with transaction() as session:
        session.add(StoredFile(sha256=SHA256, size_bytes=1, media_type="application/pdf", stored_at=NOW))
    for place in range(chance.randrange(18, 28)):
        fill_event(chance, place, rows)
    with transaction() as session:
        # From before the first day to today, on the first and the last day of a period among them; 0 is a figure.
        for _ in range(chance.randrange(6)):
            day = (datetime(2025, 12, 20) + timedelta(days=chance.randrange(330))).date()
            number = chance.choice([0, 7, 40])
            values = {"day": day, "number": number, "reason": "Receipts.", "actor": "someone", "entered_at": NOW}
            proof = {"sha256": SHA256, "filename": "list.pdf"} if chance.random() < 0.5 else {}
            session.add(ManualFigure(indicator_id=rows["leaflets"], **values, **proof))


def set_rows(chance: random.Random) -> dict[str, int]:
    """Let the project have exactly the rows above, some without a target; key -> id."""
    with transaction() as session:
        session.execute(delete(Indicator))
        for place, (key, measure) in enumerate(MEASURES.items()):
            target = chance.choice([None, 3, 7, 216])
            names = dict.fromkeys(("en", "lt", "pl"), f"Row of {key}")
            facts = {"code": "", "unit": "participations", "note": {}, "position": place, "target": target}
            session.add(Indicator(project_code=PROJECT, key=key, name=names, measure=measure, **facts))
    return {indicator.key: indicator.id for indicator in get_project(PROJECT).indicators}


def fill_event(chance: random.Random, place: int, rows: dict[str, int]) -> None:
    """An event of any kind on any day, with who was at it, its files, and the rows that it is excluded from."""
    # Some lie before the project's first day; those that are to come are only planned.
    starts = datetime(2025, 12, 20, chance.choice([0, 9, 23]), 30) + timedelta(days=chance.randrange(400))
    status = (
        chance.choice(["held", "held", "held", "cancelled", "planned"])
        if starts < datetime(2026, 11, 20)
        else "planned"
    )
    event_id = make_event(
        ref=f"R{place}",
        kind=chance.choice([kind for kind in EVENT_KINDS if kind != "survey_fieldwork" or chance.random() < 0.3]),
        activity=chance.choice(["1.1", "2.4"]),
        organisers=chance.choice(CIRCLES),
        is_public=chance.random() < 0.5,
        starts=starts,
        ends=starts + timedelta(hours=2),
        status=status,
    )
    with transaction() as session:
        people = [one_person(chance, event_id, key) for key in chance.sample(range(100, 130), chance.randrange(15))]
        if people:
            session.execute(insert(Participation), people)
        for group in chance.sample(GROUPS, chance.randrange(3)):
            for gender in chance.sample(["f", "m"], chance.randrange(1, 3)):
                country, number = chance.choice(["LT", "PL", ""]), chance.randrange(1, 60)
                session.add(Headcount(event_id=event_id, group=group, gender=gender, country=country, number=number))
        for kind in chance.sample(["attendance_list", "tally_sheet", "photos"], chance.randrange(3)):
            session.add(EventEvidence(event_id=event_id, kind=kind, sha256=SHA256, filename="f.pdf", added_at=NOW))
        for key in chance.sample(["workshops", "initiatives", "people", "organisations", "trainings"], 5):
            if chance.random() < 0.1:
                facts = {"reason": "Counted by another project.", "actor": "someone", "made_at": NOW}
                session.add(Exclusion(event_id=event_id, indicator_id=rows[key], **facts))


def one_person(chance: random.Random, event_id: int, key: int) -> dict[str, Any]:
    """A person known by a code, so that anyone may be of any group."""
    return {
        "event_id": event_id,
        "participant": f"K{key}",
        "group": chance.choice(GROUPS),
        "country": chance.choice(["LT", "PL", "DE", ""]),
        "status": chance.choice(STATUSES),
    }
