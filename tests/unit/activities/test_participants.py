"""Participants: how a person is known, and what is never kept about convicted persons and their families."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.activities.rules.participants import SENSITIVE_CODE, check_sensitive, issue_code, participant_key
from portal.core.errors import InvalidInput

NOTHING = {"participant": "K001", "name": "", "organisation": ""}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Anna.Kowalska@Example.ORG", "anna.kowalska@example.org"),
        ("  ona@example.lt ", "ona@example.lt"),
        ("ŽYGIS@pavyzdys.lt", "žygis@pavyzdys.lt"),
        ("LT0042", "LT0042"),
        (" p01 ", "p01"),
        ("Lektorius-7/b", "Lektorius-7/b"),
        ("x" * 40, "x" * 40),
        (f"{'x' * 242}@example.org", f"{'x' * 242}@example.org"),
    ],
)
def test_a_person_is_known_by_an_e_mail_in_lower_case_or_a_code_as_written(text, key):
    assert participant_key(text) == key


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "participant-missing"),
        ("   ", "participant-missing"),
        ("anna@", "participant-email"),
        ("@example.org", "participant-email"),
        ("anna@example", "participant-email"),
        ("anna@ex ample.org", "participant-email"),
        ("anna@ola@example.org", "participant-email"),
        ("anna\0@example.org", "participant-email"),
        (f"{'x' * 243}@example.org", "participant-email"),
        ("x" * 41, "participant-code"),
        ("Anna Kowalska", "participant-code"),
        ("a\tb", "participant-code"),
        ("a\N{NO-BREAK SPACE}b", "participant-code"),
        ("a\0b", "participant-code"),
    ],
)
def test_what_is_neither_an_e_mail_nor_a_code_is_refused(text, code):
    with pytest.raises(InvalidInput) as refusal:
        participant_key(text)
    assert (refusal.value.problem.code, refusal.value.problem.where) == (code, "participant")


@given(st.text(max_size=60))
def test_a_key_is_read_as_itself_again(text):
    try:
        key = participant_key(text)
    except InvalidInput:
        return
    assert participant_key(key) == key


GROUPS_WITH_NAMES = ["professional", "staff", "community_member", "spectator", "other", "unknown"]


@pytest.mark.parametrize("group", GROUPS_WITH_NAMES)
def test_people_of_other_groups_may_be_kept_by_name_and_e_mail(group):
    check_sensitive(group, participant="ona@example.lt", name="Ona", organisation="Alytus")


@pytest.mark.parametrize("group", ["convicted_person", "family_member"])
@pytest.mark.parametrize("code", ["K001", "12", "12345678", "LTU12345678", "A99"])
def test_a_convicted_person_or_family_member_is_kept_under_a_code_alone(group, code):
    check_sensitive(group, participant=code, name="", organisation="")


@pytest.mark.parametrize("group", ["convicted_person", "family_member"])
@pytest.mark.parametrize(
    ("stated", "where"),
    [
        ({"name": "Jonas Jonaitis"}, "group"),
        ({"organisation": "Alytus prison"}, "group"),
        ({"participant": "jonas@example.lt"}, "group"),
        ({"participant": "Jonas"}, "participant"),
        ({"participant": "jonas12"}, "participant"),
        ({"participant": "K1"}, "participant"),
        ({"participant": "123456789"}, "participant"),
        ({"participant": "+37061234567"}, "participant"),
        ({"participant": "ABCD12"}, "participant"),
        ({"participant": "K٠٠١"}, "participant"),
        ({"participant": "K001\n"}, "participant"),
    ],
    ids=str,
)
def test_a_name_a_contact_or_a_telling_code_of_theirs_is_refused_and_not_repeated(group, stated, where):
    with pytest.raises(InvalidInput) as refusal:
        check_sensitive(group, **{**NOTHING, **stated})
    problem = refusal.value.problem
    assert problem.code == ("sensitive-name" if where == "group" else "sensitive-code")
    assert problem.where == where
    assert problem.values == {}


@pytest.mark.parametrize(
    ("taken", "code"),
    [
        ([], "K001"),
        (["K001"], "K002"),
        (["K002", "K009", "anna@example.org", "LT0042", "KK77", "K99999999"], "K010"),
        ([f"K{number:03d}" for number in range(1, 1000)], "K1000"),
    ],
    ids=["none", "one", "strange ones", "a thousand"],
)
def test_the_next_code_follows_the_highest_issued_one(taken, code):
    assert issue_code(taken) == code


@given(st.lists(st.from_regex(r"K[0-9]{2,7}", fullmatch=True)))
def test_an_issued_code_is_free_and_fits_the_pattern(taken):
    code = issue_code(taken)
    assert code not in taken
    assert SENSITIVE_CODE.fullmatch(code)
