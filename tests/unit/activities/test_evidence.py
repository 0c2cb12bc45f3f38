"""Evidence of events: what is expected of which, and what is not taken where sensitive groups were."""

import pytest

from portal.activities.rules.evidence import (
    EVIDENCE_KINDS,
    EXPECTED,
    Need,
    attendance_kind,
    check_evidence,
    checklist,
    missing_kinds,
    next_need,
)
from portal.core.errors import InvalidInput
from portal.projects.rules.vocabulary import EVENT_KINDS


def listed(kind: str, *present: str, public: bool = False, sensitive: bool = False) -> list[tuple[str, bool]]:
    return [tuple(each) for each in checklist(kind, is_public=public, sensitive=sensitive, present=present)]


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_every_event_is_expected_to_prove_its_attendance_first(kind):
    assert listed(kind)[0] == ("attendance_list", False)
    assert listed(kind, sensitive=True)[0] == ("tally_sheet", False)


def test_what_is_expected_are_kinds_of_evidence_of_kinds_of_events():
    assert set(EXPECTED) <= set(EVENT_KINDS)
    assert {kind for kinds in EXPECTED.values() for kind in kinds} <= set(EVIDENCE_KINDS)


def test_what_is_there_is_told_from_what_is_missing():
    assert listed("workshop", "agenda", "invoice", public=True) == [
        ("attendance_list", False),
        ("agenda", True),
        ("photos", False),
        ("presentation", False),
        ("publicity", False),
    ]


@pytest.mark.parametrize(
    ("present", "sensitive", "proven"),
    [
        ("attendance_list", False, True),
        ("tally_sheet", False, True),
        ("tally_sheet", True, True),
        ("attendance_list", True, False),
        ("agenda", False, False),
    ],
)
def test_a_list_of_names_proves_nothing_where_nobody_may_be_named(present, sensitive, proven):
    assert listed("meeting", present, sensitive=sensitive)[0] == (attendance_kind(sensitive=sensitive), proven)


def test_support_groups_are_not_asked_for_photos():
    assert listed("support_group", sensitive=True) == [("tally_sheet", False)]


@pytest.mark.parametrize(
    ("kind", "sensitive", "no_names", "code"),
    [
        ("selfie", False, False, "unknown-value"),
        ("attendance_list", True, True, "evidence-tally-needed"),
        ("tally_sheet", True, False, "evidence-names"),
        ("photos", True, False, "evidence-names"),
    ],
)
def test_evidence_that_cannot_be_attached_is_refused(kind, sensitive, no_names, code):
    with pytest.raises(InvalidInput) as refusal:
        check_evidence(kind, sensitive=sensitive, no_names=no_names)
    assert refusal.value.problem.code == code


@pytest.mark.parametrize(("kind", "sensitive"), [("attendance_list", False), ("agenda", False), ("tally_sheet", True)])
def test_other_evidence_is_taken(kind, sensitive):
    check_evidence(kind, sensitive=sensitive, no_names=sensitive)


def test_what_is_missing_is_what_the_checklist_has_not_met_attendance_first():
    facts = {"is_public": False, "sensitive": False}
    assert missing_kinds("workshop", present=["agenda"], **facts) == ("attendance_list", "photos", "presentation")
    assert missing_kinds("workshop", present=["tally_sheet", "agenda", "photos", "presentation"], **facts) == ()
    assert missing_kinds("meeting", is_public=False, sensitive=True, present=["attendance_list"]) == (
        "tally_sheet",
        "agenda",
    )


@pytest.mark.parametrize(
    ("has_people", "missing", "need"),
    [
        (False, ["attendance_list", "agenda"], Need.PEOPLE),
        (False, [], Need.PEOPLE),
        (True, ["attendance_list", "agenda"], Need.ATTENDANCE),
        (True, ["tally_sheet"], Need.ATTENDANCE),
        (True, ["agenda"], Need.OTHER),
        (True, [], None),
    ],
)
def test_people_come_before_the_proof_of_them_and_that_before_the_rest(has_people, missing, need):
    assert next_need(has_people=has_people, missing=missing) == need
