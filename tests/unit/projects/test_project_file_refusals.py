"""Every refusal of a project file: one thing is changed in a small file, and exactly that is named, with a sentence."""

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from portal.core import messages as core_messages
from portal.core.errors import InvalidInputs, Problem
from portal.projects import messages
from portal.projects.rules.project_file import read_project_file
from portal.projects.rules.vocabulary import ASSUMABLE, CURRENCIES

SMALL_FILE = (Path(__file__).parent / "small.toml").read_text(encoding="utf-8")

TABLES = ["project", "organisations", "work_packages", "indicators", "reporting", "rules"]
ROLES = ["lead", "partner", "associated"]
TYPES = ["cooperation", "assistance"]
LANGUAGES = ["en", "lt", "pl"]
LEFT_OUT = object()

Fault = tuple[str, object, Problem]

PARTICIPATIONS = {"kind": "participations"}
SURVEY = {"kind": "survey", "study": "s", "wave": "w", "statistic": "mean"}
SECOND_PERIOD = {"number": 2, "start": date(2026, 6, 30), "last_day": date(2026, 12, 31)}


def with_given(path: str, given: object) -> dict[str, Any]:
    """The small file with `given` at `path` (parts by /, rows by their key, + for one row more)."""
    stated = tomllib.loads(SMALL_FILE)
    *parents, key = path.split("/")
    place: Any = stated
    for part in parents:
        rows = place if isinstance(place, list) else []
        place = next((row for row in rows if part in (row.get("key"), str(row.get("number")))), None) or place[part]
    if given is LEFT_OUT:
        del place[key]
    elif key == "+":
        place.append(given)
    else:
        place[key] = given
    return stated


def problems_of(path: str, given: object) -> list[Problem]:
    with pytest.raises(InvalidInputs) as caught:
        read_project_file(with_given(path, given))
    return list(caught.value.problems)


def fault(path: str, given: object, code: str, where: str = "", /, **values: object) -> Fault:
    """`given` put at `path` makes this one problem, in the same place unless another is named."""
    return path, given, Problem(code, where or path.replace("/", "."), values)


