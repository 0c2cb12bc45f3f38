"""What is compared where waves are more than two, where a version asks otherwise, and where questions are hidden."""

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.core.db import transaction
from portal.surveys.models import Instrument, Wave
from portal.surveys.rules.documents import Item, Scale, content_hash, to_content
from portal.surveys.services.analysing import analyse
from tests.conftest import NOW
from tests.integration.pages import page_text, read_tables
from tests.integration.surveys.studies import INSTRUMENT, answer, make_study, words
from tests.make import PROJECT, make_project, sign_in_as

RESULTS = f"/projects/{PROJECT}/surveys/trust/results"
THREE = {"baseline": (None, None), "endline": (None, None), "hand": (None, None)}
LOW, HIGH = {"q1": 2, "q2": 2, "q3": 4}, {"q1": 4, "q2": 4, "q3": 2}


@pytest.fixture
def viewer(app: Flask) -> FlaskClient:
    with app.app_context():
        make_project()
    return sign_in_as(app, Role.VIEWER)


def publish_second(study: int, *, waves: tuple[str, ...] = ("endline",)) -> None:
    """A second version with one question in other words, and a new question in a scale of its own."""
    q1, *others = INSTRUMENT.items
    new = Item("money", "likert", words("Money worries me."), "views", least=Decimal(1), most=Decimal(5))
    second = INSTRUMENT._replace(
        items=(q1._replace(text=words("Everybody deserves a second chance.")), *others, new),
        scales=(*INSTRUMENT.scales, Scale("worry", ("money",), words("Money worries"))),
    )
    with transaction() as session:
        row = Instrument(study_id=study, number=2, content=to_content(second), content_hash=content_hash(second))
        row.mapping, row.published_at, row.created_at, row.updated_at = {}, NOW, NOW, NOW
        session.add(row)
        session.flush()
        for key in waves:
            wave = session.scalars(select(Wave).where(Wave.study_id == study, Wave.key == key)).one()
            wave.instrument_id = row.id


def test_a_wave_that_nobody_answered_yet_takes_no_place(app: Flask, viewer: FlaskClient):
    with app.app_context():
        study = make_study(waves=THREE)
        answer(study, "baseline", [LOW, LOW, HIGH] * 10)
        answer(study, "endline", [LOW, HIGH, HIGH] * 10)
        document: dict[str, Any] = analyse(study, now=NOW)
        assert document["compared"] == ["baseline", "endline"]
        # Of 2 and 4: 2.67 on average, then 3.33.
        assert document["scales"][0]["change"]["estimate"] == pytest.approx(2 / 3)
    page = page_text(viewer.get(RESULTS))
    assert "Trust (en): the average rose from 2.67 to 3.33" in page
    assert "Change between two waves: Baseline, Endline" in page
    # The wave to come has no rows, and nobody is warned of it.
    assert "hand" not in page


def test_of_a_wave_of_a_few_nobody_is_told_in_which_groups_they_are_not(app: Flask):
    with app.app_context():
        make_project()
        study = make_study(waves=THREE)
        for country in ("LT", "PL"):
            answer(study, "baseline", [LOW] * 15, groups={"country": country})
            answer(study, "endline", [HIGH] * 15, groups={"country": country})
        answer(study, "hand", [LOW] * 3, groups={"country": "LT"})
        (scale,) = analyse(study, now=NOW)["scales"]
        hidden = {"suppressed": True}
        assert scale["waves"]["hand"] == hidden
        # That none of them lives in Poland would say where all three live.
        assert [scale["groups"]["country"][level]["waves"]["hand"] for level in ("LT", "PL")] == [hidden, hidden]
        assert scale["groups"]["country"]["PL"]["waves"]["endline"]["n"] == 15


def test_before_the_second_wave_nothing_is_said_to_be_withheld(app: Flask, viewer: FlaskClient):
    with app.app_context():
        study = make_study()
        answer(study, "baseline", [LOW] * 12)
        analyse(study, now=NOW)
    page = page_text(viewer.get(RESULTS))
    assert "There are answers from one wave only, so nothing can be said about a change yet." in page
    assert "Here nothing is said" not in page


def test_a_scale_that_only_one_version_asks_is_not_said_to_be_withheld(app: Flask, viewer: FlaskClient):
    with app.app_context():
        study = make_study()
        publish_second(study)
        answer(study, "baseline", [LOW, LOW, HIGH] * 10)
        answer(study, "endline", [{**LOW, "money": 3}, {**HIGH, "money": 3}, {**HIGH, "money": 5}] * 10)
        document: dict[str, Any] = analyse(study, now=NOW)
        worry = document["scales"][1]
        assert ([*worry["waves"]], worry["change"]) == (["endline"], None)
        assert worry["groups"]["country"]["LT"] == {"waves": {"endline": {**ZERO}}, "change": None}
        codes = {each["code"]: each for each in document["warnings"]}
        assert codes["items-reworded"]["values"] == {"items": ["q1"]}
    page = page_text(viewer.get(RESULTS))
    assert "Not asked in both waves, so there is no change to tell of: “Money worries (en)”." in page
    assert "Here nothing is said" not in page
    assert "put in other words in one of the waves, so the change may come from that: “Trust (en)”." in page
    assert "The words of these questions are not the same in both waves" in page


def test_of_a_scale_that_no_wave_has_asked_yet_nothing_is_said_to_be_withheld(app: Flask, viewer: FlaskClient):
    with app.app_context():
        study = make_study(waves=THREE)
        publish_second(study, waves=("hand",))
        answer(study, "baseline", [LOW, LOW, HIGH] * 10, groups={"country": "LT"})
        answer(study, "endline", [LOW, HIGH, HIGH] * 10, groups={"country": "LT"})
        document: dict[str, Any] = analyse(study, now=NOW)
        assert document["scales"][1]["groups"]["country"]["LT"]["change"] is None
        assert "levels-hidden" not in {each["code"] for each in document["warnings"]}
    assert "Changes that are not told for this reason" not in page_text(viewer.get(RESULTS))


ZERO = {"n": 0, "mean": None, "sd": None, "ci": None, "weighted": None}


def test_who_was_not_asked_did_not_leave_the_question_open(app: Flask, viewer: FlaskClient):
    with app.app_context():
        study = make_study()
        said = [{"met": "no"}] * 8 + [{"met": "yes", "where": ["work"]}] * 11 + [{"met": "yes"}] * 3 + [{"q1": 3}]
        answer(study, "baseline", said)
        items = {each["key"]: each for each in analyse(study, now=NOW)["items"]}
        missing = items["where"]["waves"]["baseline"]["missing"]
        # Eight did not meet anybody and one did not say so: they were not asked where. Three were and left it open.
        assert missing == {"dk": 0, "refused": 0, "none": 3, "unasked": 9}
    tables = dict(read_tables(viewer.get(RESULTS)))
    where = next(rows for caption, rows in tables.items() if "Where?" in caption)
    assert where[-2:] == [["No answer", "3"], ["Not asked, because of an earlier answer", "9"]]
    met = next(rows for caption, rows in tables.items() if "Have you met anybody?" in caption)
    assert met[-1][0] == "No answer"
