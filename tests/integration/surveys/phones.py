"""Somebody at the pages of a survey, and what is stored of it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from portal.core.db import db, transaction
from portal.surveys.models import Wave
from portal.surveys.services.tokens import issue_tokens
from tests.conftest import NOW
from tests.integration.surveys.studies import wave_of

LINK = "/survey/trust-baseline-token"
GROUPS, CODE, VIEWS, YOU = 1, 2, 3, 4


def codes(app: Flask, study_id: int, number: int = 1) -> list[str]:
    """Personal codes of the first wave, as they stand in an address."""
    with app.app_context():
        return [each.replace("-", "") for each in issue_tokens(wave_of(study_id), number, now=NOW)]


def change_wave(app: Flask, **values: Any) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(Wave).where(Wave.key == "baseline").values(**values))


def stored(app: Flask, table: Any) -> list[Any]:
    with app.app_context():
        rows = db.session.scalars(select(table)).all()
        db.session.expunge_all()
        db.session.remove()
    return list(rows)


def begin(client: FlaskClient, link: str = LINK, language: str = "en") -> TestResponse:
    return client.post(link, data={"language": language})


def fill(client: FlaskClient, number: int, link: str = LINK, go: str = "next", **answers: Any) -> TestResponse:
    """Send a screen with these answers (key -> text or texts)."""
    language = answers.pop("language", "en")
    fields = {f"a.{key}": value for key, value in answers.items()}
    return client.post(f"{link}/parts/{number}", data={"language": language, "go": go, **fields})


def send(client: FlaskClient, link: str = LINK, language: str = "en", key: str = "k" * 32) -> TestResponse:
    return client.post(f"{link}/send", data={"language": language, "form_key": key})


def answer_all(client: FlaskClient, link: str = LINK) -> TestResponse:
    begin(client, link)
    fill(client, GROUPS, link, country="LT")
    fill(client, CODE, link, c1="o", c2="v", c3="7")
    fill(client, VIEWS, link, q1="4", q2="5", q3="@dk")
    fill(client, YOU, link, met="no", years="12,50", why="It is fair.")
    return send(client, link)


def together(act: Any) -> list[int]:
    """What each of ten threads is answered at the same moment."""
    barrier = threading.Barrier(10)

    def act_together(number: int) -> int:
        barrier.wait()
        return int(act(number))

    with ThreadPoolExecutor(10) as threads:
        return list(threads.map(act_together, range(10)))
