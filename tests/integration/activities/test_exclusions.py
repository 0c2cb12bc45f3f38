"""Excluding events from rows and letting them count again: what is stored, refused, recorded and kept elsewhere."""

from datetime import datetime

import pytest
from sqlalchemy import func, select

from portal.activities.models import Exclusion
from portal.activities.queries import get_event
from portal.activities.queries.exclusions import list_exclusions
from portal.activities.services.events import remove_examples
from portal.activities.services.exclusions import exclude_event, include_event
from portal.audit.models import AuditEntry
from portal.audit.services import Actor, acting_as
from portal.core.db import db, transaction
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.projects.models import Indicator, Project
from portal.projects.queries import get_project
from portal.reports.queries.exclusions import preview_exclusion
from tests.conftest import NOW
from tests.make import PROJECT, make_event, make_other_project, make_people, make_project, make_tournament, version_of

WHY = "The district counts it in its own report."
MANAGER = Actor(1, "manager@example.org")


@pytest.fixture(autouse=True)
def _project(in_app):
    make_project()


def stored() -> list[tuple[int, str, str, str]]:
    rows = select(Exclusion.event_id, Indicator.key, Exclusion.reason, Exclusion.actor).join(Indicator)
    return [tuple(row) for row in db.session.execute(rows.order_by(Exclusion.id))]


def effect(event_id: int, key: str, *, excluded: bool = True) -> tuple:
    found = preview_exclusion(get_project(PROJECT), event_id, key, NOW.date(), excluded=excluded)
    return found.before, found.after, found.by, {each.indicator.key: each.by for each in found.sums}


def use_measure(key: str, **measure) -> None:
    with transaction() as session:
        mine = select(Indicator).where(Indicator.project_code == PROJECT, Indicator.key == key)
        session.scalars(mine).one().measure = measure


def test_an_exclusion_is_stored_with_who_why_and_when_and_the_event_has_changed():
    event_id = make_tournament()
    version = version_of(event_id)
    with acting_as(MANAGER):
        exclude_event(event_id, "initiatives", f" {WHY}\n", now=NOW)
    assert stored() == [(event_id, "initiatives", WHY, "manager@example.org")]
    [row] = list_exclusions(event_id).values()
    assert (row.made_at, version_of(event_id)) == (NOW, version + 1)
    include_event(event_id, "initiatives", now=NOW)
    assert (stored(), version_of(event_id)) == ([], version + 2)


def test_both_acts_are_in_the_audit_of_the_event_with_the_row_and_the_reason():
    event_id = make_tournament()
    with acting_as(MANAGER):
        exclude_event(event_id, "initiatives", WHY, now=NOW)
        include_event(event_id, "initiatives", now=NOW)
    acts = select(AuditEntry).where(AuditEntry.action.like("event_%cluded")).order_by(AuditEntry.id)
    entries = db.session.scalars(acts).all()
    assert [(each.action, each.actor, each.subject, each.changes) for each in entries] == [
        ("event_excluded", "manager@example.org", "V1", {"indicator": [None, "initiatives"], "reason": [None, WHY]}),
        ("event_included", "manager@example.org", "V1", {"indicator": ["initiatives", None], "reason": [WHY, None]}),
    ]


def test_an_event_is_excluded_from_each_row_by_itself_and_planned_ones_too():
    planned = make_event()
    for event_id, key in ((planned, "workshops"), (planned, "organisations"), (make_tournament(), "public_events")):
        exclude_event(event_id, key, WHY, now=NOW)
    assert [row[:2] for row in stored()] == [(1, "workshops"), (1, "organisations"), (2, "public_events")]


@pytest.mark.parametrize(
    ("key", "reason", "error", "code"),
    [
        ("initiatives", " ", InvalidInput, "exclusion-reason-missing"),
        ("initiatives", "x" * 2001, InvalidInput, "text-too-long"),
        ("initiatives", "a\x00b", InvalidInput, "text-unprintable"),
        ("joint_actions", WHY, Conflict, "exclusion-of-sum"),
        ("gone", WHY, NotFound, "unknown-indicator"),
        ("public_events", WHY, Conflict, "exclusion-there"),
    ],
)
def test_what_cannot_be_excluded_is_refused_with_words_and_nothing_is_stored(key, reason, error, code):
    event_id = make_tournament()
    exclude_event(event_id, "public_events", WHY, now=NOW)
    with pytest.raises(error) as refused:
        exclude_event(event_id, key, reason, now=NOW)
    assert refused.value.problem.code == code
    assert len(stored()) == 1


