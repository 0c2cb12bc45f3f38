"""Entering figures by hand: what is stored, refused, audited, counted, and kept of their files."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.activities.models import Exclusion
from portal.audit.models import AuditEntry
from portal.core.db import db, transaction
from portal.core.errors import Conflict, InvalidInputs, NotFound
from portal.core.files.models import StoredFile
from portal.projects.queries import get_figure, get_indicator, get_project, list_figures
from portal.projects.services.figures import add_figure, change_figure, remove_figure
from portal.projects.services.structure import remove_row
from portal.projects.services.structure_new import copy_project
from portal.projects.services.structure_status import move_project
from portal.reports.queries.outcomes import get_row, outcome_table
from tests.conftest import NOW
from tests.integration.projects.figures import DAY, DRAFT, LEAFLETS, edit_now, keep, make_indicator
from tests.make import OTHER_PROJECT, PROJECT, make_event, make_other_project, make_project, make_user

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture(autouse=True)
def _project(in_app: Flask) -> None:
    make_project()
    make_indicator()


def add(**changes) -> int:
    file = changes.pop("file", None)
    return add_figure(PROJECT, LEAFLETS, DRAFT._replace(**changes), file=file, now=NOW)


def hashes() -> list[str]:
    return list(db.session.scalars(select(StoredFile.sha256)))


def entries() -> list[tuple[str, str, dict]]:
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("figure_")).order_by(AuditEntry.id))
    return [(row.action, row.subject, row.changes) for row in rows]


def row_on(day: date):
    return get_row(outcome_table(PROJECT, day, today=NOW.date()), LEAFLETS).figures


def test_figures_add_up_and_are_evidenced_by_their_files():
    assert row_on(NOW.date()).achieved is None
    add(file=keep())
    add(day=date(2026, 7, 1), number=25)
    figures = row_on(NOW.date())
    assert (figures.achieved, figures.evidenced, figures.by_period) == (325, 300, {"1": 300, "2": 25})
    assert row_on(date(2026, 6, 30)).achieved == 300
    assert row_on(date(2026, 3, 9)).achieved is None


def test_a_figure_of_none_is_reported_as_0():
    add(number=0)
    assert row_on(NOW.date()).achieved == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"day": date(2026, 11, 21)}, "day-to-come"),
        ({"day": date(2025, 1, 1)}, "figure-day"),
        ({"number": -1}, "number-out-of-range"),
        ({"reason": ""}, "figure-reason-missing"),
    ],
)
def test_what_cannot_be_entered_is_refused_and_nothing_is_stored(changes, code):
    with pytest.raises(InvalidInputs) as refusal:
        add(**changes)
    assert refusal.value.problem.code == code
    figure = add(file=keep())
    with pytest.raises(InvalidInputs):
        change_figure((PROJECT, LEAFLETS, figure), DRAFT._replace(**changes), file=keep("new"), version=1, now=NOW)
    assert [row.number for _, row in list_figures(PROJECT)] == [300]
    assert len(hashes()) == 1


def test_an_indicator_counted_from_records_takes_no_figure():
    with pytest.raises(Conflict) as refusal:
        add_figure(PROJECT, "workshops", DRAFT, file=None, now=NOW)
    assert refusal.value.problem.code == "figure-not-manual"
    with pytest.raises(NotFound):
        add_figure(PROJECT, "gone", DRAFT, file=None, now=NOW)


def test_a_changed_figure_is_another_version_and_its_file_is_replaced():
    figure = add(file=keep("first"))
    place = (PROJECT, LEAFLETS, figure)
    first = hashes()
    change_figure(place, DRAFT._replace(number=310), file=keep("second"), version=1, now=NOW)
    row = get_figure(*place)
    assert (row.number, row.filename, row.version) == (310, "second.pdf", 2)
    assert hashes() == [row.sha256]
    assert hashes() != first
    change_figure(place, DRAFT._replace(number=310), file=None, version=2, now=NOW)
    assert get_figure(*place).version == 2
    with pytest.raises(Conflict) as refusal:
        change_figure(place, DRAFT, file=None, version=1, now=NOW)
    assert refusal.value.problem.code == "figure-stale"
    with pytest.raises(Conflict):
        remove_figure(place, version=1, now=NOW)


def test_a_file_that_proves_two_figures_stays_with_the_other():
    first, second = add(file=keep()), add(day=date(2026, 4, 1), file=keep())
    remove_figure((PROJECT, LEAFLETS, first), version=1, now=NOW)
    assert hashes() == [get_figure(PROJECT, LEAFLETS, second).sha256]
    remove_figure((PROJECT, LEAFLETS, second), version=1, now=NOW)
    assert (hashes(), list_figures(PROJECT)) == ([], [])


def test_everything_is_in_the_audit_of_the_project():
    figure = add(file=keep())
    sha256 = get_figure(PROJECT, LEAFLETS, figure).sha256
    change_figure((PROJECT, LEAFLETS, figure), DRAFT._replace(number=310), file=None, version=1, now=NOW)
    remove_figure((PROJECT, LEAFLETS, figure), version=2, now=NOW)
    facts = {"day": "2026-03-10", "number": 300, "reason": DRAFT.reason, "file": sha256[:12]}
    assert entries() == [
        ("figure_added", LEAFLETS, {name: [None, value] for name, value in facts.items()}),
        ("figure_changed", LEAFLETS, {"number": [300, 310]}),
        ("figure_removed", LEAFLETS, {name: [value, None] for name, value in {**facts, "number": 310}.items()}),
    ]


def test_a_closed_project_keeps_its_figures():
    figure = add()
    move_project(PROJECT, "closed", version=get_project(PROJECT).version, now=NOW)
    place = (PROJECT, LEAFLETS, figure)
    for act in (
        lambda: add(),
        lambda: change_figure(place, DRAFT._replace(number=1), file=None, version=1, now=NOW),
        lambda: remove_figure(place, version=1, now=NOW),
    ):
        with pytest.raises(Conflict) as refusal:
            act()
        assert refusal.value.problem.code == "project-closed"
    assert get_figure(*place).number == 300


def test_another_projects_or_indicators_figure_is_not_there():
    make_other_project()
    figure = add()
    for place in ((OTHER_PROJECT, LEAFLETS, figure), (PROJECT, "workshops", figure), (PROJECT, LEAFLETS, figure + 1)):
        with pytest.raises(NotFound):
            remove_figure(place, version=1, now=NOW)


def test_an_indicator_with_figures_is_not_removed_until_they_are():
    figure = add()
    # Figures stay, also where they do not count any more.
    make_indicator(measure={"kind": "events"}, stored=True)
    with pytest.raises(Conflict) as refusal:
        remove_row(PROJECT, "indicators", LEAFLETS, edit=edit_now(), now=NOW)
    assert (refusal.value.problem.code, refusal.value.problem.values) == ("indicator-with-figures", {"number": 1})
    with pytest.raises(Conflict):
        change_figure((PROJECT, LEAFLETS, figure), DRAFT, file=None, version=1, now=NOW)
    remove_figure((PROJECT, LEAFLETS, figure), version=1, now=NOW)
    remove_row(PROJECT, "indicators", LEAFLETS, edit=edit_now(), now=NOW)
    with pytest.raises(NotFound):
        get_indicator(PROJECT, LEAFLETS)


def test_an_indicator_that_events_are_excluded_from_is_not_removed():
    event_id = make_event()
    with transaction() as session:
        row = Exclusion(event_id=event_id, indicator_id=get_indicator(PROJECT, LEAFLETS).id)
        row.reason, row.actor, row.made_at = "Counted elsewhere.", "command line", NOW
        session.add(row)
    with pytest.raises(Conflict) as refusal:
        remove_row(PROJECT, "indicators", LEAFLETS, edit=edit_now(), now=NOW)
    assert refusal.value.problem.code == "indicator-with-exclusions"
    assert get_indicator(PROJECT, LEAFLETS).key == LEAFLETS


def test_a_copied_project_has_the_indicator_and_none_of_its_figures():
    add(file=keep())
    facts = {
        "code": "COPY-1",
        "title": {"en": "The next one"},
        "start": date(2028, 1, 1),
        "last_day": DAY.replace(2029),
    }
    copy_project(PROJECT, facts, keep_budgets=True, user_id=make_user(), now=NOW)
    assert get_indicator("COPY-1", LEAFLETS).measure == {"kind": "manual"}
    assert (list_figures("COPY-1"), len(list_figures(PROJECT))) == ([], 1)
