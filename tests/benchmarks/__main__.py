"""Prints how long the portal's main tables take, as multiples of a bare count on the same rows, and its imports."""

import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert, select

from portal import create_app
from portal.activities.models import Event, Participation, event_organisers
from portal.config import Config
from portal.core.db import db, transaction
from portal.reports.queries.outcomes import outcome_table
from tests.benchmarks.imports import measure_imports
from tests.conftest import NOW
from tests.make import PROJECT, make_event, make_project

SIZES = ((20, 2_000), (200, 20_000), (2_000, 100_000))
ROUNDS = 7


def main() -> None:
    """Build each size in a database of its own and print one line for it."""
    print("| events | participations | bare count, ms | outcome table, ms | ratio |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    for events, people in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), events, people)
    measure_imports(build)


def measure(folder: Path, events: int, people: int) -> None:
    """Print the line of one size."""
    app = build(folder)
    with app.app_context():
        fill(events, people)
        bare = milliseconds(lambda: db.session.execute(select(Participation.group).distinct()).all())
        table = milliseconds(lambda: outcome_table(PROJECT, NOW.date(), today=NOW.date()))
        print(f"| {events} | {people} | {bare:.1f} | {table:.1f} | {table / bare:.1f} |")


def build(folder: Path) -> Flask:
    """The app on an empty database in the folder."""
    url = f"sqlite:///{folder / 'portal.sqlite'}"
    config = Config("development", url, folder, "for benchmarks only, never for people", "http://127.0.0.1", ())
    app = create_app(config)
    with app.app_context():
        upgrade(directory=app.config["MIGRATIONS_DIR"])
    return app


def fill(events: int, people: int) -> None:
    """LTPL00388 with this many held joint workshops and attended participations spread over them."""
    make_project()
    first = make_event(status="held")
    with transaction() as session:
        event = session.get_one(Event, first)
        organisers = [organisation.id for organisation in event.organisers]
        facts = {column.key: getattr(event, column.key) for column in Event.__table__.columns if column.key != "id"}
        starts = [event.starts_at + timedelta(minutes=number) for number in range(1, events)]
        later = [
            {**facts, "ref": f"B{number}", "starts_at": start, "ends_at": start + timedelta(hours=1)}
            for number, start in enumerate(starts)
        ]
        session.execute(insert(Event), later)
        ids = session.scalars(select(Event.id).where(Event.id != first)).all()
        pairs = [{"event_id": each, "organisation_id": organiser} for each in ids for organiser in organisers]
        session.execute(insert(event_organisers), pairs)
        people_rows = [
            {"event_id": ids[number % len(ids)], "participant": f"p{number // 4}", "group": "professional"}
            for number in range(people)
        ]
        session.execute(insert(Participation), people_rows)


def milliseconds(work: Callable[[], object]) -> float:
    """The median time of the work over some rounds, each on a fresh session."""
    times = []
    for _ in range(ROUNDS):
        db.session.remove()
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1_000)
    return median(times)


if __name__ == "__main__":
    main()
