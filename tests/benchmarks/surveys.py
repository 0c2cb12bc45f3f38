"""Surveys: an analysis of two large waves with its page, and an import of many answers: seconds and peak memory."""

import resource
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter

import numpy as np
from flask import Flask
from sqlalchemy import insert

from portal.accounts.rules import Role
from portal.core.db import db, transaction
from portal.imports.kinds import Request, find_kind
from portal.imports.services.storing import import_file
from portal.surveys.models import Response
from portal.surveys.queries.measuring import survey_figure
from portal.surveys.queries.surveyed import Surveys
from portal.surveys.rules.documents import Instrument, Item, Pairing, Scale
from portal.surveys.services.analysing import analyse
from tests.benchmarks.databases import Database, tidy
from tests.benchmarks.pages import fetch, milliseconds
from tests.conftest import NOW
from tests.integration.surveys.studies import FIVE, INSTRUMENT, make_study, wave_of, words
from tests.make import PROJECT, make_project, sign_in_as

RESPONSES = 50_000
IMPORTED = 100_000
ITEMS = 30
CHUNK = 5_000
MEGABYTE = 1024
RESULTS = f"/projects/{PROJECT}/surveys/trust/results"

KEYS = tuple(f"q{number}" for number in range(1, ITEMS + 1))
LARGE = Instrument(
    languages=("lt", "pl"),
    title=words("Large"),
    consent=words("I agree to take part."),
    groups=INSTRUMENT.groups,
    items=tuple(Item(key, "likert", words(key), **FIVE) for key in KEYS),
    scales=tuple(Scale(f"s{start}", KEYS[start : start + 10], words("Scale")) for start in range(0, ITEMS, 10)),
    pairing=Pairing("code", tuple(f"c{number}" for number in range(1, 9)), 6),
)


def measure_surveys(databases: Iterable[Database]) -> None:
    """Print how long the largest surveys take, and the most memory of the process that analyses."""
    print(f"\nSurveys of {ITEMS} items:\n")
    print("| database | what | seconds | MB |")
    print("| --- | --- | ---: | ---: |")
    for database in databases:
        with tempfile.TemporaryDirectory() as folder:
            app = database.build(Path(folder))
            with app.app_context():
                make_project()
                study = make_study(LARGE)
                _fill(study)
                tidy()
                url = db.engine.url.render_as_string(hide_password=False)
                db.session.remove()
            print(f"| {database.name} | analysis of 2 × {RESPONSES} | {_analysis(url, folder, study)} |", flush=True)
            reader = sign_in_as(app, Role.VIEWER)
            page = milliseconds(lambda reader=reader: fetch(reader, RESULTS)) / 1_000
            print(f"| {database.name} | results page of these | {page:.3f} | – |", flush=True)
            taken = _import(app, Path(folder))
            print(f"| {database.name} | import of {IMPORTED} responses | {taken:.1f} | – |", flush=True)
            with app.app_context():
                _measure_figure(database)
                db.session.remove()
                db.engine.dispose()


def _fill(study: int) -> None:
    """Half of the people of the first wave, with their codes, in the second wave too."""
    chance = np.random.default_rng(5)
    codes = chance.integers(0, 30, (RESPONSES, 8))
    for wave, shift in (("baseline", 0.0), ("endline", 0.2)):
        attitudes = chance.normal(3 + shift, 0.7, RESPONSES)
        if wave == "endline":
            codes[RESPONSES // 2 :] = chance.integers(0, 30, (RESPONSES - RESPONSES // 2, 8))
        _store(wave_of(study, wave), attitudes, codes, chance)


def _store(wave_id: int, attitudes: np.ndarray, codes: np.ndarray, chance: np.random.Generator) -> None:
    for start in range(0, RESPONSES, CHUNK):
        part = slice(start, start + CHUNK)
        seen = attitudes[part, None] + chance.normal(0, 0.8, (CHUNK, ITEMS))
        steps = np.clip(np.rint(seen), 1, 5).astype(int).tolist()
        rows = []
        for place, (answers, code) in enumerate(zip(steps, codes[part].tolist(), strict=True)):
            name, country = secrets.token_hex(16), "LT" if place % 2 else "PL"
            facts = {"id": name, "wave_id": wave_id, "row_key": name, "source": "web", "language": country.lower()}
            hashes = [f"{element}:{value:060d}" for element, value in enumerate(code)]
            given = {"answers": dict(zip(KEYS, answers, strict=True)), "groups": {"country": country}}
            rows.append({**facts, **given, "pairing": hashes, "day": NOW.date(), "respondent": ""})
        with transaction() as session:
            session.execute(insert(Response), rows)


def _analysis(url: str, folder: str, study: int) -> str:
    """Seconds and peak memory of a process that does nothing else, as the worker's would."""
    command = [sys.executable, "-m", "tests.benchmarks.surveys", url, folder, str(study)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _import(app: Flask, folder: Path) -> float:
    path = folder / "responses.csv"
    chance = np.random.default_rng(6)
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(("respondent", "language", "country", *KEYS)) + "\n")
        for number, answers in enumerate(chance.integers(1, 6, (IMPORTED, ITEMS)).tolist()):
            file.write(",".join((f"r{number}", "lt", "LT", *map(str, answers))) + "\n")
    with app.app_context():
        make_study(LARGE, key="imported")
        kind = find_kind("responses")
        assert kind is not None
        options = {"study": "imported", "wave": "baseline"}
        began = perf_counter()
        checked = import_file(
            kind, Request(PROJECT, None, NOW, lambda done: None, options=options), path, only_try=False
        )
        taken = perf_counter() - began
        assert checked.counts[0] == IMPORTED, checked.counts
    return taken


def _measure_figure(database: Database) -> None:
    """The figure of an indicator, from the analysis that is kept."""
    began = perf_counter()
    asked = {"wave": "baseline", "scale": "s0", "item": "", "statistic": "mean"}
    found = survey_figure(Surveys(PROJECT), "trust", **asked, as_of=NOW.date())
    assert found is not None
    assert found.n == RESPONSES
    print(f"| {database.name} | figure of an indicator | {perf_counter() - began:.3f} | – |", flush=True)


def main() -> None:
    """Analyse the study of the database that is named, and print the seconds and the megabytes of that."""
    from portal import create_app
    from portal.config import Config

    url, folder, study = sys.argv[1:]
    secret = "for benchmarks only, never for people"
    app = create_app(Config("development", url, Path(folder), secret, "http://127.0.0.1", (), now=NOW))
    with app.app_context():
        began = perf_counter()
        document = analyse(int(study), now=NOW)
        taken = perf_counter() - began
    assert [wave["n"] for wave in document["waves"]] == [RESPONSES, RESPONSES]
    print(f"{taken:.1f} | {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MEGABYTE}")


if __name__ == "__main__":
    main()
