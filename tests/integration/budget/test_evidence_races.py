"""Two people at the same item or contract at the same moment: one act, and words or nothing new for the other."""

import io

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.budget.models import Contract, ExpenditureItem, ItemEvidence
from portal.budget.queries.evidence import get_batch
from portal.budget.services.contracts import add_contract, change_contract, remove_contract
from portal.budget.services.evidence import add_evidence, attach_batch, remove_evidence, sort_files
from portal.core.db import db
from portal.core.files.checking import Upload
from portal.core.files.queries import list_files
from portal.reports.checks import list_violations
from tests.conftest import NOW
from tests.files import packed, pdf
from tests.integration.activities.test_exclusion_races import told
from tests.integration.budget.contracts import CATERING, keep
from tests.integration.files.test_races import together
from tests.make import PROJECT, make_item, make_project

ROUNDS = 4


@pytest.fixture(autouse=True)
def _items(app: Flask, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "DATA_DIR", tmp_path)
    with app.app_context():
        make_project()
        for number in range(1, 6):
            make_item("ols", f"K-{number}")


def bring(number: int) -> int:
    """A ZIP of five files, one for each item."""
    content = packed({f"K-{each}.pdf": pdf(f"{number} {each}") for each in range(1, 6)})
    files = sort_files(PROJECT, "ols", [Upload("a.zip", io.BytesIO(content))], now=NOW)
    return attach_batch(PROJECT, "ols", files, now=NOW)


def test_the_same_zip_brought_twice_at_once_attaches_each_file_once(app):
    for number in range(ROUNDS):
        batches = together(app, lambda number=number: bring(number), lambda number=number: bring(number))
        with app.app_context():
            said = [[each["outcome"] for each in get_batch(PROJECT, batch).outcomes] for batch in batches]
            assert sorted(said) == [["attached"] * 5, ["attached-already"] * 5]
            assert len(db.session.scalars(select(ItemEvidence)).all()) == 5 * (number + 1)
            assert list_violations() == []


def test_one_file_that_is_taken_off_while_it_is_attached_elsewhere_stays_in_the_store(app):
    for _round in range(ROUNDS):
        with app.app_context():
            add_evidence(PROJECT, 1, "invoice", keep(("a.pdf", pdf())), now=NOW)
            (row,) = db.session.scalars(select(ItemEvidence))
            evidence_id = row.id
        together(
            app,
            told(lambda taken=evidence_id: remove_evidence(PROJECT, 1, taken, now=NOW)),
            told(lambda: add_evidence(PROJECT, 2, "invoice", keep(("a.pdf", pdf())), now=NOW) and None),
        )
        with app.app_context():
            (row,) = db.session.scalars(select(ItemEvidence))
            assert (row.item_id, len(list_files()), list_violations()) == (2, 1, [])
            remove_evidence(PROJECT, 2, row.id, now=NOW)


def test_of_contracts_with_one_reference_one_is_stored_and_the_others_are_told(app):
    for number in range(ROUNDS):
        draft = CATERING._replace(reference=f"C-{number}")
        acts = [told(lambda draft=draft: add_contract(PROJECT, "ols", draft, now=NOW) and None) for _ in range(3)]
        assert sorted(together(app, *acts)) == ["", "contract-reference-taken", "contract-reference-taken"]


def test_of_two_contracts_that_take_one_reference_one_gets_it(app):
    with app.app_context():
        ids = [add_contract(PROJECT, "ols", CATERING._replace(reference=f"C-{each}"), now=NOW) for each in range(2)]
    wanted = CATERING._replace(reference="C-9")
    acts = [told(lambda one=one: change_contract(PROJECT, one, wanted, version=1, now=NOW)) for one in ids]
    assert sorted(together(app, *acts)) == ["", "contract-reference-taken"]


def test_of_two_edits_of_one_version_one_is_stored(app):
    with app.app_context():
        contract_id = add_contract(PROJECT, "ols", CATERING, now=NOW)

    def edit(version: int, name: str):
        draft = CATERING._replace(name=name)
        return told(lambda: change_contract(PROJECT, contract_id, draft, version=version, now=NOW))

    for version in range(1, ROUNDS + 1):
        answers = together(app, edit(version, f"{version} a"), edit(version, f"{version} b"))
        assert sorted(answers) == ["", "contract-stale"]


def test_a_contract_that_is_deleted_while_an_item_names_it_is_kept_or_gone_with_nothing_left_behind(app):
    def name_it(contract_id: int):
        def act() -> str:
            try:
                make_item("ols", f"N-{contract_id}", contract_id=contract_id)
            except IntegrityError:
                return "refused by the foreign key"
            return ""

        return act

    for number in range(ROUNDS):
        with app.app_context():
            contract_id = add_contract(PROJECT, "ols", CATERING._replace(reference=f"C-{number}"), now=NOW)
        answers = together(
            app,
            told(lambda gone=contract_id: remove_contract(PROJECT, gone, version=1, now=NOW)),
            name_it(contract_id),
        )
        assert answers in (["", "refused by the foreign key"], ["contract-in-use", ""])
        with app.app_context():
            kept = db.session.get(Contract, contract_id) is not None
            named = db.session.scalars(select(ExpenditureItem).where(ExpenditureItem.contract_id == contract_id)).all()
            assert (kept, len(named)) == (answers[0] != "", 1 if answers[0] else 0)
