"""What is said beside a file: asked for where there is a choice, kept with the import, and looked at each time."""

import json

import pytest
from sqlalchemy import select

from portal.accounts.models import Membership
from portal.accounts.rules import Role
from portal.audit.models import AuditEntry
from portal.core.db import db, transaction
from portal.imports import kinds
from portal.imports.models import Import
from portal.imports.services import bringing, storing
from tests.files import as_form, pdf
from tests.integration.imports.bringing import IMPORTS, NEW, fruits_of, imports_of, many, press, upload, work
from tests.integration.imports.harvest import harvest
from tests.integration.pages import links_of, page_text, read_errors, read_fields, read_table, send_form
from tests.make import PROJECT, make_user, run_portal, sign_in, sign_in_as

HARVEST = f"{NEW}?kind=harvest"
ROWS = b"name,colour\npear,green\n"


@pytest.fixture(autouse=True)
def _harvest(monkeypatch):
    monkeypatch.setitem(kinds._kinds, "harvest", harvest())


@pytest.fixture
def officer(project):
    """The finance officer of Olsztyn."""
    return sign_in_as(project, Role.FINANCE, "ols")


def bring(browser, content: bytes = ROWS, name: str = "harvest.csv", **said):
    fields = read_fields(browser.get(HARVEST))
    return browser.post(HARVEST, **as_form({**fields, **said}, file=[(name, content)]))


def options_of(app) -> list[dict[str, str]]:
    with app.app_context():
        return list(db.session.scalars(select(Import.options).order_by(Import.id)))


def trail_of(app) -> list[tuple[str, str]]:
    """Action and the organisation acted for, of imports."""
    with app.app_context():
        rows = db.session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "import").order_by(AuditEntry.id))
        return [(row.action, row.acting_for) for row in rows]


def test_who_has_one_organisation_sees_its_name_and_is_not_asked(project, officer):
    page = officer.get(HARVEST)
    assert "organisation" not in read_fields(page)
    assert "Regional Prison Inspectorate in Olsztyn" in page_text(page)
    address = bring(officer).location
    assert options_of(project) == [{"organisation": "ols"}]
    assert "Import 1 row" in page_text(officer.get(address))
    press(officer, address, "store")
    assert fruits_of(project) == {"pear": ["green", "ols"]}
    assert trail_of(project) == [("import_stored", "")]


def test_what_the_form_does_not_ask_cannot_be_forged(project, officer):
    bring(officer, organisation="lps")
    assert options_of(project) == [{"organisation": "ols"}]


def test_the_manager_chooses_and_acts_for_the_organisation(project, manager):
    address = bring(manager, organisation="ols", month="2026-07").location
    page = manager.get(address)
    assert "What you do here is kept as done for" in page_text(page)
    assert "Month 2026-07" in page_text(page)
    press(manager, address, "store")
    send_form(manager, f"{address}/undo")
    assert trail_of(project) == [("import_stored", "ols"), ("import_undone", "ols")]
    with project.app_context():
        kept = db.session.scalars(select(AuditEntry.changes).where(AuditEntry.action == "import_stored")).one()
    assert {"organisation", "month"} <= set(kept)


@pytest.mark.parametrize(
    ("said", "field", "message"),
    [
        ({}, "organisation", "Fill this in."),
        ({"organisation": "nobody"}, "organisation", "“nobody” is not offered here."),
        ({"organisation": "ols", "month": "July"}, "month", "“July” is not a month. Write it like 2026-07."),
        ({"organisation": "ols", "month": "2026-13"}, "month", "“2026-13” is not a month."),
    ],
)
def test_what_is_missing_or_wrong_stands_at_its_field(project, manager, said, field, message):
    answer = bring(manager, **said)
    assert answer.status_code == 422
    assert message in read_errors(answer)[field]
    assert imports_of(project) == []


def test_an_organisation_of_others_is_not_allowed(project):
    with project.app_context():
        user = make_user(Role.FINANCE, "ols")
        with transaction() as session:
            session.add(Membership(user_id=user, project_code=PROJECT, role=Role.FINANCE, organisation_key="lps"))
    browser = sign_in(project.test_client(), user)
    assert bring(browser, organisation="kaunas").status_code == 403
    assert bring(browser, organisation="lps").status_code == 302
    assert options_of(project) == [{"organisation": "lps"}]


