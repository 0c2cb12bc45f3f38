"""Entering, changing and deleting items of expenditure: what is stored, what is refused, and what the audit keeps."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.audit.services import Actor, acting_as
from portal.budget.models import Contract, ExpenditureItem, ItemEvidence
from portal.budget.queries.items import draft_of, find_item, get_item
from portal.budget.rules.drafts import ItemDraft
from portal.budget.services import items as services
from portal.budget.services.evidence import add_evidence
from portal.budget.services.items import add_item, change_item, change_items, remove_item
from portal.core.db import db, transaction
from portal.core.errors import Conflict, InvalidInputs, NotFound, PortalError
from portal.core.files.models import StoredFile
from portal.core.money import Cents
from portal.core.sentences import sentences
from portal.projects.models import Activity, Organisation, WorkPackage
from portal.projects.queries import get_project
from portal.projects.services.structure_status import move_project
from tests.conftest import NOW
from tests.integration.projects.figures import keep
from tests.make import (
    CATERING,
    OTHER_PROJECT,
    PROJECT,
    make_event,
    make_import,
    make_item,
    make_other_project,
    make_project,
    place_event,
)

SALARY = CATERING._replace(
    internal_reference="S-1", category="staff", supplier="", supplier_tax_number="", invoice_number="",
    invoice_date=None, description="Salary of a trainer, March",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _project(in_app):
    make_project()


def add(draft: ItemDraft = CATERING, organisation: str = "lps", **changes: Any) -> int:
    return add_item(PROJECT, organisation, draft._replace(**changes), now=NOW)


def change(item_id: int, *, version: int = 1, **changes: Any) -> None:
    draft = draft_of(get_item(PROJECT, item_id))._replace(**changes)
    change_item(PROJECT, item_id, draft, version=version, now=NOW)


def codes(error: pytest.ExceptionInfo[PortalError]) -> list[tuple[str, str]]:
    return [(each.code, each.where) for each in error.value.problems]


def activity_id(number: str) -> int:
    return db.session.scalars(select(Activity.id).where(Activity.number == number)).first() or 0


def entries(action: str) -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


def make_contract(organisation: str = "lps", reference: str = "C-1") -> int:
    with transaction() as session:
        owner = session.scalars(select(Organisation).where(Organisation.key == organisation)).first()
        assert owner is not None
        facts = {"name": "Catering", "amount_cents": Cents(1000_00), "currency": "EUR"}
        row = Contract(organisation_id=owner.id, reference=reference, created_at=NOW, updated_at=NOW, **facts)
        session.add(row)
        session.flush()
        return row.id


def test_an_item_is_stored_with_its_keys_and_who_entered_it():
    with acting_as(Actor(7, "finance@example.org")):
        item_id = add()
    row = get_item(PROJECT, item_id)
    assert draft_of(row) == CATERING
    assert (row.organisation.key, row.state, row.version, row.entered_by) == ("lps", "open", 1, 7)
    assert row.order_key == "2026-03-10 K-1"
    assert (row.tax_key, row.invoice_key) == ("lt100001234", "inv-7-2026")
    [entry] = entries("item_added")
    assert (entry.actor, entry.subject) == ("finance@example.org", "lps K-1")
    assert entry.changes["declared_amount"] == [None, "100.00"]
    assert find_item(PROJECT, "lps", "K-1") is row
    assert find_item(PROJECT, "ols", "K-1") is None


def test_an_associated_partner_and_a_third_currency_are_stored_for_the_findings():
    associated = next(each for each in get_project(PROJECT).organisations if each.role == "associated")
    row = get_item(PROJECT, add(organisation=associated.key, currency="USD"))
    assert (row.organisation.key, row.currency) == (associated.key, "USD")


def test_a_reference_is_taken_in_its_own_organisation_only():
    add()
    with pytest.raises(InvalidInputs) as error:
        add(category="x")
    assert codes(error) == [("item-reference-taken", "internal_reference"), ("unknown-value", "category")]
    assert add(organisation="ols") == 2
    second = add(internal_reference="K-2")
    with pytest.raises(InvalidInputs) as error:
        change(second, internal_reference="K-1")
    assert codes(error) == [("item-reference-taken", "internal_reference")]


def test_a_reference_that_is_taken_at_the_same_moment_is_refused_in_the_same_words(monkeypatch: pytest.MonkeyPatch):
    add()
    monkeypatch.setattr(services, "_taken", lambda *args: [])
    with pytest.raises(InvalidInputs) as error:
        add()
    assert codes(error) == [("item-reference-taken", "internal_reference")]
    assert db.session.scalar(select(ExpenditureItem.id).where(ExpenditureItem.id > 1)) is None


def test_an_item_names_things_of_its_own_project_and_organisation_only():
    make_other_project()
    foreign = make_event(project_code=OTHER_PROJECT)
    theirs = make_contract("ols")
    package = db.session.scalars(select(WorkPackage.id).where(WorkPackage.project_code == OTHER_PROJECT)).first()
    with pytest.raises(InvalidInputs) as error:
        add(event_id=foreign, contract_id=theirs, work_package_id=package)
    assert codes(error) == [
        ("item-work-package-unknown", "work_package"),
        ("item-event-unknown", "event"),
        ("item-contract-unknown", "contract"),
    ]
    with pytest.raises(NotFound):
        add_item(OTHER_PROJECT, "nobody", CATERING, now=NOW)
    with pytest.raises(NotFound):
        change_item(OTHER_PROJECT, add(), CATERING, version=1, now=NOW)


def test_an_event_brings_its_activity():
    event_id = make_event(activity="1.1")
    row = get_item(PROJECT, add(event_id=event_id, contract_id=make_contract()))
    assert (row.activity.number, row.work_package, row.event_id) == ("1.1", None, event_id)
    assert entries("item_added")[0].changes["activity"] == [None, "1.1"]
    assert entries("item_added")[0].changes["contract"] == [None, "C-1"]


def test_only_a_certified_item_of_the_same_organisation_is_corrected():
    certified = {"state": "certified", "report_number": 1, "eur_cents": 100_00}
    ours, theirs = make_item("lps", "P-1", **certified), make_item("ols", "P-1", **certified)
    open_item = make_item("lps", "P-2")
    for wrong in (theirs, open_item, 99):
        with pytest.raises(InvalidInputs) as error:
            add(corrects_id=wrong, declared_cents=Cents(-50_00))
        assert codes(error) == [("item-corrects", "corrects")]
    item_id = add(corrects_id=ours, declared_cents=Cents(-50_00))
    with transaction() as session:
        session.get_one(ExpenditureItem, ours).state = "submitted"
    # What it corrects is being controlled anew: the correction can still be mended.
    change(item_id, description="Less catering")
    with pytest.raises(InvalidInputs):
        change(item_id, version=2, corrects_id=item_id)


def test_a_change_is_stored_once_and_makes_the_item_a_persons():
    item_id = make_item("lps", import_id=make_import())
    change(item_id, declared_cents=Cents(90_00), payment_date=None)
    row = get_item(PROJECT, item_id)
    assert (row.declared_cents, row.version, row.import_id) == (90_00, 2, None)
    assert entries("item_changed")[0].changes == {
        "payment_date": ["2026-03-20", None],
        "declared_amount": ["100.00", "90.00"],
    }
    change(item_id, version=2)
    assert get_item(PROJECT, item_id).version == 2
    with pytest.raises(Conflict) as error:
        change(item_id, version=1, declared_cents=Cents(80_00))
    assert codes(error) == [("item-stale", "")]


def test_another_date_moves_the_item_among_the_others():
    item_id = add()
    change(item_id, invoice_date=date(2026, 5, 1), internal_reference="K-9")
    assert get_item(PROJECT, item_id).order_key == "2026-05-01 K-9"


@pytest.mark.parametrize("state", ["submitted", "certified", "parked"])
def test_what_has_been_submitted_is_neither_changed_nor_deleted(state: str):
    item_id = make_item("lps", state=state, report_number=1, eur_cents=100_00)
    with pytest.raises(Conflict) as error:
        change(item_id, description="Other")
    assert codes(error) == [("item-fixed", "")]
    assert "enter a correction of it instead" in sentences(error.value)[0]
    with pytest.raises(Conflict):
        remove_item(PROJECT, item_id, version=1, now=NOW)
    with pytest.raises(Conflict) as error:
        change_items(PROJECT, {item_id: 1}, {"category": "travel"}, now=NOW)
    assert codes(error) == [("items-fixed", "")]


def test_an_item_in_a_draft_report_may_still_change():
    item_id = make_item("lps", state="in_report", report_number=1)
    change(item_id, description="Other")
    remove_item(PROJECT, item_id, version=2, now=NOW)
    assert db.session.scalars(select(ExpenditureItem)).all() == []


def test_a_closed_project_takes_no_items():
    item_id = add()
    move_project(PROJECT, "closed", version=get_project(PROJECT).version, now=NOW)
    for act in (
        lambda: add(internal_reference="K-2"),
        lambda: change(item_id, description="Other"),
        lambda: change_items(PROJECT, {item_id: 1}, {"category": "travel"}, now=NOW),
        lambda: remove_item(PROJECT, item_id, version=1, now=NOW),
    ):
        with pytest.raises(Conflict) as error:
            act()
        assert codes(error) == [("project-closed", "")]


def test_a_deleted_item_takes_its_evidence_with_it():
    item_id, kept = add(), keep()
    add_evidence(PROJECT, item_id, "invoice", [kept], now=NOW)
    version = get_item(PROJECT, item_id).version
    with pytest.raises(Conflict) as error:
        remove_item(PROJECT, item_id, version=version + 1, now=NOW)
    assert codes(error) == [("item-stale", "")]
    with pytest.raises(Conflict) as error:
        remove_item(PROJECT, item_id, version=version, files=["another"], now=NOW)
    assert codes(error) == [("item-files-added", "")]
    remove_item(PROJECT, item_id, version=version, files=[kept.original.sha256], now=NOW)
    assert db.session.scalars(select(ItemEvidence)).all() == []
    assert db.session.get(StoredFile, kept.original.sha256) is None
    [entry] = entries("item_removed")
    assert entry.changes["file"] == [[kept.original.sha256[:12]], None]
    assert entry.changes["description"] == ["Catering", None]


def test_an_item_changes_though_its_event_belongs_to_another_activity_by_now():
    event_id = make_event()
    item_id = add(event_id=event_id)
    of_event = get_item(PROJECT, item_id).activity_id
    place_event(event_id, "2.4")
    change(item_id, description="Lunch")
    assert change_items(PROJECT, {item_id: 2}, {"category": "travel"}, now=NOW) == 1
    row = get_item(PROJECT, item_id)
    assert (row.description, row.category, row.activity_id, row.event_id) == ("Lunch", "travel", of_event, event_id)
    # The contradiction is judged again as soon as one of the two is stated anew.
    other = next(each.id for each in row.activity.work_package.activities if each.id != of_event)
    with pytest.raises(InvalidInputs) as error:
        change(item_id, version=3, activity_id=other)
    assert codes(error) == [("item-event-of-another-activity", "event")]
    change(item_id, version=3, activity_id=None)
    assert get_item(PROJECT, item_id).activity.number == "2.4"


def test_an_item_that_another_corrects_stays():
    item_id = make_item("lps", "P-1")
    make_item("lps", "P-2", corrects_id=item_id, declared_cents=-1)
    with pytest.raises(Conflict) as error:
        remove_item(PROJECT, item_id, version=1, now=NOW)
    assert (codes(error), error.value.problem.values) == ([("item-corrected", "")], {"references": ["P-2"]})


def test_the_audit_keeps_of_salaries_only_that_they_changed():
    item_id = add(SALARY)
    change(item_id, description="Salary of another trainer", declared_cents=Cents(50_00))
    change(item_id, version=2, category="external")
    remove_item(PROJECT, item_id, version=3, now=NOW)
    assert entries("item_added")[0].changes["salary_details"] == ["changed", "changed"]
    changed = entries("item_changed")
    assert changed[0].changes == {"declared_amount": ["100.00", "50.00"], "salary_details": ["changed", "changed"]}
    assert changed[1].changes == {"category": ["staff", "external"]}
    assert "trainer" not in str([each.changes for each in [*entries("item_added"), *changed]])


def test_several_items_change_at_once_or_none():
    first, second = make_item("lps", "K-1", work_package=1), make_item("ols", "K-1", activity="1.1")
    changes = {"category": "travel", "activity_id": activity_id("2.4"), "payment_date": date(2026, 4, 1)}
    assert change_items(PROJECT, {first: 1, second: 1}, changes, now=NOW) == 2
    for item_id in (first, second):
        row = get_item(PROJECT, item_id)
        assert (row.category, row.activity.number, row.work_package_id, row.version) == ("travel", "2.4", None, 2)
    assert [each.subject for each in entries("item_changed")] == ["lps K-1", "ols K-1"]
    assert change_items(PROJECT, {first: 2, second: 2}, changes, now=NOW) == 0
    with pytest.raises(Conflict) as error:
        change_items(PROJECT, {first: 2, second: 1}, {"currency": "PLN"}, now=NOW)
    assert error.value.problem.values == {"references": ["K-1"]}
    assert get_item(PROJECT, first).currency == "EUR"
    with pytest.raises(NotFound):
        change_items(PROJECT, {first: 2, 99: 1}, {"currency": "PLN"}, now=NOW)


def test_items_that_cannot_take_a_change_are_named_and_nothing_is_stored():
    event_id = make_event(activity="1.1")
    at_event, other = make_item("lps", "K-1", activity="1.1", event_id=event_id), make_item("lps", "K-2")
    with pytest.raises(InvalidInputs) as error:
        change_items(PROJECT, {at_event: 1, other: 1}, {"activity_id": activity_id("2.4")}, now=NOW)
    assert codes(error) == [("items-refused", ""), ("item-event-of-another-activity", "event")]
    assert error.value.problem.values == {"references": ["K-1"]}
    assert get_item(PROJECT, other).activity_id is None
    assert change_items(PROJECT, {at_event: 1, other: 1}, {"event_id": event_id}, now=NOW) == 1
    assert change_items(PROJECT, {at_event: 1}, {"event_id": None}, now=NOW) == 1
    assert get_item(PROJECT, at_event).activity.number == "1.1"
    contract = make_contract("lps")
    theirs = make_item("ols")
    with pytest.raises(InvalidInputs) as error:
        change_items(PROJECT, {other: 2, theirs: 1}, {"contract_id": contract}, now=NOW)
    assert codes(error) == [("items-refused", ""), ("item-contract-unknown", "contract")]
    assert change_items(PROJECT, {other: 2}, {"contract_id": contract}, now=NOW) == 1
