"""Surveys as files, and what the command says of their answers."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from flask import Flask

from tests.make import PROJECT, run_portal

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "statistics.json").read_text(encoding="utf-8"))

HEAD = """
[study]
key = "published"
project = "LTPL00388"
languages = ["en"]
title.en = "A published example"
consent.en = "I agree to take part."
[[waves]]
key = "baseline"
opens = 2026-02-01
last_day = 2026-03-31
[[waves]]
key = "endline"
opens = 2027-02-01
last_day = 2027-03-31
"""


def numbers_study(pairing: str) -> str:
    """A survey of one number, which is a scale of its own; people are paired so."""
    item = '[[items]]\nkey = "x"\ntype = "number"\ntext.en = "How many?"\nmin = -10\n'
    scale = '[[scales]]\nkey = "score"\ntitle.en = "Score"\nitems = ["x"]\n'
    return f'{HEAD}{item}{scale}[pairing]\nmethod = "{pairing}"\n'


def likert_study(items: Sequence[str], most: int) -> str:
    """A survey of these items from 1 to `most`, all of one scale."""
    asked = "".join(
        f'[[items]]\nkey = "{key}"\ntype = "likert"\ntext.en = "{key}?"\nmin = 1\nmax = {most}\n' for key in items
    )
    return f'{HEAD}{asked}[[scales]]\nkey = "all"\ntitle.en = "All"\nitems = {json.dumps(list(items))}\n'


def load(app: Flask, folder: Path, text: str) -> None:
    """Load the survey from a file."""
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    done = run_portal(app, "survey", "load", path)
    assert done.exit_code == 0, done.output


def bring(app: Flask, folder: Path, wave: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Import the answers from a file."""
    path = folder / f"{wave}.csv"
    lines = [columns, *rows]
    path.write_text("".join(",".join(map(str, line)) + "\n" for line in lines), encoding="utf-8")
    options = ("--project", PROJECT, "--study", "published", "--wave", wave)
    done = run_portal(app, "import", "responses", path, *options)
    assert done.exit_code == 0, done.output


def analysed(app: Flask, study: str = "published") -> dict[str, Any]:
    """What the command says."""
    done = run_portal(app, "survey", "analyse", study, "--format", "json")
    assert done.exit_code == 0, done.output
    document: dict[str, Any] = json.loads(done.stdout)
    return document
