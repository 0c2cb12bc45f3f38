"""Invented events of LTPL00388: a year as it might go, seen from the day of loading."""

from datetime import datetime
from typing import NamedTuple

from portal.activities.queries import get_event
from portal.activities.rules.drafts import EventDraft
from portal.activities.rules.events import EventStatus
from portal.activities.services.attendance import (
    HeadcountDraft,
    ParticipationDraft,
    add_participation,
    record_headcounts,
)
from portal.activities.services.events import create_event, move_event


class Example(NamedTuple):
    """An invented event: how it is stated, who was there, and how many people came under a code from each country."""

    draft: EventDraft
    headcounts: tuple[HeadcountDraft, ...] = ()
    professionals: tuple[tuple[str, int], ...] = ()


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


EXAMPLES = (
    Example(
        EventDraft(
            ref="X1",
            title={
                "en": "Opening workshop: how our services work together",
                "lt": "Atidarymo seminaras: kaip mūsų tarnybos dirba kartu",
                "pl": "Warsztaty otwierające: jak współpracują nasze służby",
            },
            kind="workshop",
            activity="1.1",
            organisers=("lps", "ols"),
            country="LT",
            place="Kaunas",
            starts=_at("2026-03-17 10:00"),
            ends=_at("2026-03-17 16:00"),
            planned_participants=24,
        ),
        professionals=(("LT", 10), ("PL", 8)),
    ),
    Example(
        EventDraft(
            ref="X2",
            title={
                "en": "Steering meeting",
                "lt": "Priežiūros grupės posėdis",
                "pl": "Posiedzenie grupy sterującej",
            },
            kind="meeting",
            activity="1.1",
            organisers=("lps", "lpro", "ols"),
            country="PL",
            place="Olsztyn",
            starts=_at("2026-04-22 11:00"),
            ends=_at("2026-04-22 13:00"),
        ),
        headcounts=(HeadcountDraft("staff", 9),),
    ),
    Example(
        EventDraft(
            ref="X3",
            title={
                "en": "Renewing the courtyard together",
                "lt": "Kartu atnaujiname kiemą",
                "pl": "Wspólna odnowa podwórza",
            },
            kind="public_space_renewal",
            activity="2.1",
            organisers=("lps", "ols", "kaunas"),
            country="LT",
            place="Pravieniškės",
            starts=_at("2026-08-26 09:00"),
            ends=_at("2026-08-26 17:00"),
            planned_participants=30,
        ),
        headcounts=(HeadcountDraft("community_member", 14, "LT"), HeadcountDraft("convicted_person", 11, "LT")),
    ),
    Example(
        EventDraft(
            ref="X4",
            title={
                "en": "Support group evening",
                "lt": "Paramos grupės vakaras",
                "pl": "Wieczór grupy wsparcia",
            },
            kind="support_group",
            activity="2.3",
            organisers=("lpro",),
            country="LT",
            place="Alytus",
            starts=_at("2026-10-07 17:00"),
            ends=_at("2026-10-07 19:00"),
        ),
        headcounts=(HeadcountDraft("convicted_person", 7, "LT"), HeadcountDraft("family_member", 6, "LT")),
    ),
    Example(
        EventDraft(
            ref="X5",
            title={
                "en": "Football tournament across the border",
                "lt": "Futbolo turnyras pasienyje",
                "pl": "Turniej piłki nożnej na pograniczu",
            },
            kind="tournament",
            activity="2.4",
            organisers=("lps", "ols"),
            country="PL",
            place="Suwałki",
            starts=_at("2027-05-22 11:00"),
            ends=_at("2027-05-22 18:00"),
            is_public=True,
            planned_participants=120,
        ),
    ),
)


def add_activity(project_code: str, *, now: datetime) -> None:
    """Log the example events; those that have begun by `now` are held, with their attendance."""
    for example in EXAMPLES:
        event_id = create_event(project_code, example.draft, now=now, example=True)
        if get_event(project_code, event_id).starts_at <= now:
            _hold(project_code, event_id, example, now)


def _hold(project_code: str, event_id: int, example: Example, now: datetime) -> None:
    number = 0
    for country, people in example.professionals:
        for _ in range(people):
            number += 1
            person = ParticipationDraft(participant=f"example-{number:02d}", group="professional", country=country)
            add_participation(event_id, person, now=now)
    version = get_event(project_code, event_id).version
    record_headcounts(event_id, example.headcounts, version=version, now=now)
    move_event(event_id, EventStatus.HELD, version=version + 1, now=now)
