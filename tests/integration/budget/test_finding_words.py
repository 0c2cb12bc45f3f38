"""Findings in words: every one has a title, a sentence and a source, plain for files and in the page's language."""

from datetime import date
from random import Random

import pytest
from flask import Flask
from flask_babel import force_locale

from portal.budget.queries.findings import load_register
from portal.budget.rules.findings import AT_SUBMISSION, SEVERITIES, Finding, judge
from portal.budget.wording import SOURCES, TITLES, said
from portal.core.errors import Problem
from portal.core.sentences import Cases, sentence
from tests.conftest import NOW
from tests.integration.budget.findings import fill_register
from tests.make import PROJECT, make_project

LATE = {"case": "payment_late", "day": date(2028, 2, 1), "limit": date(2027, 12, 31), "assumed": False}


def test_every_finding_has_a_title_and_a_source():
    assert TITLES.keys() == SEVERITIES.keys()
    assert SOURCES.keys() | {"over-category"} == SEVERITIES.keys()


def test_every_finding_of_a_register_is_said_plain_and_in_words(in_app: Flask):
    make_project()
    fill_register(Random(4), 120)
    found = [each for some in judge(load_register(PROJECT, NOW.date())).values() for each in some]
    assert len({each.code for each in found}) > 8
    for finding in found:
        for words in (said(finding), said(finding, plain=True)):
            assert words.message.endswith(".")
            assert "%(" not in words.message + words.source
            assert words.blocks_submission == (finding.code in AT_SUBMISSION)


def test_days_are_written_as_the_language_writes_them_and_plain_as_files_do(in_app: Flask):
    late = Finding("outside-window", "blocks", LATE)
    with force_locale("en"):
        assert said(late).message.startswith("It was paid on 1 February 2028, but costs had to be paid by 31 December")
        assert said(late, plain=True).message.startswith("It was paid on 2028-02-01, but costs had to be paid by 2027-")
        assert not said(late).source.endswith("(assumed)")
        assert said(late._replace(values={**LATE, "assumed": True})).source.endswith("(assumed)")


@pytest.mark.parametrize(
    ("finding", "label"),
    [
        (Finding("unpaid", "warns", {}, blocks_submission=True), "Warning, blocks submission"),
        (Finding("paid-before-invoice", "warns", {"payment": NOW.date(), "invoice": NOW.date()}), "Warning"),
        (Finding("not-associated", "blocks"), "Blocks the report"),
    ],
)
def test_how_severe_it_is_stands_in_words(in_app: Flask, finding: Finding, label: str):
    with force_locale("en"):
        assert said(finding).label == label


@pytest.mark.parametrize(
    ("scope", "source"),
    [
        ("category", "Rules of the project: flexibility of 20.00 % of the category's budget (assumed)"),
        ("partner", "Rules of the project: flexibility of 20.00 % of the partner's budget (assumed)"),
        ("", "Rules of the project: the partner's budget by category (assumed)"),
    ],
)
def test_the_flexibility_is_named_as_the_source(in_app: Flask, scope: str, source: str):
    values = {"scope": scope, "percent": 2_000, "assumed": True, "category": "external"}
    amounts = {"sum": "3.00 EUR", "budget": "1.00 EUR", "limit": "1.20 EUR"}
    with force_locale("en"):
        words = said(Finding("over-category", "warns", {**values, **amounts}))
    assert words.source == source
    assert "“External expertise and services”" in words.message


def test_a_case_that_is_no_longer_known_is_said_as_the_first_one(in_app: Flask):
    cases = Cases(one="One.", two="Two.")
    assert (cases.of("two"), cases.of("three"), str(cases)) == ("Two.", "One.", "One. Two.")
    kept = {"case": "of an earlier version", "references": "K-1"}
    assert "K-1" in sentence(Problem("duplicate-invoice", "invoice_number", kept))
