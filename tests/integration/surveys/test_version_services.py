"""New versions of a questionnaire: what they go to, what measures the same, and translations that fell behind."""

from decimal import Decimal

import pytest

from portal.core.errors import Conflict, InvalidInputs
from portal.surveys.queries.studies import document_of, get_wave
from portal.surveys.rules.documents import Item, content_hash
from portal.surveys.rules.editing import put_part
from portal.surveys.rules.outdated import Renamed
from portal.surveys.rules.translating import with_texts
from portal.surveys.services.studies import (
    begin_version,
    map_items,
    save_draft,
)
from portal.surveys.services.tokens import issue_tokens
from portal.surveys.services.versions import Notes
from portal.surveys.services.waves import decide_wave
from tests.conftest import NOW
from tests.integration.surveys.drafts import (
    ENDLINE,
    draft,
    entries,
    make,
    publish_now,
    refusal,
    study,
)
from tests.integration.surveys.studies import INSTRUMENT, answer, words
from tests.make import make_project


@pytest.fixture(autouse=True)
def project(in_app) -> None:
    make_project()


def test_a_new_version_goes_to_the_waves_that_have_not_begun():
    study_id = make()
    publish_now(study_id)
    begin_version(study_id, {"why": ""}, now=NOW)
    assert draft().mapping == {each: each for each in ("q1", "q2", "q3", "met", "where", "years")} | {"why": ""}
    changed = document_of(draft())._replace(title=words("Trust again"))
    save_draft(study_id, changed, version=1, now=NOW)
    assert study().title["en"] == "Trust (en)", "until it is published"
    publish_now(study_id)

    stored = study()
    first, second = stored.instruments
    assert stored.title["en"] == "Trust again (en)"
    assert (get_wave(stored, "baseline").instrument_id, get_wave(stored, "endline").instrument_id) == (
        first.id,
        second.id,
    ), "the baseline is open"
    assert document_of(first) == INSTRUMENT


@pytest.mark.parametrize("begun", ["answered", "opened", "closed"])
def test_a_wave_that_has_begun_keeps_its_version(begun):
    study_id = make(INSTRUMENT, ENDLINE)
    publish_now(study_id)
    wave = get_wave(study(), "endline")
    if begun == "answered":
        answer(study_id, "endline", [{"q1": 1}])
    else:
        decide_wave(wave.id, begun.replace("opened", "open"), version=wave.version, now=NOW)
    begin_version(study_id, {"why": ""}, now=NOW)
    publish_now(study_id)
    stored = study()
    assert get_wave(stored, "endline").instrument_id == stored.instruments[0].id


def test_a_version_that_asks_the_same_is_not_published():
    study_id = make()
    publish_now(study_id)
    begin_version(study_id, {}, now=NOW)
    with pytest.raises(InvalidInputs) as caught:
        publish_now(study_id)
    assert refusal(caught) == [("", "version-unchanged")]


def test_a_new_version_is_refused_where_it_cannot_begin():
    study_id = make()
    with pytest.raises(Conflict) as conflict:
        begin_version(study_id, {}, now=NOW)
    assert conflict.value.problem.code == "study-has-draft"
    publish_now(study_id)
    with pytest.raises(InvalidInputs) as caught:
        begin_version(study_id, {"q9": "q1", "q1": "q2", "q3": "weight"}, now=NOW)
    assert refusal(caught) == [("mapping.q9", "survey-item-unknown")]
    with pytest.raises(InvalidInputs) as caught:
        begin_version(study_id, {"q1": "q2", "q3": "weight"}, now=NOW)
    assert {code for _where, code in refusal(caught)} == {"duplicate-value", "duplicate-key", "survey-key-reserved"}
    begin_version(study_id, {}, now=NOW)
    with pytest.raises(Conflict):
        begin_version(study_id, {}, now=NOW)


