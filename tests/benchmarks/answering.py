"""Answering over HTTP, the starter and one page of five questions: eight clients, each one survey after the other.

A respondent opens the first page, agrees, fills in every screen, looks through the answers and sends them: every page
with its cookies and keys, against eight server processes.
"""

import random
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from statistics import median, quantiles
from typing import NamedTuple

from flask import Flask
from sqlalchemy import func, select

from portal.core.db import db
from portal.surveys.models import Response
from portal.surveys.queries.starter import get_starter
from portal.surveys.rules.documents import Instrument, Item
from tests.benchmarks.clients import CLIENTS, WARMING, Run, run
from tests.benchmarks.databases import Database
from tests.benchmarks.registration import portal_served
from tests.integration.surveys.studies import FIVE, LANGUAGES, make_study, words
from tests.races.browsers import Answer, Browser, hidden_fields, inputs, said
from tests.races.servers import Servers

SUBMISSIONS = 1_000
QUESTIONS = tuple(Item(f"q{number}", "likert", words(f"Question {number}"), **FIVE) for number in range(1, 6))
SHORT = Instrument(LANGUAGES, words("Short"), words("I agree to take part."), items=QUESTIONS)
SELECT = re.compile(r"<select\b[^>]*name=\"([^\"]+)\".*?</select>", re.S)
OPTION = re.compile(r"<option\b[^>]*value=\"([^\"]+)\"")


class Submission(NamedTuple):
    """Seconds that the whole survey took, and storing its answers; how many requests it was."""

    whole: float
    sending: float
    requests: int


class Respondent(Browser):
    """Somebody who answers; counts the requests."""

    requests = 0

    def ask(self, method: str, address: str, form: Iterable[tuple[str, str]] | None = None) -> Answer:
        """As a browser does."""
        self.requests += 1
        return super().ask(method, address, form)


def measure_answering(databases: Iterable[Database]) -> None:
    """Print how fast answers come in, and what each costs."""
    print(f"\nAnswering over HTTP, {CLIENTS} clients, {SUBMISSIONS} submissions:\n")
    columns = ("database", "questionnaire", "seconds", "requests each", "processor, ms each")
    columns += ("whole p50, ms", "p95", "storing p50, ms", "p95")
    print(f"| {' | '.join(columns)} |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for database in databases:
        with portal_served(database) as (app, servers):
            for what, instrument in (("starter", get_starter().instrument), ("short", SHORT)):
                link = open_survey(app, what, instrument)
                flows = run(lambda each, link=link: submit(link, servers, each), servers, SUBMISSIONS // CLIENTS)
                print_run(database.name, what, flows)
            stored = count_stored(app)
            assert stored == 2 * (SUBMISSIONS + CLIENTS * WARMING), stored


def open_survey(app: Flask, key: str, instrument: Instrument) -> str:
    """The address of a survey that takes answers."""
    with app.app_context():
        make_study(instrument, key=key)
        db.session.remove()
        db.engine.dispose()
    return f"/survey/{key}-baseline-token"


def submit(link: str, servers: Servers, seed: str) -> Submission:
    """One whole survey, answered by chance; raise RuntimeError where it goes wrong."""
    person, chance = Respondent(servers.port), random.Random(seed)
    started = time.perf_counter()
    page = person.ask("GET", link)
    page = person.follow(person.ask("POST", link, hidden_fields(page.text).items()))
    number = 1
    while f'action="{link}/parts/{number}"' in page.text:
        page = person.follow(person.ask("POST", f"{link}/parts/{number}", filled(page.text, chance)))
        number += 1
    sending = time.perf_counter()
    answer = person.ask("POST", f"{link}/send", hidden_fields(page.text).items())
    stored = time.perf_counter()
    if answer.status != 303:
        raise RuntimeError(f"sending answers {answer.status}: {said(answer)}")
    person.follow(answer)
    return Submission(time.perf_counter() - started, stored - sending, person.requests)


def filled(page: str, chance: random.Random) -> list[tuple[str, str]]:
    """The form of the screen with one of the choices of each question, and the button that leads on."""
    stated = [*hidden_fields(page).items(), ("go", "next")]
    return stated + [(name, chance.choice(values)) for name, values in choices(page)]


def choices(page: str) -> Iterator[tuple[str, Sequence[str]]]:
    """The names and the values of what is chosen on the page."""
    found: dict[str, list[str]] = {}
    for field in inputs(page):
        if field.get("type") in ("radio", "checkbox"):
            found.setdefault(field["name"], []).append(field["value"])
    yield from found.items()
    for stated in SELECT.finditer(page):
        yield stated[1], OPTION.findall(stated[0])


def count_stored(app: Flask) -> int:
    """How many responses there are."""
    with app.app_context():
        number = db.session.scalar(select(func.count()).select_from(Response)) or 0
        db.session.remove()
        return number


def print_run(database: str, what: str, measured: Run[Submission]) -> None:
    """One line."""
    whole = sorted(each.whole * 1_000 for each in measured.flows)
    sending = sorted(each.sending * 1_000 for each in measured.flows)
    cells = [f"{measured.seconds:.1f}", f"{measured.flows[0].requests}"]
    cells.append(f"{measured.used * 1_000 / len(measured.flows):.0f}")
    cells += [f"{figure:.0f}" for times in (whole, sending) for figure in (median(times), quantiles(times, n=20)[18])]
    print(f"| {database} | {what} | {' | '.join(cells)} |", flush=True)
