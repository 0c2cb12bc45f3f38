"""Pages of attendance: people one by one, under a code, and numbers without names."""

import pytest
from sqlalchemy import insert

from portal.accounts.rules import Role
from portal.activities.models import Participation
from portal.activities.queries import list_headcounts, list_participations
from portal.activities.services.attendance import HeadcountDraft
from portal.core.db import transaction
from tests.integration.pages import (
    find_all,
    page_text,
    read_errors,
    read_fields,
    read_page,
    read_summary,
    read_table,
    send_form,
)
from tests.make import (
    PROJECT,
    make_event,
    make_headcounts,
    make_people,
    make_project,
    noted_queries,
    sign_in_as,
    version_of,
)

EVENT = f"/projects/{PROJECT}/events/1"
PEOPLE = f"{EVENT}/participants"
NUMBERS = f"{EVENT}/headcounts"

ONA = {
    "participant": "Ona@Example.LT",
    "name": "Ona Onaitė",
    "organisation": "Alytus City Municipality",
    "group": "professional",
    "country": "LT",
    "gender": "f",
    "age_band": "30-44",
    "status": "registered",
}


@pytest.fixture
def partner(app):
    with app.app_context():
        make_project()
        make_event()
    return sign_in_as(app, Role.PARTNER, "ols")


def people(app) -> list[tuple[str, str, str]]:
    with app.app_context():
        return [(row.participant, row.name, row.group) for row in list_participations(1).rows]


def make_crowd(app, numbers: range) -> None:
    """People at the event who are known by p and a number."""
    with app.app_context(), transaction() as session:
        session.execute(insert(Participation), [{"event_id": 1, "participant": f"p{each}"} for each in numbers])


def numbers(app) -> dict[tuple[str, str], int]:
    with app.app_context():
        return {(row.group, row.country): row.number for row in list_headcounts(1)}


