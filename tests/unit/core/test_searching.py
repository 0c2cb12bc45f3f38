"""Words are found as people type them: without capitals, without diacritics, in any order."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.searching import fold, holds_all, long_enough, search_words

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
LITHUANIAN_AND_POLISH = "ąčęėįšųūžćłńóśźżĄČĘĖĮŠŲŪŽĆŁŃÓŚŹŻ"
WRITTEN = st.text(st.sampled_from(LITHUANIAN_AND_POLISH + "abcxyzABCXYZ 0123456789.-"), max_size=40)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Kaišiadorys", "kaisiadorys"),
        ("ŁÓDŹ", "lodz"),
        ("Okręgowy Inspektorat Służby Więziennej", "okregowy inspektorat sluzby wieziennej"),
        ("Lietuvos kalėjimų tarnyba", "lietuvos kalejimu tarnyba"),
        ("Đorđe Ørsted", "dorde orsted"),
        ("Straße Æsir", "strasse aesir"),
        ("2025–2027", "2025-2027"),
        ("ﬁnal №1", "final no1"),
        ("", ""),
    ],
)
def test_capitals_and_diacritics_make_no_difference(written: str, folded: str):
    assert fold(written) == folded


def test_every_lithuanian_and_polish_letter_folds_to_a_plain_one():
    plain = "aceeisuuzclnoszz"
    assert fold(LITHUANIAN_AND_POLISH) == plain * 2


@given(TEXTS)
def test_folding_twice_changes_nothing_more(text: str):
    assert fold(fold(text)) == fold(text)


@given(TEXTS)
def test_composed_and_decomposed_texts_fold_alike(text: str):
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(WRITTEN, WRITTEN, WRITTEN)
def test_any_part_of_a_text_is_found_in_it_in_any_case(before: str, part: str, after: str):
    text = before + part + after
    for typed in (part, part.upper(), part.lower(), fold(part)):
        assert holds_all(search_words(typed), text)


@given(st.lists(st.sampled_from(["seminaras", "Łódź", "2.4", "Kaunas"]), min_size=1))
def test_the_order_of_the_words_makes_no_difference(words: list[str]):
    text = "Kaunas: seminaras Łódź, 2.4"
    assert holds_all(search_words(" ".join(words)), text)
    assert holds_all(search_words(" ".join(reversed(words))), text)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("volleyball", True),
        ("Tinklinio TURNYRAS", True),
        ("turniej tinklinio", True),
        ("siatkowki v1", True),
        ("volleyball football", False),
        ("v1 v2", False),
    ],
)
def test_every_word_must_occur_in_one_of_the_texts(query: str, found: bool):
    texts = ("V1", "Volleyball tournament", "Tinklinio turnyras", "Turniej siatkówki")
    assert holds_all(search_words(query), *texts) is found


def test_a_word_does_not_run_over_from_one_text_into_the_next():
    assert not holds_all(search_words("v1volley"), "V1", "Volleyball")


@pytest.mark.parametrize(
    ("query", "words", "enough"),
    [
        ("", (), False),
        (" \t\n ", (), False),
        ("´", (), False),
        ("ž", ("z",), False),
        ("Ža", ("za",), True),
        ("v 1", ("v", "1"), True),
        ("Kaunas KAUNAS kaunas", ("kaunas",), True),
    ],
)
def test_what_was_typed_is_taken_apart_into_words(query: str, words: tuple[str, ...], enough: bool):
    assert (search_words(query), long_enough(search_words(query))) == (words, enough)
