"""What of a change the audit keeps."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from portal.audit.rules import CHANGED, PERSONAL, differences

FACTS = st.dictionaries(st.sampled_from(["ref", "kind", "status", "person", "email"]), st.integers() | st.text())


def test_only_what_differs_is_kept_with_before_and_after():
    assert differences({"kind": "workshop", "place": "Kaunas"}, {"kind": "training", "place": "Kaunas"}) == {
        "kind": ["workshop", "training"]
    }


def test_a_thing_made_has_no_before_and_a_thing_removed_no_after():
    assert differences(None, {"ref": "V1"}) == {"ref": [None, "V1"]}
    assert differences({"ref": "V1"}, None) == {"ref": ["V1", None]}


def test_personal_fields_say_only_that_they_changed():
    before = {"participant": "anna@example.org", "person": "Anna", "group": "staff"}
    after = {"participant": "ona@example.org", "person": "Ona", "group": "professional"}
    assert differences(before, after) == {
        "participant": [CHANGED, CHANGED],
        "person": [CHANGED, CHANGED],
        "group": ["staff", "professional"],
    }


def test_days_and_instants_are_kept_as_iso_texts():
    assert differences(None, {"day": date(2026, 3, 10), "at": datetime(2026, 3, 10, 8, 0, tzinfo=UTC)}) == {
        "day": [None, "2026-03-10"],
        "at": [None, "2026-03-10T08:00:00+00:00"],
    }


@given(FACTS)
def test_equal_facts_leave_no_trace(facts):
    assert differences(facts, dict(facts)) == {}


@given(FACTS, FACTS)
def test_no_personal_value_is_ever_kept(before, after):
    kept = differences(before, after)
    assert all(values == [CHANGED, CHANGED] for field, values in kept.items() if field in PERSONAL)
