"""Files of exchange rates: tables and InforEuro's lists, stored, repeated, changed and taken back."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.accounts.rules import Role
from portal.budget.queries.items import get_item
from portal.budget.queries.rates import all_rates
from portal.budget.services.rates import change_rate
from portal.core.money import RateMicros
from tests.conftest import NOW
from tests.files import as_form
from tests.integration.imports.bringing import NEW, press
from tests.integration.pages import page_text, read_fields, send_form
from tests.make import PROJECT, make_item, make_project, run_portal, sign_in_as

CSV = "currency,month,rate\nPLN,2026-07,4.2563\nUSD,2026-07,1.1\n"


@pytest.fixture
def project(app: Flask) -> Flask:
    with app.app_context():
        make_project()
    return app


def run(app: Flask, folder: Path, content: str, name: str = "rates.csv", *options: str) -> dict[str, Any]:
    """What the command says of a file with this content."""
    path = folder / name
    path.write_text(content, encoding="utf-8")
    answer = run_portal(app, "import", "rates", path, "--project", PROJECT, "--format", "json", *options)
    found: dict[str, Any] = json.loads(answer.stdout)
    assert answer.exit_code == (1 if found["errors"] else 0)
    return found


def counts(found: dict[str, Any]) -> tuple[int, int, int]:
    return found["created"], found["updated"], found["unchanged"]


def stored(app: Flask) -> list[tuple[str, str, int]]:
    with app.app_context():
        return [tuple(each) for each in all_rates(PROJECT)]


def of_month(**rates: str) -> str:
    entries = [f'{{"country": "X", "isoA3Code": "{name}", "value": {value}}}' for name, value in rates.items()]
    return f"[{', '.join(entries)}]"


def test_a_table_is_stored_and_the_same_again_changes_nothing(project: Flask, tmp_path: Path):
    assert counts(run(project, tmp_path, CSV)) == (2, 0, 0)
    assert counts(run(project, tmp_path, "rate;month;currency\n1,1;2026-07;USD\n4,2563;2026-07;PLN\n")) == (0, 0, 2)
    assert stored(project) == [("PLN", "2026-07", 4_256_300), ("USD", "2026-07", 1_100_000)]


def test_a_list_of_a_month_needs_its_month_and_leaves_unknown_currencies_out(project: Flask, tmp_path: Path):
    text = of_month(PLN="4.2563", EUR="1", XDR="0.8123456789", VUV="120")
    refused = run(project, tmp_path, text, "rates.json")
    assert [each["code"] for each in refused["errors"]] == ["rates-month-missing"]
    taken = run(project, tmp_path, text, "rates.json", "--month", "2026-07")
    assert counts(taken) == (1, 0, 0)
    assert [each["code"] for each in taken["warnings"]] == ["rates-left-out"]
    assert "2 currencies" in taken["warnings"][0]["message"]
    assert stored(project) == [("PLN", "2026-07", 4_256_300)]


def test_a_list_of_a_history_says_its_months(project: Flask, tmp_path: Path):
    entry = {"currencyIso": "PLN", "refCurrencyIso": "EUR", "amount": 4.25, "dateStart": "01/06/2026"}
    found = run(project, tmp_path, json.dumps([{**entry, "dateEnd": "31/07/2026"}]), "rates.json")
    assert counts(found) == (2, 0, 0)
    assert stored(project) == [("PLN", "2026-06", 4_250_000), ("PLN", "2026-07", 4_250_000)]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("PLN,2026-07,4.2563", "month", "import-row-twice"),
        ("ABC,2026-08,4.2563", "currency", "cell-choice"),
        ("EUR,2026-08,1", "currency", "rate-of-euro"),
        ("PLN,August,4.2563", "month", "month-unreadable"),
        ("PLN,2026-08,4.25631234", "rate", "rate-unreadable"),
        ("PLN,2026-08,-4", "rate", "rate-unreadable"),
        ("PLN,2026-08,0", "rate", "rate-not-positive"),
        ("PLN,2026-08,", "rate", "import-cell-empty"),
    ],
)
def test_one_bad_row_keeps_all_of_the_file_out(project: Flask, tmp_path: Path, row: str, column: str, code: str):
    found = run(project, tmp_path, f"{CSV}{row}\n")
    assert [(each["row"], each["column"], each["code"]) for each in found["errors"]] == [(4, column, code)]
    assert stored(project) == []


def test_what_is_wrong_in_a_list_is_said_at_its_entry(project: Flask, tmp_path: Path):
    found = run(project, tmp_path, of_month(USD="1.1", PLN="4.25631234"), "rates.json", "--month", "2026-07")
    assert [(each["row"], each["code"]) for each in found["errors"]] == [(2, "rate-unreadable")]


def test_a_list_that_is_too_large_is_refused(project: Flask, tmp_path: Path):
    found = run(project, tmp_path, "[" + " " * (2 * 1024 * 1024) + "]", "rates.json", "--month", "2026-07")
    assert [each["code"] for each in found["errors"]] == ["rates-too-large"]


def test_a_later_file_changes_the_rate_shown_before_and_nothing_that_is_frozen(project: Flask, tmp_path: Path):
    run(project, tmp_path, CSV)
    with project.app_context():
        frozen = {"state": "submitted", "report_number": 1, "eur_cents": 23_49, "rate_micros": 4_256_300}
        make_item("ols", "O-1", rate_month="2026-07", **frozen)
    officer = sign_in_as(project, Role.FINANCE, "ols")
    fields = {**read_fields(officer.get(f"{NEW}?kind=rates")), "kind": "rates", "month": "2026-07"}
    sent = officer.post(NEW, **as_form(fields, file=[("inforeuro.json", of_month(PLN="4.3").encode())]))
    assert sent.status_code == 302, page_text(sent)
    assert press(officer, sent.location, "store").status_code == 302
    assert stored(project)[0] == ("PLN", "2026-07", 4_300_000)
    with project.app_context():
        assert (get_item(PROJECT, 1).eur_cents, get_item(PROJECT, 1).rate_micros) == (23_49, 4_256_300)
    assert send_form(officer, f"{sent.location}/undo").status_code == 302
    assert stored(project)[0] == ("PLN", "2026-07", 4_256_300)


def test_an_import_whose_rate_someone_has_changed_is_not_undone(project: Flask, tmp_path: Path):
    run(project, tmp_path, CSV)
    with project.app_context():
        change_rate(PROJECT, 1, RateMicros(4_000_000), version=1, now=NOW)
    answer = sign_in_as(project, Role.MANAGER).post(f"/projects/{PROJECT}/imports/1/undo", data={})
    assert answer.status_code == 409
    assert stored(project)[0] == ("PLN", "2026-07", 4_000_000)


def test_the_exported_table_imported_again_changes_nothing(project: Flask, tmp_path: Path):
    run(project, tmp_path, CSV)
    content = sign_in_as(project, Role.VIEWER).get(f"/projects/{PROJECT}/imports/table/rates.xlsx").data
    path = tmp_path / "again.xlsx"
    path.write_bytes(content)
    answer = run_portal(project, "import", "rates", path, "--project", PROJECT, "--format", "json")
    assert counts(json.loads(answer.stdout)) == (0, 0, 2)
