"""Who publishes or closes while others type, import, begin or send: nobody answers what their wave does not ask."""

from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit.services import Actor, acting_as
from portal.core.db import db, transaction
from portal.projects.queries import get_project
from portal.projects.services.structure_status import move_project
from portal.surveys.models import PaperSheet, Response, Sitting, Wave
from portal.surveys.queries.studies import find_draft, get_study
from portal.surveys.rules.paper import PaperDraft
from portal.surveys.services.answering import Seat, Typed, begin_sitting, finish, save
from portal.surveys.services.paper import type_sheet
from portal.surveys.services.studies import begin_version, publish
from portal.surveys.services.waves import decide_wave
from tests.conftest import NOW
from tests.integration.activities.test_exclusion_races import told
from tests.integration.files.test_races import together
from tests.integration.surveys.papers import hash_of
from tests.integration.surveys.phones import VIEWS
from tests.integration.surveys.studies import make_study, wave_of
from tests.make import PROJECT, make_project

ROUNDS = 6
TOKEN = "trust-baseline-token"


@pytest.fixture
def study(app: Flask) -> int:
    """A published survey with an open baseline and an endline to come."""
    with app.app_context():
        make_project()
        return make_study()


def begin_another(study_id: int, key: str = "trust") -> None:
    """A draft that does not ask why any more."""
    begin_version(study_id, {"why": ""}, now=NOW)
    assert find_draft(get_study(PROJECT, key)) is not None


def numbers(study_key: str) -> list[int]:
    """The versions that the survey's waves ask."""
    db.session.rollback()
    return [wave.instrument.number for wave in get_study(PROJECT, study_key).waves if wave.instrument]


def test_a_wave_with_somebody_who_answers_keeps_its_version(app: Flask, study: int):
    with app.app_context():
        with transaction() as session:
            facts = {"language": "en", "day": NOW.date(), "answers": {}, "groups": {}, "pairing": []}
            session.add(Sitting(key_hash="0" * 64, wave_id=wave_of(study, "endline"), **facts))
        begin_another(study)
        publish(study, version=1, now=NOW)
        assert numbers("trust") == [1, 1]


def test_a_form_is_typed_for_the_version_that_its_wave_asks(app: Flask, study: int):
    for turn in range(ROUNDS):
        key = f"turn-{turn}"
        with app.app_context():
            study_id = make_study(key=key)
            wave_id = wave_of(study_id, "endline")
            shown = hash_of(wave_id)
            begin_another(study_id, key)

        def type_in(wave_id: int = wave_id, shown: str = shown) -> None:
            with acting_as(Actor(901, "Typist")):
                answers = {"q1": ["4"], "why": ["So."]}
                type_sheet(wave_id, 1, "en", PaperDraft(answers, {}, {}), content_hash=shown, now=NOW)

        said = together(app, told(type_in), told(lambda study_id=study_id: publish(study_id, version=1, now=NOW)))
        assert said[1] == ""
        with app.app_context():
            is_typed = db.session.scalar(select(PaperSheet.id).where(PaperSheet.wave_id == wave_id)) is not None
            # Whoever was first has it: the form its question, or the new version the wave.
            assert (numbers(key)[1], said[0] == "") == ((1, True) if is_typed else (2, False))


@pytest.mark.parametrize("closed", ["wave", "project"])
def test_no_answers_are_stored_once_a_wave_or_its_project_is_closed(app: Flask, study: int, closed: str):
    for turn in range(ROUNDS):
        with app.app_context():
            if turn and closed == "project":
                move_project(PROJECT, "running", version=get_project(PROJECT).version, now=NOW)
            row = get_study(PROJECT, "trust").waves[0]
            wave_id, version, opened = row.id, row.version + 1, row.version
            decide_wave(wave_id, "open" if row.by_hand != "open" else "", version=opened, now=NOW)
            seats = [Seat(TOKEN, begin_sitting(TOKEN, "en", now=NOW)) for _each in range(4)]
            for seat in seats:
                save(seat, Typed(VIEWS, "en", {"q1": ["4"]}), now=NOW)
            project_version = get_project(PROJECT).version
            before = len(db.session.scalars(select(Response)).all())
            db.session.rollback()
        ends_of = {
            "wave": partial(decide_wave, wave_id, "closed", version=version, now=NOW),
            "project": partial(move_project, PROJECT, "closed", version=project_version, now=NOW),
        }
        left: list[int] = []

        def close(ends: Callable[[], object] = ends_of[closed], left: list[int] = left) -> None:
            ends()
            left.append(len(db.session.scalars(select(Response)).all()))

        sent = [told(lambda seat=seat: finish(seat, "en", now=NOW)) for seat in seats]
        said = together(app, told(close), *sent)
        assert said[0] == ""
        assert set(said[1:]) <= {"", "wave-closed", "project-closed"}
        with app.app_context():
            stored = len(db.session.scalars(select(Response)).all())
            assert stored == before + said[1:].count("")
            # Nothing came after the moment in which the wave or the project was closed.
            assert left == [stored]
            if closed == "wave":
                assert db.session.get_one(Wave, wave_id).by_hand == "closed"
