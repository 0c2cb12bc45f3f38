"""Runs every race many times on each database and prints how it went: `python -m tests.races --times 20`."""

import argparse
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.benchmarks.databases import Database, open_databases
from tests.make import make_project
from tests.races.scenes import Outcome, come_and_go, rush
from tests.races.servers import serving

SCENES: tuple[tuple[str, Callable[..., Outcome]], ...] = (
    ("200 people, 50 seats", rush),
    ("the same, a process killed", partial(rush, kill=True)),
    ("leaving, lapsing, coming", come_and_go),
)


def main() -> None:
    """Print one line for each database and scene; what must be true and is not ends it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20, help="how often each race is run on each database")
    times = parser.parse_args().times
    print("| database | race | times passed | seconds, median | slowest | slowest answer, s | broken connections |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    with open_databases() as databases:
        for database in databases:
            race(database, times)


def race(database: Database, times: int) -> None:
    """Run every race so often on a new database."""
    with tempfile.TemporaryDirectory() as folder:
        app = database.build(Path(folder))
        with app.app_context():
            make_project()
        with serving(app, Path(folder)) as servers:
            for name, scene in SCENES:
                outcomes = [scene(app, servers) for _time in range(times)]
                seconds = sorted(each.seconds for each in outcomes)
                slowest = max(each.slowest for each in outcomes)
                broken = sum(each.broken for each in outcomes)
                passed = f"{len(outcomes)} of {times}"
                figures = f"{seconds[times // 2]:.1f} | {seconds[-1]:.1f} | {slowest:.1f} | {broken}"
                print(f"| {database.name} | {name} | {passed} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
