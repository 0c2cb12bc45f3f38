"""Items at the edge: the longest names, what is gone by now, deleting what has grown, and long histories."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.accounts.rules import Role
from portal.budget.models import Contract, ExpenditureItem
from portal.budget.queries.items import draft_of, find_item, get_item
from portal.budget.rules.items import LONGEST_KEY, invoice_key, name_key, order_key, tax_key
from portal.budget.services import items as services
from portal.budget.services.evidence import add_evidence
from portal.budget.services.items import add_item, change_item, remove_item
from portal.core.db import db
from portal.core.errors import Conflict
from portal.core.money import Cents
from tests.conftest import NOW
from tests.integration.pages import links_of, page_text, read_fields, read_summary
from tests.integration.projects.figures import keep
from tests.make import CATERING, PROJECT, make_item, make_project, sign_in_as

ITEM = f"/projects/{PROJECT}/expenditure/1"


@pytest.fixture
def project(app: Flask, monkeypatch, tmp_path) -> Flask:
    monkeypatch.setitem(app.config, "DATA_DIR", tmp_path / "data")
    with app.app_context():
        make_project()
        make_item("lps", "K-1")
    return app


@pytest.mark.parametrize(("letter", "spelled"), [("ß", "ss"), ("ﬃ", "ffi"), ("ﷺ", "صلى الله عليه وسلم")])
def test_names_that_grow_when_their_letters_are_spelled_out_are_stored(project: Flask, letter: str, spelled: str):
    stated = CATERING._replace(
        internal_reference="ﬃ" * 60, supplier=letter * 300, supplier_tax_number=letter * 40, invoice_number=letter * 100
    )
    with project.app_context():
        add_item(PROJECT, "lps", stated, now=NOW)
        db.session.expire_all()
        item = find_item(PROJECT, "lps", "ﬃ" * 60)
        assert item is not None
        assert item.supplier == letter * 300
        row = db.session.get_one(ExpenditureItem, item.id)
        assert max(len(row.name_key), len(row.tax_key), len(row.invoice_key)) <= LONGEST_KEY
        assert row.name_key == name_key(spelled * 300)
        assert row.tax_key == tax_key(letter * 40)
        assert row.invoice_key == invoice_key(letter * 100)
        assert len(row.order_key) == len(order_key("ﬃ" * 60, CATERING.invoice_date, None)) == 71


def test_keys_that_differ_behind_what_is_kept_of_them_still_differ():
    assert name_key("ß" * 200) == name_key("SS" * 200)
    assert name_key("ß" * 200) != name_key("ß" * 199)
    assert name_key("a" * 300) == "a" * 300
    assert len(name_key("a" * 301)) < LONGEST_KEY


def test_an_item_to_which_files_came_since_the_page_was_opened_is_not_deleted(project: Flask):
    browser = sign_in_as(project, Role.FINANCE, "lps")
    fields = read_fields(browser.get(f"{ITEM}/remove"))
    with project.app_context():
        add_evidence(PROJECT, 1, "invoice", [keep()], now=NOW)
    refused = browser.post(f"{ITEM}/remove", data=fields)
    assert refused.status_code == 409
    assert read_summary(refused)[0].startswith("Files have been attached to this item since you opened this page.")
    assert "With it goes 1 file" in page_text(refused)
    assert browser.post(f"{ITEM}/remove", data=read_fields(refused)).status_code == 302
    with project.app_context():
        assert db.session.scalars(select(ExpenditureItem)).all() == []


def test_what_names_an_item_by_now_keeps_it(project: Flask, monkeypatch):
    """Between the look at its corrections and the deletion only another program can come."""
    monkeypatch.setattr(services, "list_corrections", lambda item_id: [])
    with project.app_context():
        make_item("lps", "K-2", corrects_id=1)
        with pytest.raises(Conflict, match="item-in-use"):
            remove_item(PROJECT, 1, version=1, now=NOW)
        assert get_item(PROJECT, 1).internal_reference == "K-1"


def test_what_an_item_names_and_is_gone_is_told(project: Flask, monkeypatch):
    with project.app_context():
        draft = draft_of(get_item(PROJECT, 1))._replace(contract_id=99)
        monkeypatch.setattr(services, "check_draft", lambda stated, *known, **taken: stated)
        with pytest.raises(Conflict, match="item-names-gone") as told:
            change_item(PROJECT, 1, draft, version=1, now=NOW)
        assert isinstance(told.value.__cause__, IntegrityError)
        assert db.session.scalars(select(Contract)).all() == []
        assert get_item(PROJECT, 1).contract_id is None


def test_a_long_history_says_how_much_of_it_is_shown_and_where_the_rest_is(project: Flask):
    with project.app_context():
        for version in range(1, 53):
            draft = draft_of(get_item(PROJECT, 1))._replace(declared_cents=Cents(version))
            change_item(PROJECT, 1, draft, version=version, now=NOW)
    told = "These are the latest 50 of 52 entries."
    manager = sign_in_as(project, Role.MANAGER).get(ITEM)
    assert told in page_text(manager)
    assert links_of(manager)["Show the whole history"] == f"/projects/{PROJECT}/audit?kind=item&subject_id=1"
    finance = sign_in_as(project, Role.FINANCE, "lps").get(ITEM)
    assert told in page_text(finance)
    assert "Show the whole history" not in links_of(finance)