def test_a_row_entered_by_hand_and_organisations_by_their_part_take_no_exclusions():
    event_id = make_tournament()
    for measure in ({"kind": "manual"}, {"kind": "organisations", "roles": ["lead"]}):
        use_measure("organisations", **measure)
        with pytest.raises(Conflict) as refused:
            exclude_event(event_id, "organisations", WHY, now=NOW)
        assert refused.value.problem.code == "exclusion-without-events"


def test_in_a_closed_project_nothing_is_excluded_and_nothing_counts_again():
    event_id = make_tournament()
    exclude_event(event_id, "initiatives", WHY, now=NOW)
    with transaction() as session:
        session.get_one(Project, PROJECT).status = "closed"
    for act in (
        lambda: exclude_event(event_id, "public_events", WHY, now=NOW),
        lambda: include_event(event_id, "initiatives", now=NOW),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.problem.code == "project-closed"
    assert len(stored()) == 1


def test_what_is_not_excluded_cannot_be_taken_back():
    event_id = make_tournament()
    for key, code in (("initiatives", "exclusion-unknown"), ("gone", "unknown-indicator")):
        with pytest.raises(NotFound) as refused:
            include_event(event_id, key, now=NOW)
        assert refused.value.problem.code == code
    with pytest.raises(NotFound):
        exclude_event(99, "initiatives", WHY, now=NOW)


def test_the_row_of_an_event_is_that_of_its_own_project():
    other = make_other_project()
    event_id = make_event(project_code=other)
    exclude_event(event_id, "workshops", WHY, now=NOW)
    [row] = list_exclusions(event_id).values()
    assert row.indicator.project_code == other


def test_the_preview_says_what_the_row_and_its_sums_lose_and_what_they_get_back():
    event_id = make_tournament()
    make_people(make_event(ref="W1", status="held"), ["p01", "p02"])
    assert effect(event_id, "initiatives") == (56, 0, 56, {"joint_actions": 56})
    assert effect(event_id, "public_events") == (1, 0, 1, {})
    exclude_event(event_id, "initiatives", WHY, now=NOW)
    assert effect(event_id, "initiatives", excluded=False) == (0, 56, 56, {"joint_actions": 56})
    # Its organisers have held the workshop, too.
    assert effect(event_id, "organisations") == (2, 2, 0, {})
    assert effect(make_event(ref="W2"), "workshops") == (2, 2, 0, {})


def test_the_preview_of_persons_keeps_those_who_came_to_another_event():
    use_measure("workshops", kind="persons")
    first = make_event(ref="W1", status="held")
    second = make_event(ref="W2", status="held", starts=datetime(2026, 4, 1, 9), ends=datetime(2026, 4, 1, 12))
    make_people(first, ["p01", "p02", "p03"])
    make_people(second, ["p02"])
    assert effect(first, "workshops") == (3, 1, 2, {"joint_actions": 2})
    assert effect(second, "workshops") == (3, 3, 0, {})


def test_the_preview_of_a_row_that_got_another_measure_promises_nothing():
    event_id = make_tournament()
    exclude_event(event_id, "public_events", WHY, now=NOW)
    use_measure("public_events", kind="manual")
    assert effect(event_id, "public_events", excluded=False) == (None, None, 0, {})
    include_event(event_id, "public_events", now=NOW)
    assert stored() == []


def test_examples_are_removed_with_their_exclusions():
    event_id = make_event()
    with transaction():
        get_event(PROJECT, event_id).is_example = True
    exclude_event(event_id, "workshops", WHY, now=NOW)
    assert remove_examples(PROJECT, now=NOW) == 1
    assert db.session.scalar(select(func.count()).select_from(Exclusion)) == 0
