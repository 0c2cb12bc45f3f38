"""Prints how long the outcome table and its pages take, as multiples of a bare count on the same rows, and imports."""

from portal.cli.running import settle
from tests.benchmarks.databases import open_databases
from tests.benchmarks.imports import measure_imports
from tests.benchmarks.pages import measure_growth, measure_pages

# The project of an ordinary year, a large one, the largest we know of, and how it goes on from there.
SIZES = ((20, 2_000), (200, 20_000), (2_000, 100_000), (5_000, 250_000), (20_000, 1_000_000))
LARGE = (2_000, 100_000)


def main() -> None:
    """Print all tables; PostgreSQL is left out, and that is said, where it is not installed."""
    with open_databases() as databases:
        measure_imports(databases[0].build)
        # As `portal serve` does before it answers.
        settle()
        measure_growth(databases, SIZES)
        measure_pages(databases, *LARGE)


if __name__ == "__main__":
    main()
