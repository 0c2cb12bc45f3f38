"""Texts with the same words: which of those that are missing are filled in, and which steps a new item is offered."""

from portal.surveys.rules.documents import Instrument, Item, Section
from portal.surveys.rules.editing import scale_before
from portal.surveys.rules.translating import same_words

NO, YES = {"en": "No"}, {"en": "Yes"}
FIRST = Item("q1", "likert", {"en": "One."}, "a", labels=(NO, YES))
ASKED = Instrument(
    ("en", "lt"),
    {"en": "Trust"},
    {"en": "I agree."},
    sections=(Section("a"), Section("b")),
    items=(
        FIRST,
        FIRST._replace(key="q2", text={"en": "Two."}, labels=({**NO, "lt": "Jokiu būdu"}, YES)),
        FIRST._replace(key="q3", section="b", labels=({"en": "no"}, YES)),
    ),
)
Q1, Q2, Q3 = (f"items.{key}.labels." for key in ("q1", "q2", "q3"))


def test_missing_texts_with_the_same_words_are_filled_in():
    assert same_words(ASKED, "lt", {f"{Q1}#2": "Taip"}) == {f"{Q2}#2": "Taip", f"{Q3}#2": "Taip"}
    assert same_words(ASKED, "lt", {f"{Q1}#1": "Ne"}) == {}, "q2 has its own, and q3 is written otherwise"
    assert same_words(ASKED, "lt", {"items.q1.text": "Vienas."}) == {"items.q3.text": "Vienas."}
    assert same_words(ASKED, "en", {f"{Q1}#2": "Certainly"}) == {}, "none is missing"


def test_no_text_is_guessed():
    several = {f"{Q1}#2": "Taip", f"{Q2}#2": "Žinoma", f"{Q3}#2": ""}
    assert same_words(ASKED, "lt", several) == {}, "stated in two ways"
    assert same_words(ASKED, "lt", {**several, f"{Q2}#2": "Taip"}) == {f"{Q3}#2": "Taip"}
    assert same_words(ASKED, "lt", {f"{Q1}#2": "Taip"}, unsure=[f"{Q1}#2"]) == {}
    assert same_words(ASKED, "lt", {f"{Q1}#1": "Ne", f"{Q2}#1": ""}) == {}, "taken out now"
    assert same_words(ASKED, "lt", {f"{Q1}#2": " "}) == {}


def test_a_text_is_filled_in_only_where_it_fits():
    long = ASKED._replace(consent=YES, title=YES)
    assert "study.title" not in same_words(long, "lt", {"study.consent": "a" * 2001})
    assert same_words(long, "lt", {"study.consent": "a" * 2000})["study.title"] == "a" * 2000


def test_a_new_item_follows_the_last_scale_before_it():
    assert [scale_before(ASKED, section) for section in ("a", "b")] == [ASKED.items[1], ASKED.items[2]]
    assert scale_before(ASKED, "") is None, "it stands before all sections"
    other = Item("q4", "number", section="b")
    assert scale_before(ASKED._replace(items=(FIRST, other)), "b") == FIRST
