"""The result of a survey as an indicator: in the outcome table, its JSON and its page."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from portal.accounts.rules import Role
from portal.core.db import db, transaction
from portal.core.errors import InvalidInputs
from portal.projects.models import Indicator
from portal.reports.loading import load_file
from portal.surveys.models import Response, Wave
from portal.surveys.services.analysing import analyse
from tests.conftest import NOW
from tests.integration.pages import page_text
from tests.integration.surveys.studies import INSTRUMENT, answer, choice, make_study, wave_of, words
from tests.make import PROJECT, PROJECT_FILE, make_project, noted_queries, run_portal, sign_in_as

MEAN = {"kind": "survey", "study": "trust", "wave": "baseline", "statistic": "mean"}
SHARE = {**MEAN, "statistic": "share"}
ROW = """
[[indicators]]
key = "{key}"
target = {target}
name.en = "{key}"
measure = {{ kind = "survey", study = "trust", scale = "trust", wave = "baseline", statistic = "mean" }}
"""


TRUSTING, DISTRUSTING = {"q1": 4, "q2": 4, "q3": 2}, {"q1": 1, "q2": 1, "q3": 5}


@pytest.fixture
def project(app: Flask) -> Flask:
    with app.app_context():
        make_project()
        study = make_study()
        # Twelve people: scores of 4 (eight) and 1 (four), q3 turned round; nine of the twelve met somebody.
        met = ["yes"] * 9 + ["no"] * 3
        answer(study, "baseline", [{**TRUSTING, "met": each, "years": "5"} for each in met[:8]])
        answer(study, "baseline", [{**DISTRUSTING, "met": each} for each in met[8:]])
        answer(study, "endline", [TRUSTING] * 9)
        analyse(study, now=NOW)
    return app


def add(app: Flask, key: str, measure: dict[str, Any], target: int | None) -> None:
    """Store an indicator; its target is in hundredths."""
    with app.app_context(), transaction() as session:
        names = {"en": key.title(), "lt": key, "pl": key}
        fields = {"position": 90, "name": names, "target": target, "measure": measure, "note": {}}
        session.add(Indicator(project_code=PROJECT, key=key, **fields))


def told(app: Flask, key: str, *arguments: str) -> dict[str, Any]:
    done = run_portal(app, "outcomes", PROJECT, "--format", "json", *arguments)
    assert done.exit_code == 0, done.output
    rows = {row["key"]: row for row in json.loads(done.stdout)["rows"]}
    found: dict[str, Any] = rows[key]
    return found


def test_the_mean_of_a_scale(project: Flask) -> None:
    add(project, "trusting", {**MEAN, "scale": "trust"}, 400)
    row = told(project, "trusting")
    # (8 · 4 + 4 · 1) / 12 = 3, which is 75 % of 4.
    assert (row["achieved"], row["percent"], row["n"]) == ("3.00", "75.00", 12)
    low, high = map(float, row["ci"])
    assert low < 3 < high
    viewer, address = sign_in_as(project, Role.VIEWER), f"/projects/{PROJECT}/outcomes/trusting"
    for language in ("lt", "pl", "en"):
        page = page_text(viewer.get(f"{address}?lang={language}"))
        assert "()" not in page, "it has no unit"
    assert "3.00 of 4.00 as of" in page
    assert "12 people answered." in page
    assert "75.00 %: The per cent of a survey's result is of the target value itself, not of the way from" in page


@pytest.mark.parametrize(
    ("what", "share", "said"),
    [
        ({"item": "met"}, "75.00", "Share who answered “yes (en)” · Have you met anybody? (en) · Baseline"),
        ({"item": "q1"}, "66.67", "Share of answers above the middle step · People deserve a second chance. (en)"),
        ({"scale": "trust"}, "66.67", "Share of scores above the middle of the scale · Trust (en) · Baseline"),
    ],
)
def test_the_share_of_answers(project: Flask, what: dict[str, str], share: str, said: str) -> None:
    add(project, "share", {**SHARE, **what}, 10_000)
    row = told(project, "share")
    assert (row["achieved"], row["percent"], row["n"]) == (share, share, 12)
    viewer = sign_in_as(project, Role.VIEWER)
    for address in (f"/projects/{PROJECT}/outcomes", f"/projects/{PROJECT}/outcomes/share"):
        assert said in page_text(viewer.get(address))
    # The wave is not over: everyone else is told nothing of it.
    assert said not in page_text(project.test_client().get(f"/public/{PROJECT}"))


def test_a_share_of_several_choices_names_the_first_and_of_whom_it_is(project: Flask) -> None:
    with project.app_context():
        study = make_study(key="other")
        # Three have met somebody and tick nothing.
        answer(
            study, "baseline", [{"where": ["work", "other"]}] * 9 + [{"where": ["family"]}] * 3 + [{"met": "yes"}] * 3
        )
        analyse(study, now=NOW)
    add(project, "share", {**SHARE, "study": "other", "item": "where"}, None)
    assert (told(project, "share")["achieved"], told(project, "share")["n"]) == ("75.00", 12)
    said = page_text(sign_in_as(project, Role.VIEWER).get(f"/projects/{PROJECT}/outcomes/share"))
    assert "Share who chose “work (en)”, of those who answered the question · Where? (en) · Baseline" in said


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"wave": "endline", "scale": "trust"}, "Not reported: this wave had not begun by 2026-11-20."),
        ({"study": "unknown", "scale": "trust"}, "There is no survey “unknown” yet."),
        ({"wave": "unknown", "scale": "trust"}, "The survey “trust” has no wave “unknown”."),
        ({"scale": "unknown"}, "The survey “trust” has no scale “unknown”."),
        ({"item": "why"}, "Answers to “why” are texts"),
        # Eight of the twelve.
        ({"item": "years"}, "Not reported: of those who answered in this wave, fewer than 10 answered this."),
    ],
)
def test_what_too_few_answered_or_nobody_asked_is_not_reported(project: Flask, what: dict[str, str], said: str) -> None:
    add(project, "silent", {**MEAN, **what}, 400)
    row = told(project, "silent")
    assert (row["achieved"], row["percent"], row["n"], row["ci"]) == (None, None, None, None)
    page = page_text(sign_in_as(project, Role.VIEWER).get(f"/projects/{PROJECT}/outcomes/silent"))
    assert said in page
    assert page.count("Not reported:") == said.count("Not reported:")


def test_the_last_analysis_counts_until_there_is_another_and_pages_compute_nothing(
    project: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(project, "trusting", {**MEAN, "scale": "trust"}, 400)
    with project.app_context():
        answer(1, "baseline", [TRUSTING] * 12)
    monkeypatch.setattr("portal.surveys.rules.analysis.whole.describe_study", pytest.fail)
    assert told(project, "trusting")["achieved"] == "3.00"
    page = sign_in_as(project, Role.VIEWER).get(f"/projects/{PROJECT}/outcomes/trusting").text
    assert "Analysed on 20 November 2026" in page
    assert "Answers have come or gone since this was analysed." in page
    monkeypatch.undo()
    with project.app_context():
        analyse(1, now=NOW)
    # (20 · 4 + 4 · 1) / 24
    assert told(project, "trusting")["achieved"] == "3.50"


def test_what_was_never_analysed_is_not_reported(project: Flask) -> None:
    with project.app_context():
        answer(make_study(key="other"), "baseline", [TRUSTING] * 12)
    add(project, "other", {**MEAN, "study": "other", "scale": "trust"}, 400)
    assert told(project, "other")["achieved"] is None
    page = sign_in_as(project, Role.VIEWER).get(f"/projects/{PROJECT}/outcomes/other").text
    assert "Not reported: the answers are not analysed yet." in page


def test_of_answers_that_are_gone_nothing_is_reported(project: Flask) -> None:
    add(project, "trusting", {**MEAN, "scale": "trust"}, 400)
    with project.app_context(), transaction() as session:
        some = session.scalars(select(Response.id).where(Response.wave_id == wave_of(1)).limit(3)).all()
        session.execute(delete(Response).where(Response.id.in_(some)))
    assert told(project, "trusting")["achieved"] is None
    said = page_text(sign_in_as(project, Role.VIEWER).get(f"/projects/{PROJECT}/outcomes/trusting"))
    assert "Not reported: fewer than 10 people have answered in this wave so far." in said


@pytest.mark.parametrize(
    ("opens_on", "day", "last_day", "before", "since", "said"),
    [
        (date(2026, 11, 1), date(2026, 11, 10), None, "2026-10-31", "2026-11-01", "had not begun by 2026-10-31"),
        (None, date(2026, 11, 10), None, "2026-11-09", "2026-11-10", "had not begun by 2026-11-09"),
        # Answers from files have no day.
        (None, None, date(2026, 11, 15), "2026-11-14", "2026-11-15", "had not begun by 2026-11-14"),
        (None, None, None, "2026-11-19", "2026-11-20", "so it counts from 2026-11-20 on"),
    ],
)
def test_a_wave_counts_from_its_first_day_on(
    project: Flask, opens_on: date | None, day: date | None, last_day: date | None, before: str, since: str, said: str
) -> None:
    add(project, "trusting", {**MEAN, "scale": "trust"}, 400)
    with project.app_context(), transaction() as session:
        session.execute(update(Response).values(day=day))
        wave = session.get_one(Wave, wave_of(1))
        wave.opens_on, wave.last_day = opens_on, last_day
    assert told(project, "trusting", "--as-of", before)["achieved"] is None
    assert told(project, "trusting", "--as-of", since)["achieved"] == "3.00"
    address = f"/projects/{PROJECT}/outcomes/trusting?as_of={before}"
    page = page_text(sign_in_as(project, Role.VIEWER).get(address))
    assert said in page
    assert page.count("Not reported:") == 1


def test_choices_that_are_numbers_are_no_steps(project: Flask) -> None:
    item = INSTRUMENT.items[3]._replace(choices=(choice("1"), choice("2"), choice("3")), text=words("Which?"))
    plain = INSTRUMENT._replace(items=(*INSTRUMENT.items[:3], item))
    with project.app_context():
        study = make_study(plain, key="other")
        answer(study, "baseline", [{"met": "1"}] * 9 + [{"met": "3"}] * 3)
        analyse(study, now=NOW)
        db.session.remove()
    add(project, "first", {**SHARE, "study": "other", "item": "met"}, 10_000)
    assert told(project, "first")["achieved"] == "75.00"


def test_pages_ask_the_database_as_often_for_many_surveys_and_rows_as_for_one(project: Flask) -> None:
    home = f"/projects/{PROJECT}"
    manager, everyone = sign_in_as(project, Role.MANAGER), project.test_client()
    pages = {f"{home}/outcomes": manager, f"{home}/": manager, f"{home}/structure": manager, f"{home}/surveys": manager}
    pages |= {f"/public/{PROJECT}": everyone, f"/public/{PROJECT}/outcomes.json": everyone}

    def asked() -> dict[str, int]:
        numbers = {}
        for page, client in pages.items():
            with noted_queries(project) as queries:
                assert client.get(page).status_code == 200
            numbers[page] = len(queries)
        return numbers

    def close(study: int) -> None:
        analyse(study, now=NOW)
        with transaction() as session:
            session.get_one(Wave, wave_of(study)).by_hand = "closed"
        analyse(study, now=NOW)

    with project.app_context():
        close(1)
        close(analysed := make_study(key="other"))
        answer(analysed, "baseline", [TRUSTING] * 12)
        close(analysed)
    add(project, "trusting", {**MEAN, "scale": "trust"}, 400)
    add(project, "silent", {**MEAN, "scale": "unknown"}, 400)
    before = asked()
    for number in range(3):
        with project.app_context():
            study = make_study(key=f"study-{number}")
            answer(study, "baseline", [TRUSTING] * 12)
            close(study)
        add(project, f"told-{number}", {**MEAN, "study": f"study-{number}", "scale": "trust"}, 400)
        add(project, f"silent-{number}", {**MEAN, "study": f"study-{number}", "scale": "unknown"}, 400)
        add(project, f"no-study-{number}", {**MEAN, "study": f"gone-{number}", "scale": "trust"}, 400)
    assert told(project, "told-2")["achieved"] == "4.00"
    assert everyone.get(f"/public/{PROJECT}").text.count("/surveys/study-") == 3
    assert asked() == before


def test_a_page_reads_the_surveys_once(project: Flask) -> None:
    add(project, "trusting", {**MEAN, "scale": "trust"}, 400)
    viewer = sign_in_as(project, Role.VIEWER)
    for page in ("outcomes", "outcomes/trusting"):
        with noted_queries(project) as queries:
            assert viewer.get(f"/projects/{PROJECT}/{page}").status_code == 200
        assert sum("FROM studies" in each for each in queries) == 1


def test_a_file_with_many_targets_asks_as_often_as_one_with_one(project: Flask, tmp_path: Path) -> None:
    def load(*targets: str) -> None:
        rows = "".join(ROW.format(key=f"row-{number}", target=target) for number, target in enumerate(targets))
        text = PROJECT_FILE.read_text(encoding="utf-8").replace("[[indicators]]", f"{rows}\n[[indicators]]", 1)
        file = tmp_path / "project.toml"
        file.write_text(text, encoding="utf-8")
        load_file(file, now=NOW)

    asked = []
    for number in (1, 5, 20):
        # Every target is another one than before.
        with noted_queries(project) as queries, project.app_context():
            load(*[str(1 + number / 10)] * number)
        asked.append([each for each in queries if each.startswith("SELECT")])
    assert any("FROM studies" in each for each in asked[0])
    assert len(asked[0]) == len(asked[1]) == len(asked[2])
    with project.app_context(), pytest.raises(InvalidInputs) as refused:
        load("4", "6", "5", "7")
    wheres = [each.where for each in refused.value.problems]
    assert wheres == ["indicators.row-1.target", "indicators.row-3.target"]
