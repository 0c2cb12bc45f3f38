"""Imports and exports of attendance: how long they take, each in a process of its own, and how much memory it needs."""

import csv
import io
import resource
import tempfile
import time
from collections.abc import Callable
from multiprocessing import Pipe, get_context
from pathlib import Path

import xlsxwriter
from flask import Flask

from portal.core import clock
from portal.core.db import db
from portal.imports.kinds import Request
from portal.imports.queries import get_kind
from portal.imports.services.storing import import_file
from portal.imports.workbooks import export_workbook
from tests.conftest import NOW
from tests.files import as_form
from tests.make import PROJECT, make_event, make_project, make_user, sign_in

EVENTS = 20
COLUMNS = ("event", "participant", "name", "organisation", "country", "group", "gender", "age_band")
DESCRIBED = ("Przykładowa instytucja", "LT", "professional", "f", "30-44")
KILOBYTES = 1024


def measure_imports(built: Callable[[Path], Flask]) -> None:
    """Print the table of imports and exports; `built` makes an app on a new database in a folder."""
    print("\n| work | rows | seconds | peak memory, MB |")
    print("| --- | ---: | ---: | ---: |")
    for ending, rows in (("csv", 10_000), ("xlsx", 10_000), ("csv", 100_000), ("xlsx", 100_000)):
        report(built, f"import {ending}", rows, lambda app, path: bring(app, path), ending)
    for ending in ("csv", "xlsx"):
        report(built, f"preview page {ending}", 10_000, preview, ending)
    with tempfile.TemporaryDirectory() as folder:
        app = prepare(built(Path(folder)))
        in_child(lambda: bring(app, write(Path(folder), "csv", 100_000)))
        measure_export(app, 100_000)


def report(
    built: Callable[[Path], Flask], work: str, rows: int, act: Callable[[Flask, Path], float], ending: str
) -> None:
    """Print the line of one work, which a child does on a new database."""
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), ending, rows)
        seconds, peak = in_child(lambda: act(prepare(built(Path(folder))), path))
        print(f"| {work} | {rows} | {seconds:.1f} | {peak:.0f} |", flush=True)


def in_child(act: Callable[[], float]) -> tuple[float, float]:
    """What `act` returns in a process of its own, and the most memory that process had, in megabytes."""
    answers, answer = Pipe(duplex=False)

    def measured() -> None:
        answer.send((act(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES))

    child = get_context("fork").Process(target=measured)
    child.start()
    # Ours would keep the pipe open when the child has failed.
    answer.close()
    try:
        seconds, peak = answers.recv()
    finally:
        child.join()
    return seconds, peak


def prepare(app: Flask) -> Flask:
    """LTPL00388 with held workshops and its manager."""
    with app.app_context():
        make_project()
        for number in range(EVENTS):
            make_event(ref=f"W{number}", status="held")
        make_user()
        db.session.remove()
        # A child must not share its parent's connections.
        db.engine.dispose()
    return app


def bring(app: Flask, path: Path) -> float:
    """Import the file of attendance with all checks; return how long it took."""
    with app.app_context():
        request = Request(PROJECT, None, NOW, lambda rows: None)
        start = time.perf_counter()
        checked = import_file(get_kind("participations"), request, path, only_try=False)
        seconds = time.perf_counter() - start
        if checked.plan.errors or not checked.plan.created:
            raise RuntimeError(f"the file was not imported: {checked.plan.errors[:3]}")
        return seconds


def preview(app: Flask, path: Path) -> float:
    """Upload the file and open the page that shows what it would change; return how long both took."""
    app.config["WTF_CSRF_ENABLED"] = False
    browser = sign_in(app.test_client(), 1, now=clock.now())
    sent = as_form({"kind": "participations"}, file=[(path.name, path.read_bytes())])
    start = time.perf_counter()
    page = browser.post(f"/projects/{PROJECT}/imports/new", **sent, follow_redirects=True)
    seconds = time.perf_counter() - start
    if "Nothing is stored yet" not in page.text:
        raise RuntimeError("the page shows no preview")
    return seconds


def measure_export(app: Flask, rows: int) -> None:
    """Print how long all of it takes as a workbook, against the same cells written by xlsxwriter alone."""
    ours, peak = in_child(lambda: export(app))
    bare, _ = in_child(lambda: export_bare(app))
    print(f"| export xlsx | {rows} | {ours:.1f} | {peak:.0f} |")
    print(f"| the same cells by xlsxwriter alone | {rows} | {bare:.1f} | |")
    print(f"\nExport against xlsxwriter alone: {ours / bare:.2f}.")


def export(app: Flask) -> float:
    """How long the export of all attendance takes."""
    with app.app_context():
        return timed(lambda: export_workbook(get_kind("participations"), PROJECT, None))


def export_bare(app: Flask) -> float:
    """How long the same cells take that are in memory already."""
    with app.app_context():
        rows = [tuple(row) for row in get_kind("participations").export(PROJECT, None)]
    return timed(lambda: write_bare(rows))


def timed(act: Callable[[], object]) -> float:
    """How many seconds it takes."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def write_bare(rows: list[tuple[object, ...]]) -> bytes:
    """A workbook with these rows and nothing else."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                page.write(number, column, cell)
    return target.getvalue()


def write(folder: Path, ending: str, rows: int) -> Path:
    """A file of so many people spread over the workshops, with every column that describes them."""
    people = (
        (f"W{number % EVENTS}", f"p{number}@example.org", f"Žmogus {number}", *DESCRIBED) for number in range(rows)
    )
    path = folder / f"people.{ending}"
    if ending == "csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([COLUMNS, *people])
    else:
        path.write_bytes(write_bare([COLUMNS, *people]))
    return path
