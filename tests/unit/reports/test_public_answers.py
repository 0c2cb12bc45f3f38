"""What is told of answers: no number of a few, and none that follows from those beside it."""

from collections import Counter
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.reports.rules.disclosure import THRESHOLD
from portal.reports.rules.public_answers import ALL, REST, answer_tables, told_columns
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
    _met, how, _where = answer_tables(ASKED, counted)
    assert [how.numbers[row, ALL] for row in ("@none", "@hidden")] == [12, 15]
    assert REST not in how.columns