def test_a_plan_that_refuses_what_was_said_refuses_the_file_with_a_sentence(project, manager):
    address = bring(manager, organisation="ols", month="2026-01").location
    assert read_table(manager.get(address), "1 error")[1] == [
        "The whole file",
        "–",
        "“2026-01” is not a month. Write it like 2026-07.",
    ]
    assert links_of(manager.get(address))["Upload the corrected file"].endswith(
        "?kind=harvest&organisation=ols&month=2026-01"
    )


def test_a_month_in_the_address_fills_the_form(manager):
    fields = read_fields(manager.get(f"{HARVEST}&organisation=lps&month=2026-07"))
    assert (fields["organisation"], fields["month"]) == ("lps", "2026-07")


def test_an_organisation_that_is_no_longer_the_persons_is_not_stored_for(project, officer):
    address = bring(officer).location
    with project.app_context(), transaction() as session:
        session.scalars(select(Membership).where(Membership.role == Role.FINANCE)).one().organisation_key = "lps"
    assert press(officer, address, "store").status_code == 403
    assert fruits_of(project) == {}


def test_a_job_asks_for_the_right_over_the_organisation_again(project, officer, monkeypatch):
    monkeypatch.setattr(bringing, "SHORT_BYTES", 1_000)
    monkeypatch.setattr(storing, "SHORT_BYTES", 1_000)
    long = "\n".join(["name,colour", *(row.removesuffix(",lps") for row in many(200))]).encode()
    first, second = bring(officer, long).location, bring(officer, long + b"\npear,green").location
    work(project)
    press(officer, first, "store")
    work(project)
    assert len(fruits_of(project)) == 200
    press(officer, second, "store")
    with project.app_context(), transaction() as session:
        session.scalars(select(Membership).where(Membership.role == Role.FINANCE)).one().organisation_key = "lps"
    work(project)
    assert [state for state, *_ in imports_of(project)] == ["stored", "refused"]


def test_a_job_keeps_for_whom_the_manager_acts(project, manager, monkeypatch):
    monkeypatch.setattr(bringing, "SHORT_BYTES", 10)
    monkeypatch.setattr(storing, "SHORT_BYTES", 10)
    address = bring(manager, organisation="ols").location
    work(project)
    press(manager, address, "store")
    work(project)
    assert trail_of(project) == [("import_stored", "ols")]


def test_who_enters_expenditure_finds_imports_and_sees_those_of_the_own_organisation(project, manager, officer):
    assert links_of(officer.get(f"/projects/{PROJECT}/"))["Imports"] == IMPORTS
    assert "Fruits" not in page_text(officer.get(NEW))
    theirs = bring(manager, organisation="ols").location
    others = bring(manager, b"name,colour\nplum,green\n", organisation="lps").location
    events = upload(manager, ("fruits.csv", b"name,colour,organisation\nfig,green,ols\n")).location
    assert officer.get(theirs).status_code == 200
    for address in (others, events):
        assert officer.get(address).status_code == 404
        assert officer.post(f"{address}/store", data={}).status_code == 404
    rows = read_table(officer.get(IMPORTS), "Imports, latest first")[1:]
    assert [row[1] for row in rows] == ["Harvest ols"]
    press(officer, theirs, "store")
    assert fruits_of(project) == {"pear": ["green", "ols"]}


def test_what_is_stored_is_handed_out_by_organisation(project, manager, officer):
    press(manager, bring(manager, organisation="ols").location, "store")
    links = links_of(manager.get(IMPORTS))
    mine = [address for label, address in links.items() if label.startswith("Harvest as XLSX: ")]
    assert f"{IMPORTS}/export/harvest.xlsx?organisation=ols" in mine
    assert officer.get(f"{IMPORTS}/export/harvest.xlsx?organisation=ols").status_code == 200
    assert officer.get(f"{IMPORTS}/export/harvest.xlsx?organisation=lps").status_code == 404


def test_imports_are_filtered_by_kind_and_state_and_paged(project, manager):
    for number in range(3):
        bring(manager, f"name,colour\npear{number},green\n".encode(), organisation="ols")
    upload(manager, ("fruits.csv", b"name,colour,organisation\nfig,blue,ols\n"))

    def kinds_at(query: str) -> list[str]:
        rows = read_table(manager.get(f"{IMPORTS}?{query}"), "Imports")[1:]
        return [row[1].removesuffix(" ols") for row in rows]

    assert kinds_at("") == ["Fruits", "Harvest", "Harvest", "Harvest"]
    assert kinds_at("kind=fruits") == ["Fruits"]
    assert kinds_at("state=ready") == ["Harvest"] * 3
    assert kinds_at("kind=harvest&per_page=2&page=2") == ["Harvest"]
    assert "No import matches this filter." in page_text(manager.get(f"{IMPORTS}?kind=fruits&state=stored"))
    assert manager.get(f"{IMPORTS}?state=nonsense").status_code == 422
    page = manager.get(f"{IMPORTS}?kind=harvest&per_page=2")
    assert links_of(page)["Next page →"] == f"{IMPORTS}?kind=harvest&per_page=2&page=2"


