"""What a file's row comes to beside what is stored, decided without a database."""

import unicodedata

import pytest

from portal.activities.rules.imports import Ties, first_text, kept_title, shown_zone
from portal.imports.rules import kept_text, plain, spellings

NOT_STATED = {"lt": None, "pl": None}
BOTH_EMPTY = {"lt": "", "pl": ""}


@pytest.mark.parametrize(
    ("stored", "title", "others", "kept"),
    [
        # A new event: the column title is the English text, whatever else is there.
        ({}, "Workshop", NOT_STATED, {"en": "Workshop"}),
        ({}, "Workshop", {"lt": "Dirbtuvės", "pl": ""}, {"en": "Workshop", "lt": "Dirbtuvės"}),
        ({}, "Same", {"lt": "Same", "pl": None}, {"en": "Same", "lt": "Same"}),
        # Columns that the file lacks keep their text, empty ones take it away.
        ({"en": "Old", "lt": "Sena"}, "New", NOT_STATED, {"en": "New", "lt": "Sena"}),
        ({"en": "Old", "lt": "Sena"}, "New", BOTH_EMPTY, {"en": "New"}),
        # Without an English text, title repeats the first other one: that is no English text.
        ({"lt": "Sena", "pl": "Stara"}, "Sena", {"lt": "Sena", "pl": "Stara"}, {"lt": "Sena", "pl": "Stara"}),
        ({"lt": "Sena"}, "Sena", NOT_STATED, {"lt": "Sena"}),
        ({"pl": "Stara"}, "Stara", {"lt": "", "pl": "Stara"}, {"pl": "Stara"}),
        # Nor is it where the other text was mended and the repetition was left, or mended with it.
        ({"lt": "Sena"}, "Sena", {"lt": "Nauja", "pl": ""}, {"lt": "Nauja"}),
        ({"lt": "Sena"}, "Nauja", {"lt": "Nauja", "pl": ""}, {"lt": "Nauja"}),
        # Any other text there is an English one.
        ({"lt": "Sena"}, "Old", {"lt": "Sena", "pl": ""}, {"en": "Old", "lt": "Sena"}),
        # An event keeps a title in one language at least.
        ({"lt": "Sena"}, "Sena", BOTH_EMPTY, {"en": "Sena"}),
        # An English text stays one, though it says the same as the others.
        ({"en": "Same", "lt": "Same"}, "Same", {"lt": "Same", "pl": ""}, {"en": "Same", "lt": "Same"}),
        # What a file cannot tell apart stays as it was stored.
        ({"en": "Two  words"}, "Two words", NOT_STATED, {"en": "Two  words"}),
        ({"lt": "Two  words"}, "Two words", {"lt": "Two words", "pl": ""}, {"lt": "Two  words"}),
    ],
)
def test_the_title_of_a_row_is_kept_by_language(stored, title, others, kept):
    assert kept_title(stored, title, others) == kept


def test_the_first_text_is_english_then_lithuanian_then_polish():
    assert first_text({"pl": "p", "lt": "l", "en": "e"}) == "e"
    assert first_text({"pl": "p", "lt": "l", "en": ""}) == "l"
    assert first_text({"pl": "p"}) == "p"
    assert first_text({}) == ""


def test_a_text_comes_back_from_a_file_composed_and_with_single_spaces():
    apart = unicodedata.normalize("NFD", "Šiaulių  arena ")
    assert plain(apart) == "Šiaulių arena"
    assert kept_text(apart, "Šiaulių arena") == apart
    assert kept_text(apart, "Šiauliai") == "Šiauliai"
    assert plain("Hall 2") == "Hall 2"


def test_a_key_is_looked_up_in_both_spellings_of_its_letters():
    assert spellings("p01") == {"p01"}
    assert spellings("š1") == {"š1", unicodedata.normalize("NFD", "š1")}


@pytest.mark.parametrize(
    ("zone", "country", "shown"),
    [
        ("Europe/Vilnius", "LT", ""),
        ("Europe/Vilnius", "PL", "Europe/Vilnius"),
        ("Atlantic/Azores", "PT", "Atlantic/Azores"),
        ("America/New_York", "US", "America/New_York"),
    ],
)
def test_only_a_zone_that_is_not_the_countrys_own_is_shown(zone, country, shown):
    assert shown_zone(zone, country) == shown


def test_a_code_may_have_a_name_or_be_of_a_sensitive_group_but_not_both():
    ties = Ties(set(), set())
    ties.note("K001", "professional", has_name=True)
    ties.note("K002", "convicted_person", has_name=False)
    ties.note("K003", "community_member", has_name=False)
    ties.note("K003", "family_member", has_name=False)
    assert ties.found() == set()
    ties.note("K001", "family_member", has_name=False)
    ties.note("K002", "staff", has_name=True)
    assert ties.found() == {"K001", "K002"}
