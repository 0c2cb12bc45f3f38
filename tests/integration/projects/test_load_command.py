"""`portal load`: what it prints and how it exits, and what the command says of an environment it cannot work in."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal.cli import main
from portal.core.db import db
from portal.projects.models import Organisation
from portal.projects.queries import find_project
from tests.conftest import NOW, SERVER, create_database
from tests.make import PROJECT_FILE, make_project, run_portal

PORTAL = Path(sys.executable).with_name("portal")


def test_a_new_project_is_created_and_the_same_file_again_changes_nothing(app):
    first, again = run_portal(app, "load", PROJECT_FILE), run_portal(app, "load", PROJECT_FILE)
    assert (first.exit_code, first.stdout) == (0, "LTPL00388: created.\n")
    assert (again.exit_code, again.stdout) == (0, "LTPL00388: unchanged.\n")


def test_a_value_changed_in_the_portal_is_kept_and_named(app):
    with app.app_context():
        make_project()
        row = db.session.scalars(select(Organisation).where(Organisation.key == "ols")).one()
        row.country = "LT"
        db.session.commit()
    result = run_portal(app, "load", PROJECT_FILE)
    assert result.exit_code == 0
    assert "organisations.ols.country" in result.stdout
    assert '"LT"' in result.stdout
    assert '"PL"' in result.stdout


def test_rows_that_only_one_side_has_are_named_as_kept_or_as_removed(app):
    with app.app_context():
        make_project()
        db.session.delete(db.session.scalars(select(Organisation).where(Organisation.key == "kaunas")).one())
        db.session.scalars(select(Organisation).where(Organisation.key == "alytus")).one().key = "alytus-city"
        db.session.commit()
    lines = run_portal(app, "load", PROJECT_FILE).stdout.splitlines()[1:]
    assert [line.strip().partition(": ")[0] for line in lines] == [
        "organisations.alytus",
        "organisations.kaunas",
        "organisations.alytus-city",
    ]
    assert ["it stays removed" in line for line in lines] == [True, True, False]
    assert ["it is kept" in line for line in lines] == [False, False, True]


def test_a_refused_file_exits_with_1_and_lists_each_problem_with_its_place_and_code(app, tmp_path):
    path = tmp_path / "faulty.toml"
    text = PROJECT_FILE.read_text(encoding="utf-8")
    path.write_text(text.replace("target = 216", "target = -1").replace('country = "PL"', 'country = "pl"'))
    result = run_portal(app, "load", path)
    assert result.exit_code == 1
    assert result.stdout == ""
    first, second = result.stderr.splitlines()
    assert first.startswith("organisations.ols.country: ")
    assert first.endswith("[unknown-country]")
    assert second.startswith("indicators.workshops.target: ")
    assert second.endswith("[number-out-of-range]")
    with app.app_context():
        assert find_project("LTPL00388") is None


def read_json(app, *arguments) -> tuple[int, dict[str, Any]]:
    result = run_portal(app, *arguments, "--format", "json")
    return result.exit_code, json.loads(result.stdout)


def test_as_json_the_result_and_the_differences_are_one_document(app):
    done = {"project": "LTPL00388", "result": "created", "differences": []}
    assert read_json(app, "load", PROJECT_FILE) == (0, done)
    assert read_json(app, "load", PROJECT_FILE) == (0, {**done, "result": "unchanged"})
    with app.app_context():
        db.session.scalars(select(Organisation).where(Organisation.key == "ols")).one().country = "LT"
        db.session.commit()
    [difference] = read_json(app, "load", PROJECT_FILE)[1]["differences"]
    place = {"table": "organisations", "key": "ols", "column": "country"}
    assert difference == {**place, "kept": "LT", "stated": "PL"}


def test_as_json_a_refusal_lists_each_problem_with_its_place_and_code(app, tmp_path):
    path = tmp_path / "faulty.toml"
    text = PROJECT_FILE.read_text(encoding="utf-8")
    path.write_text(text.replace("target = 216", "target = -1").replace('country = "PL"', 'country = "pl"'))
    code, document = read_json(app, "load", path)
    assert (code, list(document)) == (1, ["errors"])
    assert [(each["where"], each["code"]) for each in document["errors"]] == [
        ("organisations.ols.country", "unknown-country"),
        ("indicators.workshops.target", "number-out-of-range"),
    ]
    assert document["errors"][1]["message"].startswith("This number is out of range.")
    assert "[unknown-country]" in run_portal(app, "load", path, "--format", "json").stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["outcomes", "NOWHERE"], "project-unknown"),
        (["budget", "NOWHERE"], "project-unknown"),
        (["demo", "remove", "NOWHERE"], "project-unknown"),
        (["import", "events", PROJECT_FILE, "--project", "NOWHERE"], "project-unknown"),
        (["budget", "LTPL00388", "-o", "/nowhere/budget.json"], "file"),
    ],
    ids=str,
)
def test_every_command_that_is_asked_for_json_answers_its_refusals_so(app, arguments, code):
    with app.app_context():
        make_project()
    exit_code, document = read_json(app, *arguments)
    assert (exit_code, [each["code"] for each in document["errors"]]) == (1, [code])


def test_the_commands_of_the_example_answer_in_json(app):
    assert read_json(app, "init") == (0, {"result": "ready"})
    assert read_json(app, "demo", "load") == (0, {"project": "LTPL00388", "result": "created"})
    assert read_json(app, "demo", "load") == (0, {"project": "LTPL00388", "result": "unchanged"})
    code, removed = read_json(app, "demo", "remove", "LTPL00388")
    assert (code, removed["project"], removed["removed"] > 0) == (0, "LTPL00388", True)


def test_a_file_that_is_not_there_is_refused_by_its_name(app, tmp_path):
    result = run_portal(app, "load", tmp_path / "nowhere.toml")
    assert result.exit_code == 1
    assert "nowhere.toml" in result.stderr


@pytest.mark.parametrize("arguments", [["load"], ["load", "a.toml", "b.toml"], ["load", "--fast", "a.toml"], ["lod"]])
def test_wrong_usage_exits_with_2(app, arguments):
    assert run_portal(app, *arguments).exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["init"],
        ["serve"],
        ["load"],
        ["demo"],
        ["demo", "load"],
        ["demo", "remove"],
        ["outcomes"],
        ["budget"],
        ["check"],
    ],
    ids=" ".join,
)
def test_every_command_explains_itself(app, arguments):
    result = run_portal(app, *arguments, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: {' '.join(['portal', *arguments])}")


def run_installed(environment: dict[str, str], *arguments: str) -> tuple[int, str, str]:
    result = subprocess.run(
        [PORTAL, *arguments], env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=60
    )
    return result.returncode, result.stdout, result.stderr


def test_the_installed_command_creates_a_database_and_can_be_repeated(tmp_path):
    url = create_database(SERVER, f"portal_{os.getpid()}_new") if SERVER else f"sqlite:///{tmp_path / 'portal.sqlite'}"
    environment = {"PORTAL_DATABASE_URL": url, "PORTAL_DATA_DIR": str(tmp_path)}
    for _time in range(2):
        assert run_installed(environment, "init") == (0, "The database is ready.\n", "")
    assert run_installed(environment, "load", str(PROJECT_FILE)) == (0, "LTPL00388: created.\n", "")


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"PORTAL_MODE": "production"}, ["PORTAL_SECRET_KEY", "PORTAL_BASE_URL", "PORTAL_TRUSTED_HOSTS"]),
        ({"PORTAL_MODE": "prod"}, ["PORTAL_MODE"]),
        ({"PORTAL_NOW": "yesterday"}, ["yesterday"]),
        ({"PORTAL_DATABASE_URL": "sqlite:////nowhere/portal.sqlite"}, ["portal init"]),
        ({"PORTAL_DATABASE_URL": "sqlite:///:memory:"}, ["portal init"]),
        ({"PORTAL_DATABASE_URL": "postgresql+psycopg://127.0.0.1:1/portal"}, ["portal init"]),
    ],
    ids=["unsafe production", "unknown mode", "unreadable clock", "no file", "no tables", "no server"],
)
def test_an_environment_it_cannot_work_in_is_explained(monkeypatch, capsys, tmp_path, environment, named):
    stated = {"PORTAL_DATA_DIR": str(tmp_path), "PORTAL_NOW": NOW.isoformat(), **environment}
    for name in [each for each in os.environ if each.startswith("PORTAL_")]:
        monkeypatch.delenv(name)
    for name, value in stated.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["portal", "check"])
    with pytest.raises(SystemExit) as end:
        main()
    printed = capsys.readouterr()
    assert (end.value.code, printed.out) == (1, "")
    assert all(name in printed.err for name in named)