def test_a_list_in_json_is_taken_by_a_kind_that_reads_it_and_by_no_other(project, manager):
    content = json.dumps([{"name": "pear", "colour": "green"}, {"name": "fig", "colour": "blue"}]).encode()
    address = bring(manager, content, "harvest.json", organisation="ols").location
    assert read_table(manager.get(address), "1 error")[1][:2] == ["Row 2", "colour"]
    address = bring(manager, content.replace(b"blue", b"red"), "harvest.json", organisation="ols").location
    press(manager, address, "store")
    assert fruits_of(project) == {"fig": ["red", "ols"], "pear": ["green", "ols"]}
    answer = upload(manager, ("fruits.json", content))
    assert answer.status_code == 415
    assert "is of a type that is not accepted. Accepted are: XLSX, CSV." in read_errors(answer)["file"]


@pytest.mark.parametrize(
    ("name", "content", "status", "said"),
    [
        ("list.pdf", pdf(), 415, "Accepted are: XLSX, CSV, JSON."),
        ("list.json", pdf(), 415, "does not hold what its name says"),
        ("list.json", b"", 422, "“list.json” is empty"),
        ("list.json", b" " * 21_000_000, 413, "is larger than 20 MB"),
    ],
)
def test_a_list_that_is_none_gets_its_message_at_the_field(project, manager, name, content, status, said):
    answer = bring(manager, content, name, organisation="ols")
    assert answer.status_code == status
    assert said in read_errors(answer)["file"]
    assert imports_of(project) == []


def test_a_list_that_cannot_be_read_is_refused(project, manager):
    address = bring(manager, b"[1, 2", "list.json", organisation="ols").location
    assert "The file holds no table." in page_text(manager.get(address))


@pytest.fixture
def basket(tmp_path):
    path = tmp_path / "harvest.csv"
    path.write_bytes(ROWS)
    return path


def command(app, *words, kind: str = "harvest"):
    return run_portal(app, "import", kind, *words, "--project", PROJECT)


def test_the_command_says_whose_rows_and_which_month(project, basket):
    answer = command(project, basket, "--organisation", "ols", "--month", "2026-07")
    assert answer.exit_code == 0, answer.stderr
    assert options_of(project) == [{"organisation": "ols", "month": "2026-07"}]
    assert fruits_of(project) == {"pear": ["green", "ols"]}


def test_the_command_refuses_what_a_kind_does_not_take_or_needs(project, basket):
    cases = [
        ((), "harvest", 2, "need --organisation"),
        (("--month", "2026-07"), "fruits", 2, "take no --month"),
        (("--organisation", "nobody"), "harvest", 1, "--organisation: “nobody” is not offered here."),
        (("--organisation", "ols", "--month", "7"), "harvest", 1, "--month: “7” is not a month."),
    ]
    for words, kind, code, said in cases:
        answer = command(project, basket, *words, kind=kind)
        assert (answer.exit_code, said in answer.stderr) == (code, True), answer.stderr
    assert imports_of(project) == []


def test_the_command_as_an_officer_reaches_the_own_organisation(project, basket):
    with project.app_context():
        make_user(Role.FINANCE, "ols", email="ols@example.org")
        make_user(Role.MANAGER, email="manager@example.org")
    answer = command(project, basket, "--organisation", "lps", "--as", "ols@example.org")
    assert (answer.exit_code, "[not-allowed]" in answer.stderr) == (1, True)
    assert command(project, basket, "--as", "ols@example.org").exit_code == 0
    basket.write_bytes(b"name,colour\nplum,green\n")
    assert command(project, basket, "--organisation", "lps", "--as", "manager@example.org").exit_code == 0
    assert trail_of(project) == [("import_stored", ""), ("import_stored", "lps")]


def test_the_command_takes_a_list_in_json(project, tmp_path):
    path = tmp_path / "harvest.json"
    path.write_text('[{"name": "pear", "colour": "green"}]')
    assert command(project, path, "--organisation", "ols").exit_code == 0
    assert command(project, path, kind="fruits").exit_code == 1
    assert fruits_of(project) == {"pear": ["green", "ols"]}
