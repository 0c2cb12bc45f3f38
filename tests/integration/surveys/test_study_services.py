"""Surveys from their first draft to their next version: what is stored, what is refused, what the audit says."""

from datetime import date

import pytest
from sqlalchemy import func, select

from portal.core.db import db
from portal.core.errors import Conflict, InvalidInputs, NotFound
from portal.projects.queries import get_project
from portal.projects.services.structure_status import move_project
from portal.surveys.models import Study
from portal.surveys.queries.starter import get_starter
from portal.surveys.queries.studies import document_of, find_published
from portal.surveys.rules.documents import Condition, Item, content_hash
from portal.surveys.rules.wave_drafts import WaveDraft
from portal.surveys.services.studies import (
    begin_version,
    create_study,
    map_items,
    publish,
    remove_draft,
    save_draft,
)
from tests.conftest import NOW
from tests.integration.surveys.drafts import (
    EMPTY,
    draft,
    entries,
    make,
    publish_now,
    refusal,
    study,
)
from tests.integration.surveys.studies import INSTRUMENT
from tests.make import OTHER_PROJECT, PROJECT, make_other_project, make_project


@pytest.fixture(autouse=True)
def project(in_app) -> None:
    make_project()


def test_a_new_survey_is_a_draft_with_its_waves():
    make()
    stored = study()
    assert (stored.title["lt"], len(stored.salt), stored.version) == ("Trust (lt)", 64, 1)
    assert document_of(draft()) == INSTRUMENT
    assert (find_published(stored), draft().content_hash, draft().number) == (None, "", 1)
    assert [(wave.key, wave.opens_on, wave.instrument_id) for wave in stored.waves] == [
        ("baseline", date(2026, 11, 1), None),
        ("endline", date(2027, 11, 1), None),
    ]
    assert len({wave.token for wave in stored.waves}) == 2
    (created,) = entries("study_created")
    assert created["items"] == [None, 7]
    assert created["hash"] == [None, content_hash(INSTRUMENT)[: len(created["hash"][1])]]


def test_a_survey_with_faults_is_refused_with_all_of_them_and_not_stored():
    make(key="other")
    faulty = INSTRUMENT._replace(scales=(INSTRUMENT.scales[0]._replace(reverse=("met",)),))
    with pytest.raises(InvalidInputs) as caught:
        make(faulty, WaveDraft("baseline"), WaveDraft("Baseline", date(2026, 2, 2), date(2026, 2, 1)), key="other")
    assert refusal(caught) == [
        ("key", "study-key-taken"),
        ("scales.trust.reverse.#1", "reverse-not-in-scale"),
        ("waves.Baseline.last_day", "wave-days"),
        ("waves.Baseline.key", "duplicate-key"),
    ]
    with pytest.raises(InvalidInputs) as caught:
        make(key="No key")
    assert refusal(caught) == [("key", "key-malformed")]
    with pytest.raises(NotFound):
        make(code="LTPL00000")
    assert db.session.scalar(select(func.count()).select_from(Study)) == 1


def test_two_projects_may_have_a_survey_of_the_same_key():
    make_other_project()
    assert make() != make(code=OTHER_PROJECT)


def test_saving_a_draft_stores_it_tidily_and_once():
    study_id = make(EMPTY)
    stated = EMPTY._replace(title={"lt": " Pasitikėjimas ", "en": "Trust now", "pl": "Zaufanie"})
    save_draft(study_id, stated, version=1, now=NOW)

    assert document_of(draft()).title == {"en": "Trust now", "lt": "Pasitikėjimas"}
    assert (study().title["en"], draft().version) == ("Trust now", 2)
    save_draft(study_id, stated, version=2, now=NOW)
    assert draft().version == 2, "nothing was changed"
    assert len(entries("study_changed")) == 1


def test_a_draft_that_someone_else_has_changed_is_not_written_over():
    study_id = make(EMPTY)
    save_draft(study_id, EMPTY._replace(note={"en": "Mine"}), version=1, now=NOW)
    for act in (
        lambda: save_draft(study_id, EMPTY, version=1, now=NOW),
        lambda: publish(study_id, version=1, now=NOW),
        lambda: remove_draft(study_id, version=1, now=NOW),
    ):
        with pytest.raises(Conflict) as caught:
            act()
        assert caught.value.problem.code == "study-stale"
    assert document_of(draft()).note == {"en": "Mine"}


