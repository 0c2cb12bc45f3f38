"""What a new version of a questionnaire asks otherwise: all for which answers are compared no more, or with care."""

from decimal import Decimal

import pytest

from portal.surveys.rules.changes import Change, changes
from portal.surveys.rules.documents import Choice, Instrument, Item, Scale

ONE, FIVE = Decimal(1), Decimal(5)


def steps(key: str, **changed: object) -> Item:
    """A statement on a scale from 1 to 5."""
    return Item(key, "likert", {"en": f"About {key}."}, least=ONE, most=FIVE)._replace(**changed)


MET = Item("met", "single", {"en": "Met?"}, choices=(Choice("yes"), Choice("no")))
TRUST = Scale("trust", ("q1", "q2"), reverse=("q2",))
OLD = Instrument(("en",), {}, {}, items=(steps("q1"), steps("q2"), steps("q3"), MET), scales=(TRUST,))


def with_items(*items: Item, scales: tuple[Scale, ...] = (TRUST,)) -> Instrument:
    return OLD._replace(items=items, scales=scales)


def told(after: Instrument, **mapping: str) -> list[tuple[object, ...]]:
    return [(each.code, each.key, each.before or each.items) for each in changes(OLD, after, mapping)]


def test_the_same_questionnaire_is_compared_as_a_whole():
    assert changes(OLD, OLD, {each.key: each.key for each in OLD.items}) == []
    assert changes(OLD, OLD, {}) == []


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (steps("q3", most=Decimal(7)), "range"),
        (Item("q3", "number", {"en": "About q3."}, least=ONE, most=FIVE), "kind"),
        (steps("q3", text={"en": "About something else."}), "wording"),
    ],
)
def test_a_question_that_is_asked_otherwise_is_told_of(item, code):
    assert told(with_items(*OLD.items[:2], item, MET)) == [(code, "q3", "q3")]
    # Who says that it measures nothing the same has said what matters; why it cannot is told all the same.
    expected = [("apart", "q3", "q3")] if code == "wording" else [(code, "q3", "q3")]
    assert told(with_items(*OLD.items[:2], item, MET), q3="") == expected


def test_choices_that_are_others_are_told_of_and_words_are_not():
    more = MET._replace(choices=(*MET.choices, Choice("perhaps")))
    assert told(with_items(*OLD.items[:3], more)) == [("choices", "met", "met")]
    reworded = MET._replace(choices=(Choice("yes", {"en": "Yes!"}), Choice("no")))
    assert told(with_items(*OLD.items[:3], reworded)) == []


def test_what_has_gone_and_what_is_new_is_told_of():
    after = with_items(steps("q1"), steps("q2"), steps("q4"), MET)
    assert told(after) == [("gone", "q3", ()), ("new", "q4", ())]
    renamed = with_items(steps("q1"), steps("q2"), steps("q4", text={"en": "About q3."}), MET)
    assert told(renamed, q3="q4") == []


def test_a_new_question_with_a_key_that_is_free_again_is_told_of():
    moved = with_items(steps("q9", text={"en": "About q1."}), *OLD.items[1:], steps("q1"), scales=())
    plain = OLD._replace(scales=())
    assert changes(plain, moved, {"q1": "q9"}) == [Change("new", "q1")]


def test_a_scale_with_questions_that_have_no_answers_from_before_is_told_of():
    wider = Scale("trust", ("q1", "q2", "q4"), reverse=("q2",))
    assert told(with_items(*OLD.items, steps("q4"), scales=(wider,))) == [
        ("new", "q4", ()),
        ("scale-items", "trust", ("q4",)),
    ]
    asked_otherwise = with_items(steps("q1", most=Decimal(7)), *OLD.items[1:])
    assert told(asked_otherwise, q1="") == [("range", "q1", "q1"), ("scale-items", "trust", ("q1",))]


def test_a_scale_of_other_questions_or_with_other_reversals_is_told_of():
    assert told(OLD._replace(scales=(Scale("trust", ("q1", "q2", "q3"), reverse=("q2", "q3")),))) == [
        ("scale-others", "trust", ("q3",))
    ]
    assert told(OLD._replace(scales=(Scale("trust", ("q1",)),))) == [("scale-others", "trust", ("q2",))]
    assert told(OLD._replace(scales=(Scale("trust", ("q1", "q2"), reverse=("q1",)),))) == [
        ("scale-reversed", "trust", ("q1", "q2"))
    ]
    assert told(with_items(steps("q1"), steps("q3"), MET, scales=(Scale("trust", ("q1",)),))) == [
        ("gone", "q2", ()),
        ("scale-others", "trust", ("q2",)),
    ]
    assert changes(OLD, OLD._replace(scales=(Scale("fear", ("q1",)),)), {}) == [
        Change("scale-gone", "trust"),
        Change("scale-new", "fear"),
    ]
