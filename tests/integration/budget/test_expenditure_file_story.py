"""A year of costs out of a spreadsheet: two rows refused, then stored with what is wrong with it, then evidenced."""

import pytest

from portal.budget.models import ItemEvidence
from portal.core.db import transaction
from portal.core.files.models import StoredFile
from portal.core.sentences import sentence
from portal.core.tables.problems import RowProblem
from tests.conftest import NOW
from tests.integration.budget.spending import TRAVEL, Row, check, counts, faults, item, references, warnings, write_csv
from tests.make import make_project

HASH = "a" * 64


@pytest.fixture(autouse=True)
def project(in_app) -> None:
    make_project()


def year() -> list[Row]:
    """Ten trips, one a month in 2026; the first was invoiced before the project, the last repeats the second."""
    rows: list[Row] = [
        {
            **TRAVEL,
            "internal_reference": f"K-{month:02}",
            "invoice_number": f"FV {month:03}/2026",
            "invoice_date": f"2026-{month:02}-05",
            "payment_date": f"2026-{month:02}-15",
        }
        for month in range(1, 11)
    ]
    rows[0] |= {"invoice_date": "2025-12-05"}
    rows[9] |= {"invoice_number": "fv-2-2026"}
    return rows


def give_evidence(*items: str) -> None:
    """Prove these items."""
    with transaction() as session:
        session.add(StoredFile(sha256=HASH, size_bytes=1, media_type="application/pdf", stored_at=NOW))
        session.flush()
        for each in items:
            proof = {"kind": "invoice", "filename": f"{each}.pdf", "added_at": NOW}
            session.add(ItemEvidence(item_id=item(each).id, sha256=HASH, **proof))


def says(problem: RowProblem) -> str:
    return sentence(problem.problem)


def test_what_is_unreadable_is_refused_and_all_else_is_stored_and_explained(tmp_path):
    bad = year()
    bad[4] |= {"declared_amount": "1,234"}
    bad[6] |= {"payment_date": "2026-02-30"}
    refused = check(write_csv(tmp_path / "year.csv", bad))
    assert faults(refused) == [(6, "declared_amount", "amount-ambiguous"), (8, "payment_date", "cell-no-such-day")]
    assert "thousands or decimals" in says(refused.errors[0])
    assert "does not exist" in says(refused.errors[1])
    assert references() == []

    plan = check(write_csv(tmp_path / "year.csv", year()))
    assert counts(plan) == (10, 0, 0)
    assert warnings(plan) == [
        (2, "invoice_date", "outside-window"),
        (3, "invoice_number", "duplicate-invoice"),
        (11, "invoice_number", "duplicate-invoice"),
    ]
    told = {(each.row, each.problem.code): says(each) for each in plan.problems}
    assert "2026-01-01" in told[2, "outside-window"]
    assert "K-10" in told[3, "duplicate-invoice"]
    assert "K-02" in told[11, "duplicate-invoice"]

    give_evidence(*(f"K-{month:02}" for month in range(4, 11)))
    again = check(tmp_path / "year.csv")
    assert counts(again) == (0, 0, 10)
    assert [row for row, _, code in warnings(again, but="") if code == "no-evidence"] == [2, 3, 4]