def test_a_draft_must_be_well_built_and_may_be_incomplete():
    study_id = make(EMPTY)
    save_draft(study_id, EMPTY._replace(items=(Item("why", "text", {"en": "Why?"}),)), version=1, now=NOW)
    with pytest.raises(InvalidInputs) as caught:
        save_draft(study_id, EMPTY._replace(items=(Item("why", "text"), Item("why", "text"))), version=2, now=NOW)
    assert refusal(caught) == [("items.#2.key", "duplicate-key")]


def test_publishing_names_every_missing_text_and_freezes_nothing():
    study_id = make(EMPTY._replace(items=(Item("why", "text", {"en": "Why?"}),)))
    with pytest.raises(InvalidInputs) as caught:
        publish_now(study_id)
    assert refusal(caught) == [
        ("study.consent.lt", "survey-text-missing"),
        ("items.why.text.lt", "survey-text-missing"),
    ]
    assert draft().content_hash == ""


def test_publishing_freezes_the_questionnaire_for_all_its_waves():
    study_id = make()
    found = publish_now(study_id)

    stored = study()
    published = find_published(stored)
    assert found == published.content_hash == content_hash(INSTRUMENT)
    assert published.published_at == NOW
    assert {wave.instrument_id for wave in stored.waves} == {published.id}
    assert len(entries("study_published")) == 1
    for act in (
        lambda: save_draft(study_id, EMPTY, version=2, now=NOW),
        lambda: publish(study_id, version=2, now=NOW),
        lambda: remove_draft(study_id, version=2, now=NOW),
        lambda: map_items(study_id, {}, version=2, now=NOW),
    ):
        with pytest.raises(Conflict) as caught:
            act()
        assert caught.value.problem.code == "study-frozen"
    assert document_of(find_published(study())) == INSTRUMENT


def test_removing_a_draft_leaves_what_is_published():
    study_id = make()
    publish_now(study_id)
    begin_version(study_id, {}, now=NOW)
    assert remove_draft(study_id, version=1, now=NOW) is False
    assert [row.number for row in study().instruments] == [1]
    assert document_of(find_published(study())) == INSTRUMENT
    begin_version(study_id, {}, now=NOW)
    assert draft().number == 2


def test_removing_the_only_draft_removes_the_survey():
    study_id = make()
    assert remove_draft(study_id, version=1, now=NOW) is True
    with pytest.raises(NotFound):
        study()
    assert len(entries("study_draft_removed")) == 1
    make()


def test_a_closed_project_takes_no_changes():
    first, second = make(), make(key="second")
    publish_now(first)
    move_project(PROJECT, "closed", version=get_project(PROJECT).version, now=NOW)
    for act in (
        lambda: make(key="third"),
        lambda: begin_version(first, {}, now=NOW),
        lambda: save_draft(second, EMPTY, version=1, now=NOW),
        lambda: publish(second, version=1, now=NOW),
        lambda: remove_draft(second, version=1, now=NOW),
    ):
        with pytest.raises(Conflict) as caught:
            act()
        assert caught.value.problem.code == "project-closed"


def test_a_survey_that_is_not_there_is_not_found():
    with pytest.raises(NotFound):
        publish(7, version=1, now=NOW)


def test_the_starter_can_be_published_as_it_is():
    starter = get_starter()
    study_id = create_study(PROJECT, "trust", starter.instrument, starter.waves, now=NOW)
    assert publish_now(study_id) == content_hash(starter.instrument)


def test_a_condition_on_a_later_item_is_refused_at_its_place():
    study_id = make(EMPTY)
    circle = EMPTY._replace(
        items=(
            Item("a", "number", {"en": "A"}, show_if=Condition("b", ("1",))),
            Item("b", "number", {"en": "B"}, show_if=Condition("a", ("1",))),
        )
    )
    with pytest.raises(InvalidInputs) as caught:
        save_draft(study_id, circle, version=1, now=NOW)
    assert refusal(caught) == [
        ("items.a.show_if.item", "condition-circular"),
        ("items.b.show_if.item", "condition-circular"),
    ]
