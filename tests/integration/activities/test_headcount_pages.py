"""Headcounts whose parts add up: totals, divisions by gender and age, and what is not known."""

import pytest

from portal.accounts.rules import Role
from portal.activities.queries import list_headcounts
from portal.activities.services.attendance import HeadcountDraft
from tests.integration.pages import links_of, page_text, read_errors, read_fields, read_table, send_form
from tests.make import PROJECT, make_event, make_headcounts, make_project, sign_in_as

EVENT = f"/projects/{PROJECT}/events/1"
NUMBERS = f"{EVENT}/headcounts"
COMMUNITY = f"{NUMBERS}/community_member"
TOTAL = "box-community_member--unknown-unknown"


@pytest.fixture
def partner(app):
    with app.app_context():
        make_project()
        make_event()
    return sign_in_as(app, Role.PARTNER, "ols")


def rows(app) -> dict[tuple[str, str, str, str], int]:
    with app.app_context():
        return {(row.group, row.country, row.gender, row.age_band): row.number for row in list_headcounts(1)}


def people(gender: str, age_band: str = "unknown", country: str = "") -> tuple[str, str, str, str]:
    return "community_member", country, gender, age_band


def test_twelve_people_of_whom_five_are_women_and_four_men_leave_three_not_known(app, partner):
    sent = {"total": "12", "part-f": "5", "part-m": "4"}
    assert send_form(partner, COMMUNITY, **sent).location == NUMBERS
    assert rows(app) == {people("f"): 5, people("m"): 4, people("unknown"): 3}
    page = partner.get(NUMBERS)
    table = read_table(page, "People counted")
    assert table[0][:6] == ["Group", "Female", "Male", "Other", "Not known", "In all"]
    assert table[1][:6] == ["Community members", "5", "4", "0", "3", "12"]
    assert table[-1][:6] == ["In all", "5", "4", "0", "3", "12"]
    assert read_fields(page)[TOTAL] == "12"
    assert "Neither gender nor age known: 3" in page_text(partner.get(COMMUNITY))
    assert "12 people in all" in page_text(partner.get(EVENT))


def test_ages_are_parts_of_their_gender(app, partner):
    send_form(partner, COMMUNITY, **{"total": "12", "part-f": "5", "part-f-18-29": "2", "part-unknown-under18": "1"})
    assert rows(app) == {
        people("f", "18-29"): 2,
        people("f"): 3,
        people("unknown", "under18"): 1,
        people("unknown"): 6,
    }
    fields = read_fields(partner.get(COMMUNITY))
    assert (fields["total"], fields["part-f"], fields["part-f-18-29"], fields["part-m"]) == ("12", "5", "2", "")


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"total": "8", "part-f": "5", "part-m": "4"}, "total", "add up to 9, which is more than 8 in all"),
        ({"total": "8", "part-f": "2", "part-f-18-29": "3"}, "part-f", "add up to 3, which is more than 2 in all"),
        ({"total": "many"}, "total", "Enter a whole number"),
    ],
)
def test_parts_above_the_total_are_refused_at_the_field_with_both_numbers(app, partner, sent, field, words):
    refused = send_form(partner, COMMUNITY, **sent)
    assert refused.status_code == 422
    assert words in read_errors(refused)[field]
    assert rows(app) == {}


def test_on_the_page_of_all_groups_the_total_keeps_its_parts(app, partner):
    send_form(partner, COMMUNITY, **{"total": "12", "part-f": "5", "part-m": "4"})
    assert send_form(partner, NUMBERS, **{TOTAL: "20"}).status_code == 302
    assert rows(app) == {people("f"): 5, people("m"): 4, people("unknown"): 11}
    refused = send_form(partner, NUMBERS, **{TOTAL: "8"})
    assert "add up to 9, which is more than 8 in all" in read_errors(refused)[TOTAL]
    part = "box-community_member--f-unknown"
    assert send_form(partner, NUMBERS, **{part: "6"}).status_code == 302
    assert rows(app) == {people("f"): 6, people("m"): 4, people("unknown"): 10}


def test_a_part_that_is_added_is_a_part_of_the_total(app, partner):
    send_form(partner, NUMBERS, **{TOTAL: "12"})
    send_form(partner, NUMBERS, group="community_member", number="5", gender="f")
    assert rows(app) == {people("f"): 5, people("unknown"): 7}
    refused = send_form(partner, NUMBERS, group="community_member", number="8", gender="m")
    assert refused.status_code == 422
    assert TOTAL in read_errors(refused)


def test_rows_that_were_there_already_stay_editable(app, partner):
    with app.app_context():
        make_headcounts(1, HeadcountDraft("community_member", 3, "PL", "f", "18-29"), HeadcountDraft("staff", 2))
    fields = read_fields(partner.get(NUMBERS))
    part = "box-community_member-PL-f-18-29"
    assert (fields["box-community_member-PL-unknown-unknown"], fields[part]) == ("3", "3")
    send_form(partner, NUMBERS, **{"box-community_member-PL-unknown-unknown": "4"})
    assert rows(app)[people("unknown", country="PL")] == 1
    divided = f"{COMMUNITY}?country=PL"
    assert divided in links_of(partner.get(NUMBERS)).values()
    send_form(partner, divided, **{"total": "2", "part-f": "", "part-f-18-29": "1"})
    assert rows(app) == {
        people("f", "18-29", "PL"): 1,
        people("unknown", country="PL"): 1,
        ("staff", "", "unknown", "unknown"): 2,
    }


def test_sums_stand_by_group_and_in_all(app, partner):
    with app.app_context():
        drafts = [HeadcountDraft("staff", 2), HeadcountDraft("staff", 3, "PL"), HeadcountDraft("other", 4)]
        make_headcounts(1, *drafts)
    table = read_table(partner.get(NUMBERS), "People counted")
    assert [(row[0], row[5]) for row in table[1:]] == [
        ("Staff", "2"),
        ("Staff, Poland", "3"),
        ("Others", "4"),
        ("Staff, in all", "5"),
        ("Others, in all", "4"),
        ("In all", "9"),
    ]


def test_a_stale_division_keeps_what_was_typed(app, partner):
    opened = read_fields(partner.get(COMMUNITY))
    send_form(partner, NUMBERS, **{TOTAL: "12"})
    stale = partner.post(COMMUNITY, data={**opened, "total": "20"})
    assert stale.status_code == 409
    assert read_fields(stale)["total"] == "20"
    assert partner.post(COMMUNITY, data=read_fields(stale)).status_code == 302
    assert rows(app) == {people("unknown"): 20}


@pytest.mark.parametrize("address", [f"{NUMBERS}/guests", f"{COMMUNITY}?country=XX", f"{NUMBERS}/x%00"])
def test_groups_and_countries_that_are_none_are_not_found(partner, address):
    assert partner.get(address).status_code in (400, 404)
