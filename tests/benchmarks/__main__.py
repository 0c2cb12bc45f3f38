"""Prints how long imports, outcomes and their pages, findings of expenditure, registering and surveys take."""

from portal.core.settling import settle
from tests.benchmarks.answering import measure_answering
from tests.benchmarks.databases import open_databases
from tests.benchmarks.expenditure import measure_expenditure
from tests.benchmarks.findings import measure_findings
from tests.benchmarks.imports import measure_imports
from tests.benchmarks.overview import measure_overview
from tests.benchmarks.pages import measure_growth, measure_pages
from tests.benchmarks.register import measure_register
from tests.benchmarks.registration import measure_registration
from tests.benchmarks.surveys import measure_surveys

# The project of an ordinary year, a large one, the largest we know of, and how it goes on from there.
SIZES = ((20, 2_000), (200, 20_000), (2_000, 100_000), (5_000, 250_000), (20_000, 1_000_000))
LARGE = (2_000, 100_000)
# The expenditure of an ordinary project, and far more than any has.
REGISTERS = (10_000, 100_000)
REGISTER = 100_000


def main() -> None:
    """Print all tables; PostgreSQL is left out, and that is said, where it is not installed."""
    with open_databases() as databases:
        measure_imports(databases[0].build)
        measure_expenditure(databases[0].build)
        # As `portal serve` does before it answers.
        settle()
        measure_growth(databases, SIZES)
        measure_pages(databases, *LARGE)
        for items in REGISTERS:
            measure_register(databases, items)
        measure_overview(databases)
        measure_findings(databases, REGISTER)
        measure_registration(databases)
        measure_answering(databases)
        measure_surveys(databases)


if __name__ == "__main__":
    main()