def test_a_recorded_person_is_named_on_the_list_and_the_form_is_ready_for_the_next(app, partner):
    response = send_form(partner, f"{PEOPLE}/new", **ONA)
    assert (response.status_code, response.location) == (302, f"{PEOPLE}/new")
    assert "ona@example.lt is recorded." in page_text(partner.get(response.location))
    assert read_table(partner.get(PEOPLE), "Participants")[1] == [
        "ona@example.lt",
        "Ona Onaitė",
        "Alytus City Municipality",
        "Lithuania",
        "Professionals",
        "Registered",
        "Edit · Remove",
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"participant": ""}, "participant"),
        ({"participant": "ona@"}, "participant"),
        ({"participant": "Ona Onaitė"}, "participant"),
        ({"participant": "x" * 300}, "participant"),
        ({"name": "x" * 201}, "name"),
        ({"organisation": "x" * 201}, "organisation"),
        ({"group": "guest"}, "group"),
        ({"country": "XX"}, "country"),
        ({"gender": "w"}, "gender"),
        ({"age_band": "17"}, "age_band"),
        ({"status": "came"}, "status"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_fault_is_explained_at_its_field_and_what_was_typed_is_kept(app, partner, change, field):
    sent = {**ONA, **change}
    refused = send_form(partner, f"{PEOPLE}/new", **sent)
    assert refused.status_code == 422
    assert list(read_errors(refused)) == [field]
    assert len(read_summary(refused)) == 1
    kept = read_fields(refused)
    assert {name: kept[name] for name in ("participant", "name", "organisation")} == {
        name: sent[name] for name in ("participant", "name", "organisation")
    }
    assert people(app) == []


def test_the_list_is_paged_and_its_head_says_how_many_there_are_in_all(app, partner):
    make_crowd(app, range(120))
    first = partner.get(PEOPLE)
    assert len(read_table(first, "Participants")) == 1 + 50
    assert "120 participants" in page_text(first)
    last = partner.get(f"{PEOPLE}?page=9")
    assert [row[0] for row in read_table(last, "Participants")[1:]] == [f"p{number}" for number in range(100, 120)]
    assert "Page 3 of 3" in page_text(last)
    assert len(read_table(partner.get(f"{PEOPLE}?per_page=100"), "Participants")) == 1 + 100


def test_a_list_of_5000_asks_the_database_as_often_as_one_of_50(app, partner):
    make_crowd(app, range(50))
    with noted_queries(app) as few:
        partner.get(PEOPLE)
    make_crowd(app, range(50, 5000))
    with noted_queries(app) as many:
        answer = partner.get(PEOPLE)
    assert len(many) == len(few)
    assert len(answer.data) < 100_000


def test_a_person_who_is_on_the_list_already_is_a_conflict_with_the_text_kept(app, partner):
    send_form(partner, f"{PEOPLE}/new", **ONA)
    refused = send_form(partner, f"{PEOPLE}/new", **ONA)
    assert refused.status_code == 409
    assert "already on the event's list" in " ".join(read_summary(refused))
    assert read_fields(refused)["name"] == "Ona Onaitė"
    assert len(people(app)) == 1


def test_a_person_is_changed_and_removed_after_a_page_that_says_what_will_happen(app, partner):
    send_form(partner, f"{PEOPLE}/new", **ONA)
    assert send_form(partner, f"{PEOPLE}/1", name="Ona O.", status="attended").location == PEOPLE
    assert people(app) == [("ona@example.lt", "Ona O.", "professional")]
    assert "ona@example.lt is taken off the list of this event" in page_text(partner.get(f"{PEOPLE}/1/remove"))
    assert send_form(partner, f"{PEOPLE}/1/remove").location == PEOPLE
    assert people(app) == []
    assert partner.get(f"{PEOPLE}/1").status_code == 404


def test_the_form_for_convicted_persons_and_family_members_has_no_field_that_names_anyone(app, partner):
    page = partner.get(f"{PEOPLE}/new-code")
    fields = read_fields(page)
    assert not {"name", "organisation", "email"} & set(fields)
    assert [each.attributes["value"] for each in find_all(read_page(page), "input", name="group")] == [
        "convicted_person",
        "family_member",
    ]


def test_a_convicted_person_without_a_code_is_given_one(app, partner):
    response = send_form(partner, f"{PEOPLE}/new-code", group="convicted_person")
    assert response.status_code == 302
    assert "K001 is recorded." in page_text(partner.get(response.location))
    assert people(app) == [("K001", "", "convicted_person")]


def test_a_name_that_is_smuggled_into_the_form_of_codes_is_not_stored(app, partner):
    sent = {"group": "family_member", "participant": "LT0042", "name": "Jonas", "organisation": "Prison"}
    assert send_form(partner, f"{PEOPLE}/new-code", **sent).status_code == 302
    assert people(app) == [("LT0042", "", "family_member")]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"group": "", "participant": "LT0042"}, "group"),
        ({"group": "staff", "participant": "LT0042"}, "group"),
        ({"group": "convicted_person", "participant": "Jonas"}, "participant"),
        ({"group": "convicted_person", "participant": "j@x.lt"}, "group"),
        ({"group": "convicted_person", "participant": "jonas@example.lt"}, "participant"),
    ],
    ids=str,
)
def test_what_would_name_a_convicted_person_is_refused_and_not_stored(app, partner, sent, field):
    refused = send_form(partner, f"{PEOPLE}/new-code", **sent)
    assert refused.status_code == 422
    assert list(read_errors(refused)) == [field]
    assert people(app) == []


def test_a_code_with_a_name_beside_it_elsewhere_is_refused_at_the_field_of_the_code(app, partner):
    with app.app_context():
        make_people(make_event(), ["LT0042"], name="Ona Onaitė")
    refused = send_form(partner, f"{PEOPLE}/new-code", group="convicted_person", participant="LT0042")
    assert refused.status_code == 422
    assert "participant" in read_errors(refused)
    assert "Ona Onaitė" not in refused.text


def test_a_person_under_a_code_is_changed_in_the_form_without_a_name(app, partner):
    send_form(partner, f"{PEOPLE}/new-code", group="convicted_person")
    assert "name" not in read_fields(partner.get(f"{PEOPLE}/1"))
    assert send_form(partner, f"{PEOPLE}/1", group="family_member", name="Jonas").status_code == 302
    assert people(app) == [("K001", "", "family_member")]


def test_a_named_person_cannot_be_turned_into_a_convicted_one_by_a_forged_form(app, partner):
    send_form(partner, f"{PEOPLE}/new", **ONA)
    assert send_form(partner, f"{PEOPLE}/1", group="convicted_person").status_code == 422
    assert people(app) == [("ona@example.lt", "Ona Onaitė", "professional")]


def box(group: str, country: str = "", gender: str = "unknown", age_band: str = "unknown") -> str:
    return f"box-{group}-{country}-{gender}-{age_band}"


COMMUNITY = box("community_member")


