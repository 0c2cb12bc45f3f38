"""Files of responses, as they are brought and what is stored of them. Each function needs an app context."""

from pathlib import Path

from sqlalchemy import select

from portal.core.db import db
from portal.imports.kinds import Request, find_kind
from portal.imports.services.checking import Checked
from portal.imports.services.storing import import_file
from portal.surveys.models import Response, Wave
from tests.conftest import NOW
from tests.make import PROJECT

ROWS = """respondent;language;weight;country;q1;q2;q3;met;where;years;why;c1;c2;c3
p1;lt;0.85;LT;4;5;1;yes;work;1.5;Nes ąžuolas;a;Š;7
p2;pl;;PL;dk;refused;;no;;;;;;
;;;;3;3;3;;;;;;;
;;;;3;3;3;;;;;;;
"""


def write(folder: Path, text: str, name: str = "answers.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def bring(path: Path, wave: str = "baseline", study: str = "trust", *, only_try: bool = False) -> Checked:
    kind = find_kind("responses")
    assert kind is not None
    request = Request(PROJECT, None, NOW, lambda done: None, options={"study": study, "wave": wave})
    return import_file(kind, request, path, only_try=only_try)


def counts(checked: Checked) -> tuple[int, int, int, int]:
    return tuple(checked.counts)


def found(checked: Checked) -> list[tuple[int, str, str]]:
    return [(each.row, each.column, each.problem.code) for each in checked.plan.problems]


def stored(wave: str = "baseline") -> list[Response]:
    return list(db.session.scalars(select(Response).join(Wave).where(Wave.key == wave).order_by(Response.row_key)))


def of(respondent: str) -> Response:
    return db.session.scalars(select(Response).where(Response.respondent == respondent)).one()
