"""Registering over HTTP: eight clients, each one whole form after the other, against eight server processes.

A flow opens the form, with its cookie and its keys, and sends it. Beside it a bare Flask application with one INSERT on
the same machine, served the same. Then the organiser's list and the counts of an event with very many registrations.
"""

import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

from flask import Flask
from sqlalchemy import text, update

from portal.activities.models import Event, RegistrationDesk
from portal.activities.queries.registrations import find_standing
from portal.core.db import db, transaction
from tests.benchmarks import bare
from tests.benchmarks.clients import CLIENTS, Run, run
from tests.benchmarks.databases import Database, tidy
from tests.benchmarks.pages import fetch, milliseconds
from tests.conftest import NOW
from tests.make import PROJECT, make_project, make_user, noted_queries, sign_in
from tests.races.scenes import SEATS, open_desk, rush
from tests.races.servers import Servers, listening, serving
from tests.races.visitors import Visitor

FLOWS = 100
PLENTY = 1_000_000
LISTS = (10_000, 100_000)


class Flow(NamedTuple):
    """Seconds that opening the form took, and sending it."""

    opened: float
    sent: float


def measure_registration(databases: Iterable[Database]) -> None:
    """Print how many registrations a second there are, then the race, then the pages of an organiser."""
    print(f"\nRegistering over HTTP, {CLIENTS} clients:\n")
    print(
        "| database | what | flows a second | processor, ms a flow | sending p50, ms | p95 | whole flow p50, ms | p95 |"
    )
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    races = []
    for database in databases:
        with bare_served(database) as servers:
            bare_flows = run(lambda each: flow(bare_visitor(servers, each)), servers, FLOWS)
            print_run(database.name, "bare Flask, one INSERT", bare_flows)
        with portal_served(database) as (app, servers):
            for what, seats in (("the portal, seats free", PLENTY), ("the portal, a queue", SEATS)):
                token = open_desk(app, seats).token
                print_run(database.name, what, run_of(servers, token))
            races.append((database.name, [rush(app, servers) for _time in range(3)]))
    print("\n| database | race of 200 for 50 seats, s | slowest answer, s |")
    print("| --- | ---: | ---: |")
    for name, outcomes in races:
        slowest = max(each.slowest for each in outcomes)
        print(f"| {name} | {median(each.seconds for each in outcomes):.2f} | {slowest:.2f} |")
    measure_lists(databases)


def measure_lists(databases: Iterable[Database]) -> None:
    """Print the organiser's list and the counts at each size."""
    print("\n| database | registrations | page | ms | queries |")
    print("| --- | ---: | --- | ---: | ---: |")
    for database in databases:
        for people in LISTS:
            with tempfile.TemporaryDirectory() as folder:
                measure_list(database.name, database.build(Path(folder)), people)