FAULTS = [
    # Keys.
    fault("project/fund", LEFT_OUT, "missing-key", key="fund"),
    fault("project/title", LEFT_OUT, "missing-key", key="title"),
    fault("organisations/two/name/en", LEFT_OUT, "missing-key", key="en"),
    fault("organisations/two/name/de", "Zwei", "unknown-key", key="de", allowed=LANGUAGES),
    fault(
        "organisations/two/website",
        "x",
        "unknown-key",
        key="website",
        allowed=["key", "role", "country", "currency", "budget", "flat_rates", "name", "aliases"],
    ),
    fault("extra", {}, "unknown-key", key="extra", allowed=TABLES),
    fault("project/code", "p-1", "project-code-malformed", value="p-1"),
    fault("project/code", "P", "project-code-malformed", value="P"),
    # Shapes.
    fault("project", 1, "not-a-table"),
    fault("project/title", "Small", "not-a-table"),
    fault("rules", [], "not-a-table"),
    fault("organisations/two/aliases", "Second", "not-a-list"),
    fault("reporting/periods", {}, "not-a-list"),
    fault(
        "indicators/visits/measure", {**PARTICIPATIONS, "groups": []}, "empty-list", "indicators.visits.measure.groups"
    ),
    fault("organisations/two/aliases", [str(number) for number in range(1001)], "list-too-long", limit=1000),
    fault("reporting/assumed", 1, "not-true-or-false"),
    # Texts and words.
    fault("project/programme", 6, "not-text"),
    fault("project/programme", "  ", "empty-text"),
    fault("project/programme", "x" * 201, "text-too-long", limit=200),
    fault("indicators/visits/note", "x" * 5001, "text-too-long", limit=5000),
    fault("project/programme", "Inter\0reg", "text-unprintable"),
    fault("project/programme_website", "javascript:alert(1)", "website-malformed", value="javascript:alert(1)"),
    fault("organisations/two/role", "boss", "unknown-value", value="boss", allowed=ROLES),
    fault("project/project_type", "research", "unknown-value", value="research", allowed=TYPES),
    fault(
        "project/assumed",
        ["lead", "budget"],
        "unknown-value",
        "project.assumed.#2",
        value="budget",
        allowed=list(ASSUMABLE),
    ),
    fault("organisations/two/aliases", ["D", "D"], "duplicate-value", "organisations.two.aliases.#2", value="D"),
    fault("organisations/two/country", "pl", "unknown-country", value="pl"),
    fault("organisations/two/currency", "ZLT", "unknown-currency", value="ZLT", allowed=sorted(CURRENCIES)),
    fault("project/time_zone", "Europe/Kaunas", "unknown-time-zone", value="Europe/Kaunas"),
    # Numbers, days and amounts.
    fault("indicators/visits/target", "10", "not-whole-number"),
    fault("indicators/visits/target", True, "not-whole-number"),
    fault("indicators/visits/target", 10.0, "not-whole-number"),
    fault("indicators/trust/target", 3.555, "target-decimals"),
    fault("indicators/visits/target", -1, "number-out-of-range", least=0, most=10**9),
    fault("reporting/control_due_days", 3651, "number-out-of-range", least=0, most=3650),
    fault("project/last_day", "2027-12-31", "not-a-date"),
    fault("project/last_day", datetime(2027, 12, 31), "not-a-date"),
    fault("project/last_day", date(9999, 12, 31), "date-out-of-range", first=1990, last=2199),
    fault("organisations/one/budget", 100.02, "amount-not-quoted"),
    fault("organisations/one/budget", 100, "amount-not-quoted"),
    fault("organisations/one/budget", "1,234", "amount-ambiguous", value="1,234"),
    fault("organisations/one/budget", "-0.01", "amount-negative", value="-0.01"),
    fault("project/cofinancing_rate", 80, "percent-not-quoted"),
    fault("project/cofinancing_rate", "101", "percent-out-of-range", value="101"),
    # What keys and rows must agree on.
    fault(
        "project/last_day",
        date(2025, 12, 31),
        "last-day-before-start",
        start=date(2026, 1, 1),
        last_day=date(2025, 12, 31),
    ),
    fault(
        "reporting/periods/1/last_day",
        date(2025, 6, 30),
        "last-day-before-start",
        start=date(2026, 1, 1),
        last_day=date(2025, 6, 30),
    ),
    fault("project/total_budget", "300.06", "total-differs", value="300.06", sum="300.05"),
    fault("project/fund_total", "240.04", "total-differs", value="240.04", sum="240.03"),
    fault("organisations/two/role", "lead", "two-leads", lead="one"),
    fault("project/project_type", "assistance", "assistance-not-yet"),
    # Rows, and what they name in each other.
    fault("organisations/two/key", "one", "duplicate-key", "organisations.#2.key", key="one"),
    fault("organisations/two/key", "Two", "key-malformed", "organisations.Two.key", value="Two"),
    fault("organisations/two/key", "k" * 41, "key-malformed", "organisations.#2.key", value="k" * 41),
    fault("organisations/two/key", LEFT_OUT, "missing-key", "organisations.#2.key", key="key"),
    fault("indicators/+", {"key": "visits"}, "duplicate-key", "indicators.#3.key", key="visits"),
    fault("work_packages/+", {"number": 1}, "duplicate-key", "work_packages.#2.number", key=1),
    fault(
        "work_packages/1/activities/+",
        {"number": "1.1"},
        "duplicate-key",
        "work_packages.1.activities.#2.number",
        key="1.1",
    ),
    fault(
        "work_packages/1/activities/1.1/number",
        "2.1",
        "activity-number",
        "work_packages.1.activities.2.1.number",
        value="2.1",
        work_package=1,
    ),
    fault(
        "work_packages/1/activities/1.1/number",
        "1.a b",
        "activity-number",
        "work_packages.1.activities.#1.number",
        value="1.a b",
        work_package=1,
    ),
    fault("work_packages/1/activities/1.1/number", 1.1, "not-text", "work_packages.1.activities.#1.number"),
    fault("organisations/two/role", "associated", "associated-with-budget", "organisations.two.budget"),
    fault(
        "organisations/two/flat_rates",
        {"staff": 21},
        "number-out-of-range",
        "organisations.two.flat_rates.staff",
        least=1,
        most=20,
    ),
    fault(
        "organisations/two/flat_rates",
        {"travel": 0},
        "number-out-of-range",
        "organisations.two.flat_rates.travel",
        least=1,
        most=15,
    ),
    fault(
        "organisations/two/flat_rates",
        {"office_on_staff": 15, "office_on_direct": 7},
        "flat-rates-exclude",
        "organisations.two.flat_rates.office_on_direct",
        rate="office_on_direct",
        other="office_on_staff",
    ),
    fault(
        "organisations/two/flat_rates",
        {"other_on_staff": 40, "travel": 15},
        "flat-rates-exclude",
        "organisations.two.flat_rates.travel",
        rate="travel",
        other="other_on_staff",
    ),
    fault(
        "rules", {"flexibility_scope": "partner"}, "missing-key", "rules.flexibility_percent", key="flexibility_percent"
    ),
    fault("rules", {"flexibility_percent": "20"}, "missing-key", "rules.flexibility_scope", key="flexibility_scope"),
    fault("organisations/one/role", "partner", "time-zone-missing", "project.time_zone"),
    fault("organisations/one/country", "JP", "time-zone-missing", "project.time_zone"),
    fault("reporting/periods/+", SECOND_PERIOD, "periods-overlap", "reporting.periods.2.start", period="2", other="1"),
    fault(
        "indicators/visits/measure",
        {**PARTICIPATIONS, "work_package": 2},
        "unknown-work-package",
        "indicators.visits.measure.work_package",
        number=2,
    ),
    fault(
        "indicators/visits/measure",
        {"kind": "sum", "of": ["visits"]},
        "sum-cycle",
        "indicators.visits.measure.of",
        cycle="visits → visits",
    ),
    fault(
        "indicators/visits/measure",
        {"kind": "sum", "of": ["guests"]},
        "unknown-indicator",
        "indicators.visits.measure.of",
        key="guests",
    ),
    fault(
        "indicators/visits/measure",
        {"kind": "sum", "of": ["trust"]},
        "sum-of-survey",
        "indicators.visits.measure.of",
        key="trust",
    ),
    fault("indicators/visits/measure", SURVEY, "scale-or-item"),
]


