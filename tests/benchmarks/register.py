"""The register of expenditure: milliseconds and queries of its list, filtered and sorted, as XLSX, and of rates."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from portal.core.db import db
from tests.benchmarks.databases import Database, tidy
from tests.benchmarks.pages import fetch, milliseconds
from tests.benchmarks.spending import fill_register
from tests.make import PROJECT, make_user, noted_queries, sign_in

REGISTER = f"/projects/{PROJECT}/expenditure"
PAGES = (
    ("register", REGISTER),
    ("register, 100 rows", f"{REGISTER}?per_page=100"),
    ("register, last page", f"{REGISTER}?page=100000"),
    ("register of one partner", f"{REGISTER}?organisation=ols"),
    ("open items", f"{REGISTER}?state=open"),
    ("one category", f"{REGISTER}?category=travel"),
    ("without evidence", f"{REGISTER}?evidence=missing"),
    ("by activity", f"{REGISTER}?activity=1.1"),
    ("one month", f"{REGISTER}?first_day=2026-03-01&last_day=2026-03-31"),
    ("by amount", f"{REGISTER}?sort=amount"),
    ("by reference", f"{REGISTER}?sort=reference"),
    ("words", f"{REGISTER}?q=supplier+17"),
    ("with blockers", f"{REGISTER}?severity=blocks"),
    ("exchange rates", f"/projects/{PROJECT}/rates"),
)


def measure_register(databases: Iterable[Database], items: int) -> None:
    """Print every page of the register at one size."""
    print(f"\nWith {items} items of expenditure:\n")
    print("| database | page | ms | queries |")
    print("| --- | --- | ---: | ---: |")
    for database in databases:
        with tempfile.TemporaryDirectory() as folder:
            app = database.build(Path(folder))
            with app.app_context():
                fill_register(items)
                tidy()
                user_id = make_user()
            browser = sign_in(app.test_client(), user_id)
            for name, address in PAGES:
                taken = milliseconds(lambda address=address, browser=browser: fetch(browser, address))
                with noted_queries(app) as queries:
                    fetch(browser, address)
                print(f"| {database.name} | {name} | {taken:.1f} | {len(queries)} |", flush=True)
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