def measure_list(name: str, app: Flask, people: int) -> None:
    """Print every page of one event with so many registrations."""
    with app.app_context():
        make_project()
    event_id = open_desk(app, people * 3 // 4).event_id
    with app.app_context():
        fill_desk(event_id, people)
        tidy()
        user_id = make_user()
    browser = sign_in(app.test_client(), user_id)
    list_address = f"/projects/{PROJECT}/events/{event_id}/registration/list"
    pages = {
        "list": list_address,
        "list, last page": f"{list_address}?page=100000",
        "list, the queue": f"{list_address}?status=waitlisted",
    }
    for page, address in pages.items():
        taken = milliseconds(lambda address=address: fetch(browser, address))
        with noted_queries(app) as queries:
            fetch(browser, address)
        print(f"| {name} | {people} | {page} | {taken:.1f} | {len(queries)} |", flush=True)
    with app.app_context(), noted_queries(app) as queries:
        taken = milliseconds(lambda: count_anew(event_id))
        queries.clear()
        count_anew(event_id)
        print(f"| {name} | {people} | seats and queue counted | {taken:.1f} | {len(queries)} |", flush=True)
        db.session.remove()
        db.engine.dispose()


def count_anew(event_id: int) -> None:
    """What the organiser's pages count, from the rows."""
    find_standing(event_id, NOW)
    db.session.remove()


PEOPLE = text("""
    INSERT INTO participations
        (event_id, participant, name, organisation, country, "group", gender, age_band, status)
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :people)
    SELECT :event, 'person' || n || '@example.org', 'Person ' || n, 'Example', 'LT', 'professional',
        'unknown', 'unknown', CASE WHEN n <= :seats THEN 'registered' ELSE 'waitlisted' END
    FROM numbers
""")
REGISTRATIONS = text("""
    INSERT INTO registrations
        (participation_id, event_id, place, leader_id, nonce, email, language, consent_version, answers, registered_at)
    SELECT id, event_id, id - :before, id, substr('0000000000000000' || id, length('' || id) + 1), participant, 'lt', 1,
        '{}', :now
    FROM participations WHERE event_id = :event
""")


def fill_desk(event_id: int, people: int) -> None:
    """So many registrations of the event, three in four with a seat, the others in the queue."""
    with transaction() as session:
        seats = session.get_one(Event, event_id).capacity
        before = session.scalar(text("SELECT coalesce(max(id), 0) FROM participations"))
        session.execute(PEOPLE, {"event": event_id, "people": people, "seats": seats})
        now = NOW if session.get_bind().dialect.name == "postgresql" else NOW.replace(tzinfo=None).isoformat(" ")
        session.execute(REGISTRATIONS, {"event": event_id, "before": before, "now": now})
        session.execute(update(Event).where(Event.id == event_id).values(seats_taken=seats))
        session.execute(update(RegistrationDesk).where(RegistrationDesk.event_id == event_id).values(last_place=people))


@contextmanager
def bare_served(database: Database) -> Iterator[Servers]:
    """The bare application on a new database of this kind."""
    with tempfile.TemporaryDirectory() as folder:
        app = database.build(Path(folder))
        with app.app_context():
            url = db.engine.url.render_as_string(hide_password=False)
            db.engine.dispose()
        bare.prepare(url)
        with listening("tests.benchmarks.bare:app", {}, Path(folder)) as servers:
            yield servers


@contextmanager
def portal_served(database: Database) -> Iterator[tuple[Flask, Servers]]:
    """The portal with LTPL00388 on a new database of this kind."""
    with tempfile.TemporaryDirectory() as folder:
        app = database.build(Path(folder))
        with app.app_context():
            make_project()
        with serving(app, Path(folder)) as servers:
            yield app, servers


class BareVisitor(Visitor):
    """Somebody at the page of the bare application, which leads back to itself."""

    def _secret(self, answer: object) -> str:
        return ""


def bare_visitor(servers: Servers, name: str) -> Visitor:
    """A visitor of the bare application."""
    visiting = BareVisitor(servers.port, "", f"{name}@example.org")
    visiting.page = "/"
    return visiting


def flow(visiting: Visitor) -> Flow:
    """One whole form."""
    started = time.perf_counter()
    visiting.open_form()
    opened = time.perf_counter()
    visiting.send()
    return Flow(opened - started, time.perf_counter() - opened)


def run_of(servers: Servers, token: str) -> Run[Flow]:
    """All flows of people at the registration page."""
    return run(lambda each: flow(Visitor(servers.port, token, f"{each}@example.org")), servers, FLOWS)


def print_run(database: str, what: str, measured: Run[Flow]) -> None:
    """One line."""
    count = len(measured.flows)
    sent = sorted(each.sent * 1_000 for each in measured.flows)
    whole = sorted((each.opened + each.sent) * 1_000 for each in measured.flows)
    cells = [f"{count / measured.seconds:.0f}", f"{measured.used * 1_000 / count:.1f}"]
    cells += [f"{figure:.1f}" for times in (sent, whole) for figure in (median(times), quantiles(times, n=20)[18])]
    print(f"| {database} | {what} | {' | '.join(cells)} |", flush=True)