def test_what_measures_the_same_is_said_and_kept_true():
    study_id = make()
    publish_now(study_id)
    begin_version(study_id, {"q1": ""}, now=NOW)
    five = {"least": Decimal(1), "most": Decimal(5)}
    new = Item("q1b", "likert", words("Everybody deserves a second chance."), "views", **five)
    asked = document_of(draft())
    save_draft(study_id, asked._replace(items=(new, *asked.items)), version=1, now=NOW)

    map_items(study_id, {"q1": "q1b"}, version=2, now=NOW)
    assert (draft().mapping["q1"], draft().mapping["q2"]) == ("q1b", "q2")
    assert entries("study_changed")[-1]["mapping"] == [["q1 → –"], ["q1 → q1b"]]
    map_items(study_id, {"q1": "q1b"}, version=3, now=NOW)
    assert draft().version == 3, "nothing was changed"
    with pytest.raises(InvalidInputs) as caught:
        map_items(study_id, {"q2": "why", "q3": "q1b"}, version=3, now=NOW)
    assert {where for where, _code in refusal(caught)} >= {"mapping.q2", "mapping.q3"}

    save_draft(study_id, asked, version=3, now=NOW)
    assert draft().mapping["q1"] == "", "the question has gone again"


def test_the_first_version_has_none_before_it():
    study_id = make()
    with pytest.raises(Conflict) as caught:
        map_items(study_id, {}, version=1, now=NOW)
    assert caught.value.problem.code == "study-first-version"


def test_a_version_whose_answers_cannot_be_compared_is_not_published():
    study_id = make()
    publish_now(study_id)
    begin_version(study_id, {}, now=NOW)
    asked = document_of(draft())
    wider = tuple(each._replace(most=Decimal(7)) if each.key == "q1" else each for each in asked.items)
    save_draft(study_id, asked._replace(items=wider), version=1, now=NOW)
    with pytest.raises(InvalidInputs) as caught:
        publish_now(study_id)
    assert refusal(caught) == [("mapping.q1", "mapping-differs")]
    map_items(study_id, {"q1": ""}, version=2, now=NOW)
    publish_now(study_id)


def test_a_renamed_question_measures_what_it_did_and_the_audit_says_so():
    study_id = make()
    publish_now(study_id)
    begin_version(study_id, {}, now=NOW)
    asked = put_part(INSTRUMENT, "items", INSTRUMENT.item("q1")._replace(key="chance"), key="q1")
    save_draft(study_id, asked, version=1, now=NOW, notes=Notes(renames=(Renamed("items", "q1", "chance"),)))
    assert (draft().mapping["q1"], draft().mapping["q2"]) == ("chance", "q2")
    assert entries("study_changed")[-1]["mapping"] == [["q1 → q1"], ["q1 → chance"]]

    again = put_part(asked, "items", asked.item("chance")._replace(key="second"), key="chance")
    save_draft(study_id, again, version=2, now=NOW, notes=Notes(renames=(Renamed("items", "chance", "second"),)))
    assert draft().mapping["q1"] == "second"
    publish_now(study_id)


def test_translations_of_texts_that_were_written_anew_are_kept_in_mind_and_never_hashed():
    study_id = make()
    publish_now(study_id)
    begin_version(study_id, {"why": "reason"}, now=NOW)
    asked = document_of(draft())
    changed = with_texts(asked, "en", {"items.q1.text": "Everybody deserves a second chance."})
    save_draft(study_id, changed, version=1, now=NOW)
    before = "People deserve a second chance. (en)"
    assert draft().outdated == {"items.q1.text": {"lt": before, "pl": before}}
    assert entries("study_changed")[-1]["to_check"] == [0, 2]

    save_draft(study_id, changed, version=2, now=NOW, notes=Notes(confirmed=(("items.q1.text", "lt"),)))
    assert draft().outdated == {"items.q1.text": {"pl": before}}
    assert publish_now(study_id) == content_hash(changed), "what waits does not enter the fingerprint"
    begin_version(study_id, {"q1": "q1b"}, now=NOW)
    assert draft().outdated == {"items.q1b.text": {"pl": before}}, "nobody has looked at it yet"


def test_personal_codes_fit_whatever_version_their_wave_asks():
    study_id = make(INSTRUMENT, ENDLINE)
    publish_now(study_id)
    issue_tokens(get_wave(study(), "endline").id, 3, now=NOW)
    begin_version(study_id, {"why": ""}, now=NOW)
    publish_now(study_id)
    stored = study()
    assert get_wave(stored, "endline").instrument_id == stored.instruments[1].id
