"""The outcome table and the pages that show it: milliseconds, queries, and multiples of a bare count on the same rows.

A page is a whole request of someone who has signed in, from the app's own client; each figure is a median.
"""

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.activities.models import Participation
from portal.core.db import db
from portal.reports.queries.outcomes import outcome_table
from tests.benchmarks.databases import Database, tidy
from tests.benchmarks.filling import fill
from tests.conftest import NOW
from tests.make import PROJECT, make_user, noted_queries, sign_in

ROUNDS = 9
OUTCOMES = f"/projects/{PROJECT}/outcomes"
PAGES = (
    ("outcome page", OUTCOMES),
    ("outcome page by partner", f"{OUTCOMES}?by=partner"),
    ("what is behind a figure", f"{OUTCOMES}/workshops"),
    ("outcomes as XLSX", f"{OUTCOMES}.xlsx"),
    ("outcomes as PDF", f"{OUTCOMES}.pdf"),
    ("project's home page", f"/projects/{PROJECT}/"),
    ("public page", f"/public/{PROJECT}"),
    ("public outcomes.json", f"/public/{PROJECT}/outcomes.json"),
)


def measure_growth(databases: Iterable[Database], sizes: Sequence[tuple[int, int]]) -> None:
    """Print the outcome table and its page at each size."""
    print("\n| database | events | participations | bare count, ms | table, ms | ratio | outcome page, ms | ratio |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for database in databases:
        for events, people in sizes:
            with filled(database, events, people) as app, app.app_context():
                bare, table = milliseconds(bare_count), milliseconds(count_outcomes)
                browser = sign_in(app.test_client(), make_user())
                page = milliseconds(lambda browser=browser: fetch(browser, OUTCOMES))
                ratios = f"{table / bare:.1f} | {page:.1f} | {page / bare:.1f}"
                print(f"| {database.name} | {events} | {people} | {bare:.1f} | {table:.1f} | {ratios} |", flush=True)


def measure_pages(databases: Iterable[Database], events: int, people: int) -> None:
    """Print every page that shows outcomes at one size."""
    print(f"\nWith {events} events and {people} participations:\n")
    print("| database | page | ms | queries |")
    print("| --- | --- | ---: | ---: |")
    for database in databases:
        with filled(database, events, people) as app:
            with app.app_context():
                user_id = make_user()
            browser = sign_in(app.test_client(), user_id)
            for name, address in PAGES:
                taken = milliseconds(lambda address=address, browser=browser: fetch(browser, address))
                with noted_queries(app) as queries:
                    fetch(browser, address)
                print(f"| {database.name} | {name} | {taken:.1f} | {len(queries)} |", flush=True)


@contextmanager
def filled(database: Database, events: int, people: int) -> Iterator[Flask]:
    """The app on a new database with so many events and people."""
    with tempfile.TemporaryDirectory() as folder:
        app = database.build(Path(folder))
        with app.app_context():
            fill(events, people)
            tidy()
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def bare_count() -> None:
    """The least that any such table needs: how many people attended each event."""
    attended = select(Participation.event_id, func.count()).where(Participation.status == "attended")
    db.session.execute(attended.group_by(Participation.event_id)).all()
    db.session.remove()


def count_outcomes() -> None:
    """The outcome table as of today."""
    outcome_table(PROJECT, NOW.date(), today=NOW.date())
    db.session.remove()


def fetch(browser: FlaskClient, address: str) -> None:
    """One page; it must be there."""
    answer = browser.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answers {answer.status_code}")


def milliseconds(work: Callable[[], object]) -> float:
    """The median time of the work over some rounds, after one that fills the caches every process has."""
    work()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1_000)
    return median(times)