@pytest.mark.parametrize(("path", "given", "problem"), FAULTS, ids=[f"{fault[0]} {fault[2].code}" for fault in FAULTS])
def test_a_fault_is_refused_with_its_place_its_code_and_its_values(path, given, problem):
    assert problems_of(path, given) == [problem]


@pytest.mark.parametrize("problem", [fault[2] for fault in FAULTS], ids=lambda problem: problem.code)
def test_a_fault_has_a_sentence_that_takes_its_values(problem):
    sentences = {**core_messages.SENTENCES, **messages.SENTENCES}

    assert "%(" not in str(sentences[problem.code]) % problem.values


def test_every_sentence_belongs_to_a_fault_that_is_tested():
    # The one that no file is refused with: asking for a project that is not there.
    assert set(messages.OF_FILES) - {"project-unknown"} <= {problem.code for _, _, problem in FAULTS}


PLACES = ["extra", "organisations/+", "work_packages/1/activities/+", *(fault[0] for fault in FAULTS)]
VALUES = st.recursive(
    st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.datetimes(),
    lambda values: (
        st.lists(values, max_size=3) | st.dictionaries(st.sampled_from(["key", "kind", "of", "en", ""]), values)
    ),
    max_leaves=5,
)


@given_any(st.sampled_from(PLACES), VALUES)
def test_whatever_stands_at_a_place_is_read_or_refused_with_known_codes(path, given):
    stated = with_given(path, given)

    try:
        facts = read_project_file(stated)
    except InvalidInputs as error:
        assert {problem.code for problem in error.problems} <= {*core_messages.SENTENCES, *messages.SENTENCES}
    else:
        assert facts.project["code"]
