"""What is shown after which answers, on which screens, in which order."""

import pytest

from portal.core.errors import InvalidInputs
from portal.surveys.rules.documents import Choice, Condition, Group, Instrument, Item, Pairing, Section
from portal.surveys.rules.showing import (
    clean_answers,
    clean_groups,
    fitting_answers,
    missing_answers,
    missing_groups,
    read_screen,
    screens,
    shown_screens,
    unanswered,
    visible_items,
)

YES_NO = (Choice("yes"), Choice("no"))


def single(key: str, section: str = "a", on: str = "", *values: str, required: bool = False) -> Item:
    condition = Condition(on, values or ("yes",)) if on else None
    return Item(key, "single", section=section, choices=YES_NO, show_if=condition, is_required=required)


CHAIN = Instrument(
    languages=("en",),
    title={},
    consent={},
    groups=(Group("country", (Choice("LT"), Choice("PL"))),),
    sections=(Section("a"), Section("b")),
    items=(single("one"), single("two", "a", "one"), single("three", "b", "two")),
    pairing=Pairing("code", ("c1", "c2"), 1),
)


def keys(items: object) -> list[str]:
    return [each.key for each in items]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ({}, ["one"]),
        ({"one": "no"}, ["one"]),
        ({"one": "@dk"}, ["one"]),
        ({"one": "yes"}, ["one", "two"]),
        ({"one": "yes", "two": "yes"}, ["one", "two", "three"]),
        ({"one": "no", "two": "yes"}, ["one"]),
    ],
)
def test_an_item_is_shown_as_its_condition_and_those_before_it_allow(answers: dict[str, str], shown: list[str]):
    assert keys(visible_items(CHAIN, answers)) == shown


def test_several_choices_hold_where_one_of_them_was_chosen():
    item = Item("where", "multiple", section="a", choices=(Choice("work"), Choice("home")))
    instrument = CHAIN._replace(items=(item, single("next", "a", "where", "home")))
    assert keys(visible_items(instrument, {"where": ["work", "home"]})) == ["where", "next"]
    assert keys(visible_items(instrument, {"where": ["work"]})) == ["where"]


def test_the_screens_are_groups_code_and_one_for_each_section():
    found = screens(CHAIN, "seed")
    assert [each.kind for each in found] == ["groups", "code", "items", "items"]
    assert [keys(each.items) for each in found] == [[], [], ["one", "two"], ["three"]]


def test_a_screen_that_shows_nothing_is_left_out_and_the_others_keep_their_numbers():
    assert list(shown_screens(CHAIN, "seed", {})) == [1, 2, 3]
    assert list(shown_screens(CHAIN, "seed", {"one": "yes", "two": "yes"})) == [1, 2, 3, 4]
    shown = shown_screens(CHAIN, "", {"one": "yes"})
    assert [(number, each.key) for number, each in unanswered(shown, {"one": "yes"}, {})] == [(3, "two")]


def test_groups_that_must_be_answered_are_asked_for_before_the_items():
    needs = CHAIN._replace(groups=(CHAIN.groups[0]._replace(is_required=True), Group("age", ())))
    shown = shown_screens(needs, "", {"one": "no"})
    assert [(number, each.key) for number, each in unanswered(shown, {}, {})] == [(1, "country"), (3, "one")]
    assert unanswered(shown, {"one": "no"}, {"country": "LT"}) == []
    assert missing_groups(needs, {"country": "LT"}) == []
    assert missing_groups(needs, {"age": "30"}) == ["country"]


def test_an_order_of_chance_is_the_seeds_alone_and_keeps_what_hangs_together():
    items = tuple(single(f"q{number}") for number in range(9))
    instrument = CHAIN._replace(sections=(Section("a", is_random=True),), items=(*items, single("why", "a", "q3")))
    orders = [keys(screens(instrument, seed)[2].items) for seed in ("s", "s", "t")]
    assert orders[0] == orders[1] != orders[2]
    for order in orders:
        assert sorted(order) == sorted(keys(instrument.items))
        assert order.index("why") == order.index("q3") + 1


def test_answers_are_read_and_every_problem_is_named():
    assert clean_answers(CHAIN, {"one": ["yes"], "two": ["@no"], "three": [""]}) == {"one": "yes", "two": "@no"}
    with pytest.raises(InvalidInputs) as refusal:
        clean_answers(CHAIN, {"one": ["no"], "two": ["yes"], "three": ["maybe"], "four": ["x"]})
    assert [(each.code, each.where) for each in refusal.value.problems] == [
        ("answer-not-offered", "three"),
        ("answer-unknown-item", "four"),
        ("answer-hidden", "two"),
    ]


def test_what_a_screen_hides_by_its_own_answers_is_forgotten_also_further_on():
    stored = {"one": "yes", "two": "yes", "three": "no"}
    here = CHAIN.items[:2]
    assert read_screen(CHAIN, stored, here, {"one": ["no"], "two": ["yes"]}) == {"one": "no"}
    assert read_screen(CHAIN, stored, here, {"one": ["yes"], "two": ["yes"]}) == stored
    with pytest.raises(InvalidInputs):
        read_screen(CHAIN, {}, here, {"one": ["no"], "two": ["yes"]})


def test_only_what_is_shown_must_be_answered():
    instrument = CHAIN._replace(items=(single("one"), single("two", "a", "one", required=True)))
    assert missing_answers(instrument, {"one": "no"}) == []
    assert [each.where for each in missing_answers(instrument, {"one": "yes"})] == ["two"]
    assert missing_answers(instrument, {"one": "yes", "two": "@dk"}) == []


def test_what_another_version_asked_is_left_out():
    stored = {"one": "yes", "two": "perhaps", "gone": 4}
    assert fitting_answers(CHAIN, stored) == {"one": "yes"}


def test_groups_take_their_levels_only():
    assert clean_groups(CHAIN, {"country": " LT "}) == {"country": "LT"}
    assert clean_groups(CHAIN, {"country": ""}) == {}
    with pytest.raises(InvalidInputs) as refusal:
        clean_groups(CHAIN, {"country": "DE", "age": "18"})
    assert [each.where for each in refusal.value.problems] == ["country", "age"]
