"""What an instrument must agree on within itself: each fault is found at its place."""

from decimal import Decimal

import pytest

from portal.surveys.rules.checking import check_instrument, missing_texts, publish_problems, tidied
from portal.surveys.rules.documents import Choice, Condition, Instrument, Item, Pairing, Scale, Section
from portal.surveys.rules.versions import full_mapping, mapping_problems, next_version, still_mapped
from tests.integration.surveys.studies import INSTRUMENT, words

FIVE = {"least": Decimal(1), "most": Decimal(5)}


def faults(instrument: Instrument) -> list[tuple[str, str]]:
    return [(problem.where, problem.code) for problem in check_instrument(instrument)]


def with_item(name: str, /, **facts: object) -> Instrument:
    """The instrument with these facts of an item changed."""
    return INSTRUMENT._replace(
        items=tuple(each._replace(**facts) if each.key == name else each for each in INSTRUMENT.items)
    )


def with_scale(**facts: object) -> Instrument:
    return INSTRUMENT._replace(scales=(INSTRUMENT.scales[0]._replace(**facts),))


def test_an_instrument_in_order_has_no_fault():
    assert publish_problems(INSTRUMENT) == []


@pytest.mark.parametrize(
    ("instrument", "fault"),
    [
        (with_item("q2", key="q1"), ("items.#2.key", "duplicate-key")),
        (with_item("q2", key="Country"), ("items.Country.key", "duplicate-key")),
        (with_item("why", key="Weight"), ("items.Weight.key", "survey-key-reserved")),
        (with_item("why", key="1st"), ("items.1st.key", "survey-column-key")),
        (with_item("why", key="a b"), ("items.#7.key", "survey-key")),
        (with_item("why", kind="slider"), ("items.why.type", "unknown-value")),
        (with_item("why", section="nowhere"), ("items.why.section", "survey-section-unknown")),
        (with_item("why", least=Decimal(1)), ("items.why.min", "range-not-offered")),
        (with_item("why", labels=(words("Low"),)), ("items.why.labels", "labels-not-offered")),
        (with_item("why", choices=(Choice("yes"),)), ("items.why.choices", "choices-not-offered")),
        (with_item("why", text={**words("Why?"), "lt": "ą" * 5001}), ("items.why.text.lt", "text-too-long")),
        (with_item("why", text={**words("Why?"), "lt": "a\0"}), ("items.why.text.lt", "text-unprintable")),
        (with_item("why", text={**words("Why?"), "de": "Warum?"}), ("items.why.text.de", "unknown-key")),
        (with_item("q1", least=None), ("items.q1.min", "missing-key")),
        (with_item("q1", most=Decimal("4.5")), ("items.q1.max", "not-whole-number")),
        (with_item("q1", most=Decimal(1)), ("items.q1.max", "scale-steps")),
        (with_item("q1", most=Decimal(22)), ("items.q1.max", "scale-steps")),
        (with_item("q1", labels=(words("No"), words("Yes"))), ("items.q1.labels", "labels-count")),
        (with_item("years", most=Decimal(0)), ("items.years.max", "range-upside-down")),
        (with_item("years", most=Decimal("1E+20")), ("items.years.max", "number-out-of-range")),
        (
            with_item("met", choices=(Choice("yes"), Choice("no"), Choice("Yes"))),
            ("items.met.choices.Yes", "duplicate-value"),
        ),
        (with_item("met", choices=(Choice("yes"), Choice("DK"))), ("items.met.choices.DK", "choice-key")),
        (with_item("met", choices=(Choice("yes"), Choice("a;b"))), ("items.met.choices.#2", "choice-key")),
        (
            with_item("where", show_if=Condition("met", ("maybe",))),
            ("items.where.show_if.values.#1", "condition-value"),
        ),
        (with_item("where", show_if=Condition("met", ())), ("items.where.show_if.values", "empty-list")),
        (with_item("where", show_if=Condition("q9", ("1",))), ("items.where.show_if.item", "survey-item-unknown")),
        (with_item("where", show_if=Condition("q1", ("6",))), ("items.where.show_if.values.#1", "condition-value")),
        (with_item("where", show_if=Condition("q1", ("1.0",))), ("items.where.show_if.values.#1", "condition-value")),
        (with_item("where", show_if=Condition("where", ("work",))), ("items.where.show_if.item", "condition-circular")),
        (with_item("q1", show_if=Condition("met", ("yes",))), ("items.q1.show_if.item", "condition-forwards")),
        (with_item("years", show_if=Condition("why", ("x",))), ("items.years.show_if.item", "condition-forwards")),
        (with_scale(items=()), ("scales.trust.items", "empty-list")),
        (with_scale(items=("q1", "q3", "q1")), ("scales.trust.items.#3", "duplicate-value")),
        (with_scale(items=("q3", "q9")), ("scales.trust.items.#2", "survey-item-unknown")),
        (with_scale(items=("q3", "met")), ("scales.trust.items.#2", "scale-item-kind")),
        (with_scale(items=("q1",)), ("scales.trust.reverse.#1", "reverse-not-in-scale")),
        (with_scale(min_answered=Decimal(0)), ("scales.trust.min_answered", "scale-share")),
        (with_scale(min_answered=Decimal("1.1")), ("scales.trust.min_answered", "scale-share")),
        (with_scale(key=""), ("scales.#1.key", "survey-key")),
        (INSTRUMENT._replace(languages=()), ("study.languages", "empty-list")),
        (INSTRUMENT._replace(pairing=Pairing("blood")), ("pairing.method", "unknown-value")),
        (INSTRUMENT._replace(pairing=Pairing("none", ("c1",))), ("pairing.elements", "pairing-not-by-code")),
        (INSTRUMENT._replace(pairing=Pairing("code", ("c1", "c9"), 2)), ("pairing.elements.#2", "unknown-value")),
        (INSTRUMENT._replace(pairing=Pairing("code", ("c1", "c2"), 3)), ("pairing.require", "number-out-of-range")),
        (INSTRUMENT._replace(pairing=Pairing("code")), ("pairing.elements", "empty-list")),
    ],
)
def test_a_fault_is_found_at_its_place(instrument, fault):
    assert fault in faults(instrument)


