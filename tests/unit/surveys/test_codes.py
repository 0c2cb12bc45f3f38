"""The code that people build of themselves, and personal codes, as they are compared."""

import pytest

from portal.core.errors import InvalidInput, InvalidInputs
from portal.surveys.rules.codes import check_typed, element_hashes, normal_element
from portal.surveys.rules.secrets import (
    code_hash,
    normal_code,
    normal_link,
    sitting_hash,
    written_code,
    written_link,
)

ELEMENTS = ("c1", "c2", "c3")


@pytest.mark.parametrize(
    ("typed", "same"),
    [("S", "š"), ("Ł", "l"), ("Ž ", "z"), ("07", "7"), ("0", "00"), ("A-b", "ab"), (" ", ""), ("ė", "E")],
)
def test_elements_are_the_same_however_they_are_typed(typed: str, same: str):
    assert normal_element(typed) == normal_element(same)


def test_different_elements_differ():
    assert len({normal_element(each) for each in ("a", "b", "7", "70", "0", "")}) == 6


def test_each_element_is_hashed_with_secret_salt_and_its_place():
    hashes = element_hashes("secret", "salt", ELEMENTS, {"c1": "a", "c2": "a"})
    assert hashes[0] != hashes[1]
    assert hashes[2] == ""
    assert element_hashes("secret", "salt", ELEMENTS, {"c1": "Ą", "c2": "a"}) == hashes
    assert element_hashes("other", "salt", ELEMENTS, {"c1": "a"})[0] != hashes[0]
    assert element_hashes("secret", "other", ELEMENTS, {"c1": "a"})[0] != hashes[0]
    assert element_hashes("secret", "salt", ELEMENTS, {"c1": " "}) == []


def test_elements_that_are_too_long_or_not_asked_are_named():
    with pytest.raises(InvalidInputs) as refusal:
        element_hashes("secret", "salt", ELEMENTS, {"c1": "x" * 41, "c9": "a"})
    assert [(each.code, each.where) for each in refusal.value.problems] == [
        ("code-not-asked", "c9"),
        ("code-too-long", "c1"),
    ]
    with pytest.raises(InvalidInput):
        normal_element("x" * 41)
    with pytest.raises(InvalidInputs):
        check_typed({"c1": "Ona"})


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("c1", "O"),
        ("c1", "š"),
        ("c1", "s\u030c"),
        ("c1", "L."),
        ("c3", " 31 "),
        ("c3", "07"),
        ("c4", "0"),
        ("c7", "12."),
    ],
)
def test_a_letter_or_a_number_is_taken_where_it_is_asked(key: str, typed: str):
    check_typed({key: typed, "c8": ""})


@pytest.mark.parametrize(
    ("key", "typed", "code"),
    [
        ("c1", "7", "code-not-letter"),
        ("c1", "Ch", "code-not-letter"),
        ("c2", "?", "code-not-letter"),
        ("c3", "ą", "code-not-number"),
        ("c3", "0", "code-not-number"),
        ("c3", "32", "code-not-number"),
        ("c3", "-5", "code-not-number"),
        ("c4", "21", "code-not-number"),
        ("c7", "13", "code-not-number"),
    ],
)
def test_what_is_not_asked_is_refused_at_its_element(key: str, typed: str, code: str):
    with pytest.raises(InvalidInputs) as refusal:
        check_typed({key: typed})
    assert [(each.code, each.where) for each in refusal.value.problems] == [(code, key)]


def test_a_link_is_short_and_the_same_however_it_is_typed():
    assert written_link("k7qf3mxtp0") == "k7qf3-mxtp0"
    assert normal_link("K7QF3-MXTP0") == "k7qf3mxtp0"
    assert normal_link("K7QF3-MXTPo") == "k7qf3mxtp0"
    assert normal_link("trust-baseline-token") == ""
    assert written_link("trust-baseline-token") == "trust-baseline-token"


def test_a_personal_code_is_the_same_however_it_is_typed():
    code = "ABCD0123EFGH4567"
    assert written_code(code) == "ABCD-0123-EFGH-4567"
    for typed in (written_code(code), " abcd 0123 efgh 4567", "ABCDO123EFGH4567"):
        assert normal_code(typed) == code
    for wrong in ("", "ABCD", "ABCD-0123-EFGH-456?", "trust-baseline-token", "A" * 5_000_000):
        assert normal_code(wrong) == ""


def test_a_sitting_belongs_to_the_code_it_began_with():
    assert sitting_hash("secret", "one") != sitting_hash("secret", "two")
    assert code_hash("one") not in sitting_hash("secret", "one")
