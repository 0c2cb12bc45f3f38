"""Taking back what a file of expenditure brought, and what the audit keeps of it."""

import pytest
from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.budget.models import ItemEvidence
from portal.budget.services.contracts import add_contract, remove_contract
from portal.budget.services.items import change_items
from portal.core.db import db, transaction
from portal.core.errors import Conflict
from portal.core.files.models import StoredFile
from tests.conftest import NOW
from tests.integration.budget.contracts import CATERING
from tests.integration.budget.spending import TRAVEL, bring, item, references, take_back
from tests.make import PROJECT, make_item, make_project

OTHER = {**TRAVEL, "internal_reference": "K-2", "invoice_number": "2"}


@pytest.fixture(autouse=True)
def project(in_app) -> None:
    make_project()


def refusal(import_id: int) -> tuple[str, dict[str, object]]:
    with pytest.raises(Conflict) as caught:
        take_back(import_id)
    db.session.rollback()
    return caught.value.problem.code, dict(caught.value.problem.values)


def changes_of(reference: str) -> list[tuple[str, dict[str, list[object]]]]:
    label = f"ols {reference}"
    rows = select(AuditEntry).where(AuditEntry.subject == label, AuditEntry.subject_kind == "item")
    return [(row.action, row.changes) for row in db.session.scalars(rows.order_by(AuditEntry.id))]


def test_new_items_go_again_and_changed_ones_are_as_they_were(tmp_path):
    bring(tmp_path, TRAVEL)
    second = bring(tmp_path, {**TRAVEL, "declared_amount": "900", "payment_date": ""}, OTHER)
    take_back(second)
    row = item()
    assert references() == ["K-1"]
    assert (row.declared_cents, str(row.payment_date), row.version) == (100000, "2026-03-20", 3)
    assert row.order_key == "2026-03-10 K-1"


def test_an_import_is_not_undone_over_changes_made_since(tmp_path):
    first = bring(tmp_path, TRAVEL)
    bring(tmp_path, {**TRAVEL, "declared_amount": "900"})
    assert refusal(first)[0] == "import-rows-taken-over"


def test_an_import_is_not_undone_over_files_corrections_and_submitted_items(tmp_path):
    import_id = bring(tmp_path, TRAVEL, OTHER)
    with transaction() as session:
        session.add(StoredFile(sha256="a" * 64, size_bytes=1, media_type="application/pdf", stored_at=NOW))
        session.flush()
        evidence = ItemEvidence(item_id=item("K-1").id, kind="invoice", sha256="a" * 64, filename="a.pdf")
        evidence.added_at = NOW
        session.add(evidence)
    make_item("ols", "K-3", corrects_id=item("K-1").id, declared_cents=-1)
    with transaction():
        row = item("K-2")
        row.state, row.report_number, row.eur_cents = "submitted", 1, row.declared_cents
    assert refusal(import_id) == ("item-import-depended-on", {"submitted": 1, "files": 1, "corrections": 1})
    assert references() == ["K-1", "K-2", "K-3"]


def test_the_audit_tells_of_each_item_what_the_file_changed_and_of_staff_no_details(tmp_path):
    salary = {
        "internal_reference": "S-1",
        "category": "staff",
        "description": "J. D., March",
        "declared_amount": "2000",
    }
    bring(tmp_path, {**TRAVEL, "activity": "1.1"}, salary)
    second = bring(tmp_path, {**TRAVEL, "declared_amount": "900"}, {**salary, "description": "J. D., April"})
    take_back(second)
    made, changed, back = changes_of("K-1")
    assert made[0] == "item_imported"
    assert made[1]["declared_amount"] == [None, "1000.00"]
    assert made[1]["activity"] == [None, "1.1"]
    assert changed == ("item_imported", {"declared_amount": ["1000.00", "900.00"]})
    assert back == ("item_import_undone", {"declared_amount": ["900.00", "1000.00"]})
    assert "J. D." not in str(changes_of("S-1"))
    assert changes_of("S-1")[1] == ("item_imported", {"salary_details": ["changed", "changed"]})


def test_what_an_item_named_before_the_import_and_is_gone_keeps_it_from_being_undone(tmp_path):
    bring(tmp_path, {**TRAVEL, "activity": "", "contract": ""})
    contract_id = add_contract(PROJECT, "ols", CATERING, now=NOW)
    change_items(PROJECT, {item().id: item().version}, {"contract_id": contract_id}, now=NOW)
    second = bring(tmp_path, {**TRAVEL, "activity": "", "contract": "", "description": "Another bus"})
    db.session.expire_all()
    assert item().contract_id is None
    remove_contract(PROJECT, contract_id, version=1, now=NOW)
    with pytest.raises(Conflict, match="item-import-undo-gone"):
        take_back(second)
    assert item().description == "Another bus"