def test_a_circle_is_named_at_each_item_in_it():
    circle = with_item("met", show_if=Condition("where", ("work",)))
    assert faults(circle) == [
        ("items.met.show_if.item", "condition-circular"),
        ("items.where.show_if.item", "condition-circular"),
    ]


def test_a_condition_may_not_rest_on_free_text_or_on_chance():
    on_text = INSTRUMENT._replace(
        items=(*INSTRUMENT.items, Item("last", "text", words("Last?"), "you", show_if=Condition("why", ("x",))))
    )
    assert faults(on_text) == [("items.last.show_if.values", "condition-on-text")]
    random = INSTRUMENT._replace(sections=(Section("views"), Section("you", is_random=True)))
    assert faults(random) == [("items.where.show_if.item", "condition-random")]


def test_a_section_that_comes_later_makes_a_condition_point_forwards():
    turned = INSTRUMENT._replace(sections=INSTRUMENT.sections[::-1])
    on_views = turned._replace(
        items=tuple(
            each._replace(show_if=Condition("q1", ("5",))) if each.key == "years" else each for each in turned.items
        )
    )
    assert faults(turned) == []
    assert faults(on_views) == [("items.years.show_if.item", "condition-forwards")]


def test_a_number_without_ends_can_be_averaged_and_not_reversed():
    free = with_item("years", least=None)._replace(scales=(Scale("time", ("years",)),))
    assert faults(free) == []
    assert faults(free._replace(scales=(Scale("time", ("years",), reverse=("years",)),))) == [
        ("scales.time.reverse.#1", "reverse-without-range")
    ]


def test_texts_nobody_wrote_are_only_missed_where_they_are_needed():
    plain = with_item("met", choices=(Choice("yes"), Choice("no")))._replace(
        note={}, sections=(Section("views"), Section("you"))
    )
    assert missing_texts(plain) == []
    half = with_item("met", choices=(Choice("yes", words("yes")), Choice("no", {"en": "no", "lt": " "})))
    assert missing_texts(half) == [("items.met.choices.no.text", "lt"), ("items.met.choices.no.text", "pl")]
    silent = with_item("why", text={})
    assert missing_texts(silent) == [("items.why.text", each) for each in ("en", "lt", "pl")]


def test_nothing_can_be_published_that_asks_nothing():
    empty = Instrument(("en",), {"en": "Trust"}, {"en": "I agree."})
    assert [(problem.where, problem.code) for problem in publish_problems(empty)] == [("items", "survey-without-items")]
    assert check_instrument(empty) == []


def test_a_tidy_instrument_has_its_items_in_the_order_of_sections_and_no_empty_text():
    untidy = INSTRUMENT._replace(
        title={"lt": " Pasitikėjimas ", "en": "Trust", "pl": " ", "de": "Vertrauen"}, sections=INSTRUMENT.sections[::-1]
    )
    tidy = tidied(untidy)
    assert list(tidy.title.items()) == [("en", "Trust"), ("lt", "Pasitikėjimas")]
    assert [item.key for item in tidy.items] == ["met", "where", "years", "why", "q1", "q2", "q3"]
    assert tidied(tidy) == tidy


def test_the_next_version_follows_its_mapping_through_scales_and_conditions():
    mapping = full_mapping(INSTRUMENT, {"q1": "trust_1", "q3": "", "met": ""})
    after = next_version(INSTRUMENT, mapping)

    assert [item.key for item in after.items] == ["trust_1", "q2", "where", "years", "why"]
    assert (after.scales[0].items, after.scales[0].reverse) == (("trust_1", "q2"), ())
    assert after.item("where").show_if is None
    assert [*mapping_problems(INSTRUMENT, after, mapping)] == []
    assert check_instrument(after) == []


def test_a_mapping_to_what_cannot_be_compared_is_refused():
    after = with_item("q1", most=Decimal(7))
    mapping = {**full_mapping(INSTRUMENT, {"q2": "gone", "q3": "why"}), "q9": "q2", "why": "why"}
    found = [(each.where, each.code) for each in mapping_problems(INSTRUMENT, after, mapping)]
    assert found == [
        ("mapping.why", "duplicate-value"),
        ("mapping.q9", "survey-item-unknown"),
        ("mapping.q1", "mapping-differs"),
        ("mapping.q2", "survey-item-unknown"),
        ("mapping.q3", "mapping-differs"),
    ]
    assert still_mapped(mapping, after)["q2"] == ""
