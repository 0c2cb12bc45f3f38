"""What a row of a file of expenditure comes to beside what is stored."""

import pytest

from portal.budget.rules.imports import StoredItem, as_stated, named_currency
from tests.make import CATERING


def test_a_new_item_is_kept_as_it_is_stated():
    assert as_stated(CATERING, None) == CATERING


def test_texts_that_a_file_cannot_tell_apart_stay_as_they_were_written():
    stored = CATERING._replace(description="Two\nlines", supplier="Catering  and Sons")
    assert as_stated(CATERING._replace(description="Two lines"), stored) == stored
    assert as_stated(CATERING._replace(description="Others"), stored).description == "Others"


@pytest.mark.parametrize(
    ("text", "currency"),
    [("5", ""), ("€ 5", "EUR"), ("5 eur", "EUR"), ("-12,30 zł", "PLN"), ("PLN 1 234,56", "PLN"), ("1 234,56", "")],
)
def test_the_currency_that_an_amount_names_is_noticed(text, currency):
    assert named_currency(text) == currency


@pytest.mark.parametrize(
    ("state", "editable"),
    [("open", True), ("in_report", True), ("submitted", False), ("certified", False), ("parked", False)],
)
def test_what_has_been_submitted_changes_no_more(state, editable):
    assert StoredItem(1, 1, state, CATERING).is_editable is editable
