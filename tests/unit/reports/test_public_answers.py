"""What is told of answers: no number of a few, and none that follows from those beside it."""

from collections import Counter
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.reports.rules.disclosure import THRESHOLD
from portal.reports.rules.public_answers import (
    ALL,
    REST,
    answer_tables,
    left_out_items,
    left_out_levels,
    told_columns,
)
from portal.surveys.rules.counting import count_answers
from portal.surveys.rules.documents import Choice, Condition, Group, Instrument, Item

COUNTRIES = Group("country", (Choice("LT"), Choice("PL"), Choice("LV")))
ASKED = Instrument(
    languages=("en",),
    title={},
    consent={},
    groups=(COUNTRIES,),
    items=(
        Item("met", "single", choices=(Choice("yes"), Choice("no")), may_refuse=False),
        Item("how", "likert", least=Decimal(1), most=Decimal(3), show_if=Condition("met", ("yes",))),
        Item("where", "multiple", choices=(Choice("work"), Choice("home"))),
    ),
)
ANSWERS = (
    {"met": "yes", "how": 1, "where": ["work"]},
    {"met": "yes", "how": 3, "where": ["work", "home"]},
    {"met": "yes", "how": "@dk", "where": []},
    {"met": "yes"},
    {"met": "no", "where": ["home"]},
    {},
)
groups_of_people = st.lists(
    st.tuples(st.sampled_from(["LT", "PL", "LV", ""]), st.sampled_from(ANSWERS), st.integers(1, 40)), max_size=10
)


def people_of(many):
    return [({"country": level} if level else {}, given_) for level, given_, number in many for _ in range(number)]


@settings(deadline=None, max_examples=150)
@given(groups_of_people)
def test_no_number_of_a_few_is_told_and_none_follows_from_a_column(many):
    people = people_of(many)
    if len(people) < THRESHOLD:
        # Of so few nothing is told at all.
        return
    for table in answer_tables(ASKED, count_answers(ASKED, people)):
        assert not any(0 < number < THRESHOLD for number in table.numbers.values() if number is not None)
        for column in table.columns:
            total = sum(column in (ALL, groups.get("country")) for groups, _answers in people)
            assert column == ALL or total >= THRESHOLD
            if table.item.kind == "multiple":
                continue
            told = [table.numbers[row, column] for row in table.rows]
            left = total - sum(number for number in told if number is not None)
            # What is withheld of a column together is no number of a few, and never a single one.
            assert told.count(None) != 1
            assert left == 0 or left >= THRESHOLD


@settings(deadline=None, max_examples=150)
@given(groups_of_people)
def test_what_is_told_of_all_and_of_each_country_leaves_no_number_of_a_few(many):
    people = people_of(many)
    if len(people) < THRESHOLD:
        return
    for table in answer_tables(ASKED, count_answers(ASKED, people)):
        for row in table.rows:
            numbers = [table.numbers[row, column] for column in table.columns]
            if len(numbers) > 1 and None not in numbers:
                rest = numbers[0] - sum(numbers[1:])
                assert rest == 0 or rest >= THRESHOLD
            # No part is told of a whole that is withheld.
            assert numbers[0] is not None or set(numbers) == {None}


def test_of_a_whole_that_is_withheld_no_part_is_told():
    # 3 would follow from 249, 134 and 112; with these 112 go the 94 of Poland.
    many = [
        ("LT", ANSWERS[4], 114),
        ("PL", ANSWERS[4], 20),
        ("LT", ANSWERS[3], 18),
        ("PL", ANSWERS[3], 94),
        ("LT", {}, 3),
    ]
    (met, *_others) = answer_tables(ASKED, count_answers(ASKED, people_of(many)))
    assert [met.numbers["yes", column] for column in met.columns] == [None, None, None]
    assert [met.numbers["no", column] for column in met.columns] == [134, 114, 20]
    assert met.columns == [ALL, "LT", "PL"]


def test_a_question_that_hangs_on_one_of_which_something_is_withheld_is_left_out():
    below = Item("then", "single", choices=(Choice("a"),), show_if=Condition("how", ("1",)))
    asked = ASKED._replace(items=(*ASKED.items, below))
    for more, told in (([("LT", {}, 1)], ["met", "where"]), ([], ["met", "how", "where", "then"])):
        people = people_of([("LT", ANSWERS[4], 40), ("LT", ANSWERS[0], 20), *more])
        tables = answer_tables(asked, count_answers(asked, people))
        # Not asked were 40 and those who did not say, of whom 40 said no.
        assert [table.item.key for table in tables] == told
        left = left_out_items(asked, tables)
        assert [item.key for item in left] == [key for key in ("how", "then") if key not in told]


def test_a_question_for_whoever_chose_one_of_two_is_left_out():
    # 20 chose work, 20 home, and 38 one of them: 2 chose both.
    given_ = [
        ("LT", {"where": where}, number) for where, number in ((["work"], 18), (["home"], 18), (["work", "home"], 2))
    ]
    for values, told in ((("work",), ["where", "then"]), (("work", "home"), ["where"])):
        below = Item("then", "single", choices=(Choice("a"),), show_if=Condition("where", values))
        asked = ASKED._replace(items=(ASKED.items[2], below))
        people = people_of([*given_, ("LT", {"where": []}, 30)])
        assert [table.item.key for table in answer_tables(asked, count_answers(asked, people))] == told


def test_countries_without_a_column_are_named():
    assert left_out_levels({"LT": 40, "PL": 30, "LV": 4, "": 20}) == ["LV"]
    assert left_out_levels({"LT": 40, "PL": 9, "LV": 0}) == ["LT", "PL"]
    assert left_out_levels({"LT": 40, "PL": 30}) == left_out_levels({"LT": 40}) == left_out_levels({}) == []


def test_countries_of_a_few_are_taken_together_with_another():
    assert told_columns({"LT": 40, "PL": 30, "LV": 0}) == ["LT", "PL"]
    # 4 would follow from 74, 40 and 30: the smaller of these goes with it.
    assert told_columns({"LT": 40, "PL": 30, "LV": 4}) == ["LT"]
    assert told_columns({"LT": 40, "PL": 9}) == []
    assert told_columns({"LT": 40}) == []
    assert told_columns({}) == []


def test_who_was_not_asked_is_counted_apart_from_who_did_not_answer():
    counted = count_answers(ASKED, people_of([("LT", ANSWERS[3], 12), ("LT", ANSWERS[4], 15)]))
    assert Counter({row: number for (row, _level), number in counted.items["how"].items()}) == {
        "@none": 12,
        "@hidden": 15,
    }
    met, how, _where = answer_tables(ASKED, counted)
    assert [how.numbers[row, ALL] for row in ("@none", "@hidden")] == [12, 15]
    # Shares are of those who were asked; that somebody was not is a share of nothing.
    assert [how.asked(row, ALL) for row in ("1", "@none", "@hidden")] == [12, 12, None]
    assert met.asked("yes", ALL) == 27
    assert REST not in how.columns
