"""What is kept of an analysis: the newest, of projects that are not closed, and of answers that are still there."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import delete

from portal.core.db import db, transaction
from portal.core.errors import Conflict
from portal.jobs.models import Job
from portal.projects.models import Project
from portal.surveys.models import Analysis, Response, Study
from portal.surveys.queries.analyses import analysis_waits, find_analysis
from portal.surveys.queries.answers import Computed, compute
from portal.surveys.queries.standing import public_waves
from portal.surveys.services.analysing import analyse, request_analysis
from tests.conftest import NOW
from tests.integration.surveys.kept import keep_analysis
from tests.integration.surveys.simulating import TRUST, People, store
from tests.integration.surveys.studies import make_study, wave_of
from tests.make import PROJECT, make_project

HIDDEN = {"suppressed": True}
WHERE = "portal.surveys.services.analysing.compute"


@pytest.fixture
def study(in_app: Flask) -> int:
    make_project()
    study = make_study(TRUST)
    chance = np.random.default_rng(5)
    same = People(chance, "LT", 30)
    for wave in ("baseline", "endline"):
        store(study, wave, same.answer(chance) + People(chance, "PL", 20).answer(chance))
    return study


def close_project() -> None:
    with transaction() as session:
        session.get_one(Project, PROJECT).status = "closed"


def remove_answers(study: int, wave: str, left: int) -> None:
    with transaction() as session:
        ids = [row.id for row in session.query(Response).filter_by(wave_id=wave_of(study, wave))]
        session.execute(delete(Response).where(Response.id.in_(ids[left:])))


def kept_result(study: int) -> dict[str, Any]:
    kept = find_analysis(study)
    assert kept is not None
    return kept.result


def test_an_older_computation_replaces_no_newer_one(study: int, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = {"waves": [{"key": "baseline", "n": 51}], "newer": True}

    def slow(study_id: int) -> Computed:
        found = compute(study_id)
        store(study_id, "baseline", [{"answers": {}}])
        keep_analysis(study_id, newer)
        return found

    monkeypatch.setattr(WHERE, slow)
    assert analyse(study, now=NOW) == newer
    assert kept_result(study) == newer


def test_of_the_answers_as_they_are_it_replaces_what_was_kept_meanwhile(
    study: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(study_id: int) -> Computed:
        with transaction() as session:
            session.add(Analysis(study_id=study_id, fingerprint="0" * 64, result={"waves": []}, made_at=NOW))
        return compute(study_id)

    monkeypatch.setattr(WHERE, slow)
    assert analyse(study, now=NOW)["waves"][0]["n"] == 50
    assert kept_result(study)["waves"][0]["n"] == 50


def test_of_few_that_came_while_it_was_computed_nothing_is_told(study: int, monkeypatch: pytest.MonkeyPatch) -> None:
    first = analyse(study, now=NOW)
    store(study, "baseline", [{"answers": {}}] * 10)

    def slow(study_id: int) -> Computed:
        remove_answers(study, "baseline", 51)
        return compute(study_id)

    monkeypatch.setattr(WHERE, slow)
    assert analyse(study, now=NOW) == first
    assert kept_result(study) == first


def test_what_somebody_else_counted_meanwhile_for_everyone_stays(study: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction() as session:
        for wave in session.get_one(Study, study).waves:
            wave.by_hand = "closed"
    counted: list[Any] = []

    def slow(study_id: int) -> Computed:
        if not counted:
            counted.append(None)
            analyse(study_id, now=NOW - timedelta(minutes=1))
            counted.append(public_counts(study))
            store(study_id, "baseline", [{"answers": {}}])
        return compute(study_id)

    monkeypatch.setattr(WHERE, slow)
    assert analyse(study, now=NOW, despite_few=True)["waves"][0]["n"] == 51
    assert public_counts(study) == counted[1]
    assert [each[0] for each in counted[1]] == [50, 50]


def public_counts(study: int) -> list[tuple[int, str]]:
    """How many people everyone is told of, wave by wave, and what tells these counts from others."""
    waves = public_waves([db.session.get_one(Study, study)], NOW.date())
    return [(each.number, each.mark) for each in waves.values()]


def test_a_closed_project_is_read_but_not_analysed_anew(study: int) -> None:
    first = analyse(study, now=NOW)
    close_project()
    # Its waves are over, so everyone is told of them from now on.
    request_analysis(PROJECT, "trust", now=NOW)
    assert analysis_waits(study)
    assert public_counts(study) == []
    assert analyse(study, now=NOW) == first
    assert [number for number, _mark in public_counts(study)] == [50, 50]
    with transaction() as session:
        session.query(Job).delete()
    store(study, "baseline", [{"answers": {}}])
    with pytest.raises(Conflict, match="project-closed"):
        analyse(study, now=NOW, despite_few=True)
    with pytest.raises(Conflict, match="project-closed"):
        request_analysis(PROJECT, "trust", now=NOW)
    assert db.session.get_one(Study, study).key == "trust"


def test_of_a_wave_of_which_too_few_answers_are_left_nothing_is_told(study: int) -> None:
    first = analyse(study, now=NOW)
    assert first["scales"][0]["change"]["design"] == "partially_overlapping"
    remove_answers(study, "endline", 9)
    told = kept_result(study)
    assert told["waves"] == [{"key": "baseline", "n": 50}, {"key": "endline", **HIDDEN}]
    assert told["pairing"] == {"method": "code", **HIDDEN}
    (scale,) = told["scales"]
    assert scale["waves"] == {"baseline": first["scales"][0]["waves"]["baseline"], "endline": HIDDEN}
    assert scale["change"] == scale["alpha"]["endline"] == HIDDEN
    assert scale["groups"]["country"]["LT"]["change"] == scale["groups"]["country"]["PL"]["waves"]["endline"] == HIDDEN
    assert scale["contrasts"] == [{"by": "country", "levels": ["LT", "PL"], **HIDDEN}]
    assert all(item["waves"]["endline"] == item["change"] == HIDDEN for item in told["items"])
    assert {"code": "wave-too-small", "where": "endline", "values": {"least": 10}} in told["warnings"]
    assert not [each for each in told["warnings"] if each["values"].get("wave") == "endline"]


def test_where_enough_are_left_the_last_analysis_is_told(study: int) -> None:
    first = analyse(study, now=NOW)
    remove_answers(study, "endline", 10)
    assert kept_result(study) == first


def test_a_level_of_few_pairs_is_compared_as_different_people(in_app: Flask) -> None:
    make_project()
    study, chance = make_study(TRUST), np.random.default_rng(7)
    many, few = People(chance, "LT", 30), People(chance, "PL", 9)
    for wave in ("baseline", "endline"):
        store(study, wave, many.answer(chance) + few.answer(chance) + People(chance, "PL", 20).answer(chance))
    (scale,) = analyse(study, now=NOW)["scales"]
    lt, pl = (scale["groups"]["country"][level]["change"] for level in ("LT", "PL"))
    assert scale["change"]["why"]["values"]["pairs"] == 39
    assert (pl["design"], pl["tests"][0]["name"], pl["why"]["code"]) == ("independent", "welch", "too-few-pairs")
    # 39 less 30 would be the nine.
    assert (pl["why"]["values"]["pairs"], lt["why"]["values"]["pairs"]) == (HIDDEN, None)
    assert lt["design"] == "paired"


def test_a_level_that_nobody_is_in_says_so(in_app: Flask) -> None:
    make_project()
    study, chance = make_study(TRUST), np.random.default_rng(7)
    store(study, "baseline", People(chance, "LT", 30).answer(chance) + People(chance, "PL", 20).answer(chance))
    store(study, "endline", People(chance, "LT", 30).answer(chance))
    document = analyse(study, now=NOW)
    (scale,) = document["scales"]
    pl = scale["groups"]["country"]["PL"]
    assert (pl["waves"]["baseline"]["n"], pl["waves"]["endline"]["n"], pl["change"]) == (20, 0, None)
    assert scale["groups"]["country"]["LT"]["waves"]["endline"]["n"] == 30
    assert scale["alpha"]["endline"]["languages"]["pl"] == {"value": None, "ci": None, "n": 0}
    assert scale["contrasts"] == []
    assert "levels-hidden" not in [each["code"] for each in document["warnings"]]


def test_of_people_in_one_wave_only_no_few_are_counted(in_app: Flask) -> None:
    make_project()
    study, chance = make_study(TRUST), np.random.default_rng(7)
    same = People(chance, "LT", 30)
    store(study, "baseline", same.answer(chance))
    store(study, "endline", same.answer(chance) + People(chance, "LT", 4).answer(chance))
    document = analyse(study, now=NOW)
    # 34 less the pairs would be the four.
    assert [document["pairing"][name] for name in ("matched", "ambiguous", "unmatched")] == [HIDDEN] * 3
    (scale,) = document["scales"]
    assert scale["change"]["why"]["values"] == {"measure": "scale", "pairs": None, "first": 30, "second": 34}
