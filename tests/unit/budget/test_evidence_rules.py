"""Which item a file belongs to by its name, and what the file is."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.budget.rules.evidence import (
    KIND_WORDS,
    Ambiguous,
    Found,
    check_adding,
    check_removing,
    find_reference,
    first_kind,
    index_references,
    kind_of,
)
from portal.budget.rules.items import ITEM_EVIDENCE_KINDS, ITEM_STATES
from portal.core.errors import Conflict

REFERENCES = ["K-1", "K-17", "K-17/2", "FV 001/2026", "Žaliūkas 3", "42", "---", "Ł-5", "l_5"]


def found(name: str, references: list[str] | None = None) -> str | tuple[str, ...] | None:
    """The reference that is found; all of them where there are several."""
    match = find_reference(name, index_references(REFERENCES if references is None else references))
    return match.references if isinstance(match, Ambiguous) else match and match.reference


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("K-17.pdf", "K-17"),
        ("k_17.PDF", "K-17"),
        ("K 17 (2).pdf", "K-17"),
        ("K17.pdf", "K-17"),
        ("K-17_invoice.pdf", "K-17"),
        ("K-17 2.pdf", "K-17/2"),
        ("K-17-2 payment.pdf", "K-17/2"),
        ("K-17-3.pdf", "K-17"),
        ("K-1.pdf", "K-1"),
        ("K-1 17.pdf", "K-1"),
        ("K-1.invoice.pdf", "K-1"),
        ("2026/March/K-17.pdf", "K-17"),
        ("2026\\March\\K-17.pdf", "K-17"),
        ("FV_001_2026.pdf", "FV 001/2026"),
        ("zaliukas-3.pdf", "Žaliūkas 3"),
        (unicodedata.normalize("NFD", "Žaliūkas 3.pdf"), "Žaliūkas 3"),
        ("42.pdf", "42"),
        ("42", "42"),
    ],
)
def test_a_file_finds_the_longest_reference_that_its_name_begins_with(name, reference):
    assert found(name) == reference


@pytest.mark.parametrize(
    "name", ["K-18.pdf", "K-1b.pdf", "K-171.pdf", "invoice K-17.pdf", "FV 1 2026.pdf", "421.pdf", "---.pdf", ".pdf", ""]
)
def test_a_file_of_another_name_finds_nothing(name):
    assert found(name) is None


def test_a_number_in_brackets_counts_copies_unless_a_reference_ends_so():
    assert found("K-17 (2).pdf", ["K-17", "K-17 2"]) == "K-17"
    assert found("K-17 (2).pdf", ["K-17", "K-17 (2)"]) == "K-17 (2)"
    assert found("K-17 (2) (3).pdf", ["K-17", "K-17 (2)"]) == "K-17 (2)"


def test_of_references_written_alike_the_one_written_as_in_the_name_is_meant():
    alike = ["K-17", "K 17", "k17"]
    assert [found(f"{each} x.pdf", alike) for each in alike] == alike
    assert found("K_17.pdf", alike) == ("K-17", "K 17", "k17")
    assert found("L5.pdf") == ("Ł-5", "l_5")


def test_a_separator_inside_a_number_leaves_open_which_reference_is_meant():
    alike = ["A-1", "A-10", "A-12"]
    assert found("A_1_0.pdf", alike) == ("A-1", "A-10")
    assert found("A-1 2.pdf", alike) == ("A-1", "A-12")
    assert found("A-1 3.pdf", alike) == "A-1"
    assert found("A-1 invoice.pdf", alike) == "A-1"
    assert found("A-10.pdf", alike) == "A-10"
    assert found("A 1 0.pdf", ["A-10"]) is None


@given(st.text(max_size=40), st.lists(st.text(max_size=12), max_size=5))
def test_whatever_the_names_nothing_fails_and_only_references_are_found(name, references):
    match = find_reference(name, index_references(references))
    if isinstance(match, Found):
        assert match.reference in references
        assert unicodedata.normalize("NFC", name).find(match.rest) >= 0


@given(st.text("Kk17-_ /", min_size=1, max_size=8))
def test_a_file_named_as_its_reference_alone_finds_it(reference):
    expected = reference if any(each.isalnum() for each in reference) else None
    assert found(f"{reference.replace('/', '_')}.pdf", [reference]) == expected


@pytest.mark.parametrize(
    ("rest", "kind"),
    [
        ("", "invoice"),
        (" (2)", "invoice"),
        ("_invoice", "invoice"),
        (" faktura", "invoice"),
        (" sąskaita-faktūra", "invoice"),
        (" przelew", "payment"),
        (" Mokėjimo nurodymas", "payment"),
        ("-PAYMENT-2", "payment"),
        (" umowa", "contract"),
        (" sutartis", "contract"),
        (" protokół odbioru", "delivery"),
        (" timesheet March", "timesheet"),
    ],
)
def test_a_word_in_the_name_says_what_the_file_is(rest, kind):
    assert kind_of(rest, "external") == kind


def test_of_staff_there_is_no_invoice():
    assert (kind_of("", "staff"), kind_of(" tabelis", "staff")) == ("other", "timesheet")
    assert (first_kind("staff"), first_kind("travel")) == ("timesheet", "invoice")
    assert KIND_WORDS.keys() < set(ITEM_EVIDENCE_KINDS)


def test_evidence_may_come_until_the_certificate_and_go_until_the_item_is_submitted():
    def allowed(check):
        states = []
        for state in ITEM_STATES:
            try:
                check(state)
            except Conflict:
                continue
            states.append(state)
        return states

    assert allowed(check_adding) == ["open", "in_report", "submitted", "parked"]
    assert allowed(check_removing) == ["open", "in_report"]
