"""Measures: what each kind may say, the canonical form, and what sums may not do."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import Problem
from portal.projects.rules.measures import (
    OPTIONS_BY_KIND,
    Measure,
    measure_to_json,
    read_measure,
    sum_problems,
)
from portal.projects.rules.vocabulary import BASES, EVENT_KINDS, GROUPS, MEASURE_KINDS, ORGANISATION_ROLES, STATISTICS

KEYS = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,39}", fullmatch=True)
NAMES = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x17F, exclude_categories=["C", "Z"]), min_size=1, max_size=40
)


def some(words):
    """A list of different ones of `words`, at least one."""
    return st.lists(st.sampled_from(words), min_size=1, unique=True)


OPTIONS = {
    "joint": st.booleans(),
    "public": st.booleans(),
    "event_kinds": some(EVENT_KINDS),
    "groups": some(GROUPS),
    "exclude_groups": some(GROUPS),
    "work_package": st.integers(1, 999),
    "of": st.lists(KEYS, min_size=1, max_size=5, unique=True),
    "roles": some(ORGANISATION_ROLES),
    "active": st.booleans(),
    "study": NAMES,
    "scale": NAMES,
    "item": NAMES,
    "wave": NAMES,
    "statistic": st.sampled_from(STATISTICS),
    "bases": some(BASES),
    "services": st.lists(KEYS, min_size=1, max_size=5, unique=True),
    "forms": st.lists(KEYS, min_size=1, max_size=5, unique=True),
}


@st.composite
def stated_measures(draw):
    """A table that describes a measure, as a project file may state it."""
    kind = draw(st.sampled_from(MEASURE_KINDS))
    left_out = {"survey": {draw(st.sampled_from(["scale", "item"]))}}.get(kind, set())
    names = [name for name in OPTIONS_BY_KIND[kind] if name not in left_out]
    if kind not in ("sum", "survey"):
        names = [name for name in names if draw(st.booleans())]
    return {"kind": kind, **{name: draw(OPTIONS[name]) for name in names}}


def read(stated: object) -> Measure:
    problems: list[Problem] = []
    measure = read_measure(stated, "measure", problems)
    assert problems == []
    assert measure is not None
    return measure


@given(stated_measures())
def test_a_measure_survives_being_stored(stated):
    measure = read(stated)

    assert read(json.loads(json.dumps(measure_to_json(measure)))) == measure


@given(stated_measures())
def test_the_stored_form_says_what_was_stated_and_nothing_else(stated):
    stored = measure_to_json(read(stated))

    # `active = false` is the default and is not said.
    expected = {name: option for name, option in stated.items() if (name, option) != ("active", False)}
    assert stored.keys() == expected.keys()
    for name, option in stored.items():
        assert option == (sorted(expected[name]) if isinstance(option, list) and name != "of" else expected[name])


def test_every_kind_has_its_options():
    assert tuple(OPTIONS_BY_KIND) == MEASURE_KINDS
    assert {name for names in OPTIONS_BY_KIND.values() for name in names} == set(Measure._fields) - {"kind"}


def test_a_filter_that_is_not_given_is_unset_and_false_is_not_unset():
    assert read({"kind": "events"}).public is None
    assert read({"kind": "events", "public": False}).public is False


def test_the_parts_of_a_sum_keep_their_order():
    assert read({"kind": "sum", "of": ["b", "a"]}).of == ("b", "a")


SURVEY = {"kind": "survey", "study": "trust", "wave": "baseline", "statistic": "mean"}

REFUSALS = [
    ("participations", "", "not-a-table", {}),
    ({}, "kind", "missing-key", {"key": "kind"}),
    ({"joint": True}, "kind", "missing-key", {"key": "kind"}),
    ({"kind": "visits", "joint": True}, "kind", "unknown-value", {"value": "visits", "allowed": list(MEASURE_KINDS)}),
    ({"kind": ["sum"]}, "kind", "not-text", {}),
    (
        {"kind": "events", "groups": ["staff"]},
        "groups",
        "unknown-key",
        {"key": "groups", "allowed": ["kind", "joint", "public", "event_kinds"]},
    ),
    ({"kind": "manual", "joint": True}, "joint", "unknown-key", {"key": "joint", "allowed": ["kind"]}),
    ({"kind": "events", "joint": "yes"}, "joint", "not-true-or-false", {}),
    ({"kind": "events", "event_kinds": "workshop"}, "event_kinds", "not-a-list", {}),
    ({"kind": "events", "event_kinds": []}, "event_kinds", "empty-list", {}),
    (
        {"kind": "events", "event_kinds": ["workshop", "party"]},
        "event_kinds.#2",
        "unknown-value",
        {"value": "party", "allowed": list(EVENT_KINDS)},
    ),
    ({"kind": "sum"}, "of", "missing-key", {"key": "of"}),
    ({"kind": "sum", "of": ["a", "a"]}, "of.#2", "duplicate-value", {"value": "a"}),
    ({"kind": "sum", "of": ["A"]}, "of.#1", "key-malformed", {"value": "A"}),
    ({"kind": "persons", "work_package": True}, "work_package", "not-whole-number", {}),
    ({"kind": "persons", "work_package": 0}, "work_package", "number-out-of-range", {"least": 1, "most": 999}),
    (SURVEY, "", "scale-or-item", {}),
    ({**SURVEY, "scale": "trust", "item": "q1"}, "", "scale-or-item", {}),
    (
        {**SURVEY, "item": "q1", "statistic": "median"},
        "statistic",
        "unknown-value",
        {"value": "median", "allowed": ["mean", "share"]},
    ),
    ({**SURVEY, "item": "q" * 41}, "item", "text-too-long", {"limit": 40}),
]


@pytest.mark.parametrize(("stated", "where", "code", "values"), REFUSALS)
def test_a_measure_that_cannot_be_is_refused(stated, where, code, values):
    problems: list[Problem] = []

    assert read_measure(stated, "indicators.x.measure", problems) is None
    assert problems == [Problem(code, f"indicators.x.measure.{where}".rstrip("."), values)]


def test_every_fault_of_a_measure_is_named():
    problems: list[Problem] = []

    assert read_measure({"kind": "events", "joint": 1, "public": 0, "of": []}, "m", problems) is None
    assert [problem.where for problem in problems] == ["m.joint", "m.public", "m.of"]


def test_an_earlier_problem_does_not_spoil_a_good_measure():
    problems = [Problem("not-text", "elsewhere")]

    assert read_measure({"kind": "manual"}, "m", problems) == Measure("manual")
    assert len(problems) == 1


def a_sum(*of: str) -> Measure:
    return Measure("sum", of=of)


COUNTED = Measure("participations")


@pytest.mark.parametrize(
    ("measures", "expected"),
    [
        ({"all": a_sum("a", "b"), "a": COUNTED, "b": COUNTED}, []),
        ({"all": a_sum("a", "more"), "more": a_sum("a"), "a": COUNTED}, []),
        ({"all": a_sum("a", "z"), "a": COUNTED}, [("unknown-indicator", "all", {"key": "z"})]),
        ({"all": a_sum("s"), "s": Measure("survey")}, [("sum-of-survey", "all", {"key": "s"})]),
        ({"a": a_sum("a")}, [("sum-cycle", "a", {"cycle": "a → a"})]),
        ({"a": a_sum("b"), "b": a_sum("a")}, [("sum-cycle", "a", {"cycle": "a → b → a"})]),
        (
            {"x": a_sum("b"), "a": a_sum("b"), "b": a_sum("c"), "c": a_sum("a")},
            [("sum-cycle", "a", {"cycle": "a → b → c → a"})],
        ),
        (
            {"a": a_sum("b"), "b": a_sum("a"), "c": a_sum("d"), "d": a_sum("c")},
            [("sum-cycle", "a", {"cycle": "a → b → a"}), ("sum-cycle", "c", {"cycle": "c → d → c"})],
        ),
    ],
)
def test_sums_name_known_counts_and_never_themselves(measures, expected):
    found = sorted(sum_problems(measures), key=lambda problem: problem.where)

    assert found == [Problem(code, f"indicators.{key}.measure.of", values) for code, key, values in expected]


def test_a_long_chain_of_sums_is_no_cycle_and_no_burden():
    measures = {f"k{number}": a_sum(f"k{number + 1}") for number in range(999)}

    assert sum_problems({**measures, "k999": COUNTED}) == []
    assert [problem.code for problem in sum_problems({**measures, "k999": a_sum("k0")})] == ["sum-cycle"]
