"""Files of expenditure beside what has changed around it: corrections of what is certified, events that moved."""

import pytest

from portal.core.db import transaction
from portal.core.errors import Conflict
from portal.imports.queries import get_kind
from portal.imports.services.checking import check_file
from tests.integration.budget.spending import (
    TRAVEL,
    bring,
    check,
    counts,
    exported,
    faults,
    item,
    references,
    request,
    write_csv,
)
from tests.make import make_event, make_project, place_event


@pytest.fixture(autouse=True)
def project(in_app) -> None:
    make_project()


def test_only_what_is_certified_is_corrected_and_what_is_corrected_already_stays_so(tmp_path):
    bring(tmp_path, TRAVEL)
    correction = {**TRAVEL, "internal_reference": "K-2", "invoice_number": "2", "corrects": "K-1"}
    path = write_csv(tmp_path / "a.csv", [correction])
    assert faults(check(path)) == [(2, "corrects", "item-corrects")]
    # Nor what the same file brings, before or after, in a circle or not.
    both = [{**TRAVEL, "corrects": "K-2"}, correction]
    assert faults(check(write_csv(tmp_path / "b.csv", both))) == [
        (2, "corrects", "item-corrects-unknown"),
        (3, "corrects", "item-corrects"),
    ]
    certify("K-1")
    bring(tmp_path, correction)
    assert item("K-2").corrects_id == item("K-1").id
    # What it corrects is being controlled anew: the correction can still be mended.
    certify("K-1", "submitted")
    bring(tmp_path, {**correction, "declared_amount": "-5"})
    assert (item("K-2").corrects_id, item("K-2").declared_cents) == (item("K-1").id, -500)


def test_what_is_certified_no_more_when_the_file_is_stored_is_not_corrected(tmp_path):
    bring(tmp_path, TRAVEL)
    certify("K-1")
    correction = {**TRAVEL, "internal_reference": "K-2", "invoice_number": "2", "corrects": "K-1"}
    path = write_csv(tmp_path / "a.csv", [correction])
    plan = check_file(get_kind("expenditure"), request(), path, "a.csv").plan
    certify("K-1", "submitted")
    with pytest.raises(Conflict) as caught, transaction() as session:
        get_kind("expenditure").store(session, 1, plan, request().now)
    assert caught.value.problem.code == "import-stale"
    assert references() == ["K-1"]


def certify(reference: str, state: str = "certified") -> None:
    """Let the item be in this state, as its report makes it."""
    with transaction():
        row = item(reference)
        row.state, row.report_number, row.eur_cents = state, 1, row.declared_cents


def test_an_item_stays_where_it_is_though_its_event_has_moved(tmp_path):
    event_id = make_event(ref="E-1")
    bring(tmp_path, {**TRAVEL, "work_package": "", "activity": "", "event": "E-1"})
    place_event(event_id, "2.4")
    stated = {name: str(value) for name, value in exported()[0].items() if value not in (None, "")}
    assert stated["activity"] == "1.1"
    assert counts(check(write_csv(tmp_path / "a.csv", [stated]))) == (0, 0, 1)
    changed = {**stated, "declared_amount": "99"}
    assert counts(check(write_csv(tmp_path / "b.csv", [changed]))) == (0, 1, 0)
    # Another activity than both is judged.
    wrong = check(write_csv(tmp_path / "c.csv", [{**stated, "activity": "2.3"}]))
    assert faults(wrong) == [(2, "event", "item-event-of-another-activity")]