def test_numbers_are_stored_shown_and_taken_away(app, partner):
    sent = {COMMUNITY: "40", box("convicted_person"): "16"}
    assert send_form(partner, NUMBERS, **sent).location == EVENT
    assert "56 people in all" in page_text(partner.get(EVENT))
    fields = read_fields(partner.get(NUMBERS))
    assert (fields[COMMUNITY], fields[box("staff")]) == ("40", "")
    send_form(partner, NUMBERS, **{COMMUNITY: "41", box("convicted_person"): ""})
    assert numbers(app) == {("community_member", ""): 41}


def test_a_number_with_details_is_a_row_and_a_box_of_its_own(app, partner):
    send_form(partner, NUMBERS, group="community_member", number="3", country="PL", gender="f", age_band="18-29")
    assert read_table(partner.get(EVENT), "People counted")[1] == [
        "Community members",
        "Poland",
        "Female",
        "18–29",
        "3",
    ]
    assert read_fields(partner.get(NUMBERS))[box("community_member", "PL", "f", "18-29")] == "3"


@pytest.mark.parametrize(
    "typed", ["-1", "4.5", "four", "1e3", "٤", "1000001", "3000000000", "9" * 5000], ids=lambda t: t[:12]
)
def test_what_is_no_number_of_people_is_explained_at_its_box_and_kept(app, partner, typed):
    refused = send_form(partner, NUMBERS, **{COMMUNITY: typed, box("staff"): "5"})
    assert refused.status_code == 422
    assert list(read_errors(refused)) == [COMMUNITY]
    assert "set_int_max_str_digits" not in refused.text
    fields = read_fields(refused)
    assert (fields[COMMUNITY], fields[box("staff")]) == (typed, "5")
    assert numbers(app) == {}


@pytest.mark.parametrize("sent", [{"group": "staff", "number": ""}, {"group": "", "number": "5"}], ids=str)
def test_a_row_with_details_needs_both_its_group_and_its_number(app, partner, sent):
    refused = send_form(partner, NUMBERS, **sent)
    assert refused.status_code == 422
    assert list(read_errors(refused)) == ["number"]


def test_the_same_group_in_its_box_and_in_the_row_with_details_is_refused_and_neither_is_lost(app, partner):
    refused = send_form(partner, NUMBERS, **{COMMUNITY: "40", "group": "community_member", "number": "5"})
    assert refused.status_code == 422
    fields = read_fields(refused)
    assert (fields[COMMUNITY], fields["number"]) == ("40", "5")
    assert numbers(app) == {}


def test_stale_numbers_are_a_conflict_with_the_typed_ones_kept(app, partner):
    opened = read_fields(partner.get(NUMBERS))
    with app.app_context():
        make_headcounts(1, HeadcountDraft("community_member", 38))
    stale = partner.post(NUMBERS, data={**opened, COMMUNITY: "40"})
    assert stale.status_code == 409
    assert "Someone else has changed this event" in " ".join(read_summary(stale))
    fields = read_fields(stale)
    assert (fields[COMMUNITY], fields["version"]) == ("40", "2")
    assert numbers(app) == {("community_member", ""): 38}
    assert partner.post(NUMBERS, data=fields).status_code == 302
    assert numbers(app) == {("community_member", ""): 40}


def test_sending_a_stale_form_again_does_not_take_away_a_row_that_someone_added_meanwhile(app, partner):
    opened = read_fields(partner.get(NUMBERS))
    with app.app_context():
        make_headcounts(1, HeadcountDraft("staff", 7, "PL"))
    fields = read_fields(partner.post(NUMBERS, data={**opened, COMMUNITY: "40"}))
    assert partner.post(NUMBERS, data=fields).status_code == 302
    assert numbers(app) == {("community_member", ""): 40, ("staff", "PL"): 7}


def test_recording_people_makes_an_open_form_of_numbers_stale(app, partner):
    opened = read_fields(partner.get(NUMBERS))
    send_form(partner, f"{PEOPLE}/new", **ONA)
    assert partner.post(NUMBERS, data={**opened, COMMUNITY: "40"}).status_code == 409
    with app.app_context():
        assert version_of(1) == 2


def test_the_list_of_participants_asks_as_often_for_forty_as_for_one(app, partner):
    counted = []
    for codes in (["p00"], [f"q{number:02d}" for number in range(39)]):
        with app.app_context():
            make_people(1, codes)
        with noted_queries(app) as queries:
            assert partner.get(PEOPLE).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]
