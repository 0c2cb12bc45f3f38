"""Translations that fell behind their text: when they are marked, what takes the mark away, and what it follows."""

from portal.surveys.rules.documents import Choice, Instrument, Item, Section
from portal.surveys.rules.outdated import Renamed, outdated_after, places_to_check

Q1 = Item("q1", "text", {"en": "Why?", "lt": "Kodėl?", "pl": "Dlaczego?"})
OLD = Instrument(("en", "lt", "pl"), {"en": "Trust"}, {"en": "I agree."}, items=(Q1,))


def asking(**texts: str) -> Instrument:
    """The questionnaire with these words in its question."""
    return OLD._replace(items=(Q1._replace(text={**Q1.text, **texts}),))


MARKS = {"items.q1.text": {"lt": "Why?", "pl": "Why?"}}


def test_a_text_that_is_written_anew_marks_the_translations_that_stay():
    assert outdated_after(OLD, OLD, {}) == {}
    assert outdated_after(OLD, asking(en="What for?"), {}) == MARKS
    assert outdated_after(OLD, asking(en="What for?", lt="Kam?"), {}) == {"items.q1.text": {"pl": "Why?"}}
    assert outdated_after(OLD, asking(lt="Kam?"), {}) == {}


def test_a_text_without_translations_is_missing_and_not_marked():
    only = OLD._replace(items=(Q1._replace(text={"en": "Why?"}),))
    assert outdated_after(only, asking(en="What for?", lt="Kam?"), {}) == {}
    assert outdated_after(OLD, OLD._replace(title={"en": "Views"}), {}) == {}


def test_a_mark_keeps_what_was_translated_until_it_is_right_again():
    second, third = asking(en="What for?"), asking(en="For what?")
    assert outdated_after(second, third, MARKS) == MARKS, "as it was translated, not as it was last"
    assert outdated_after(second, OLD, MARKS) == {}, "it says again what was translated"
    assert outdated_after(second, second, MARKS) == MARKS
    confirmed = [("items.q1.text", "lt")]
    assert outdated_after(second, second, MARKS, confirmed=confirmed) == {"items.q1.text": {"pl": "Why?"}}
    assert outdated_after(second, asking(en="What for?", pl="Po co?"), MARKS) == {"items.q1.text": {"lt": "Why?"}}
    assert outdated_after(second, OLD._replace(items=()), MARKS) == {}


def test_marks_follow_a_key_that_changes():
    renamed = OLD._replace(items=(asking(en="What for?").items[0]._replace(key="why"),))
    renames = [Renamed("items", "q1", "why")]
    assert outdated_after(OLD, renamed, {}, renames=renames) == {"items.why.text": MARKS["items.q1.text"]}
    assert outdated_after(asking(en="What for?"), renamed, MARKS, renames=renames) == {
        "items.why.text": MARKS["items.q1.text"]
    }
    assert outdated_after(OLD, renamed, {}) == {}, "another question"


def test_a_questionnaire_written_in_another_language_has_no_marks():
    second = asking(en="What for?")
    assert outdated_after(second, second._replace(languages=("lt", "en", "pl")), MARKS) == {}


def test_what_waits_is_listed_in_the_order_of_the_questionnaire():
    many = OLD._replace(
        sections=(Section("a", {"en": "A", "lt": "A"}),),
        items=(*OLD.items, Item("q2", "single", {}, choices=(Choice("y", {"en": "Yes", "pl": "Tak"}),))),
    )
    waiting = {"items.q2.choices.y.text": {"pl": "Y"}, "sections.a.title": {"lt": "B"}, **MARKS}
    found = [(place.path, language) for place, language in places_to_check(many, waiting)]
    assert found == [
        ("sections.a.title", "lt"),
        ("items.q1.text", "lt"),
        ("items.q1.text", "pl"),
        ("items.q2.choices.y.text", "pl"),
    ]
