"""Long files are checked and stored by a worker, with the rights that whoever asked has by then."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import select

from portal.accounts.models import Membership, User
from portal.accounts.rules import Role
from portal.core.db import transaction
from portal.core.errors import Conflict
from portal.imports import kinds
from portal.imports.models import Import
from portal.imports.services import bringing, storing
from portal.jobs import carrying
from portal.jobs.models import Job
from portal.jobs.rules import SILENCE
from portal.jobs.services.work import claim_job, release_dead_jobs
from tests.conftest import NOW
from tests.integration.imports.bringing import (
    actions_of,
    bring,
    bring_and_store,
    files_of,
    fruits_of,
    imports_of,
    many,
    press,
    work,
)
from tests.integration.imports.fruits import fruits
from tests.integration.pages import find_all, page_text, read_page, read_table
from tests.make import sign_in_as


@pytest.fixture(autouse=True)
def _long(monkeypatch):
    """A thousand bytes are long already."""
    monkeypatch.setattr(bringing, "SHORT_BYTES", 1_000)
    monkeypatch.setattr(storing, "SHORT_BYTES", 1_000)


def test_a_long_file_is_checked_and_stored_by_the_worker_while_its_page_comes_again(project, manager):
    address = bring(manager, many(100))
    page = manager.get(address)
    assert "The file waits for its turn." in page_text(page)
    assert page.headers["Refresh"] == f"3; url={address}"
    assert imports_of(project) == [("checking", 0, 0, 0, 0)]
    assert work(project) == ["done"]
    page = manager.get(address)
    assert "Import 100 rows" in page_text(page)
    assert "Refresh" not in page.headers
    press(manager, address, "store")
    assert (imports_of(project)[0][0], fruits_of(project)) == ("storing", {})
    assert "Refresh" in manager.get(address).headers
    assert work(project) == ["done", "done"]
    assert (imports_of(project), len(fruits_of(project))) == ([("stored", 100, 100, 0, 0)], 100)
    assert actions_of(project) == [("import_stored", "manager-@example.org")]
    assert files_of(project) == 0


def test_a_long_file_with_errors_is_refused(project, manager):
    address = bring(manager, [*many(100), "pear,blue,lps"])
    work(project)
    assert "1 error: it keeps the file" in page_text(manager.get(address))
    assert (imports_of(project), files_of(project)) == ([("refused", 101, 100, 0, 0)], 0)


def test_of_many_errors_the_first_are_kept_and_all_are_counted(project, manager):
    address = bring(manager, [f"fruit{number},blue{number},lps" for number in range(300)])
    work(project)
    page = page_text(manager.get(address))
    assert "300 errors: they keep the file from being imported" in page
    assert "Shown are 200 different ones, which stand for 200 of 300." in page
    assert "300 rows New 0 Changed 0 Stored already 0 With errors 300" in page


def test_one_error_in_many_rows_is_shown_once_with_all_of_them(project, manager):
    address = bring(manager, ["pear,green,lps", *(f"fruit{number},blue,lps" for number in range(300))])
    work(project)
    page = manager.get(address)
    assert [row[0] for row in read_table(page, "300 errors: they keep the file from being imported")[1:]] == [
        "Rows 3–302"
    ]
    assert "Shown are" not in page_text(page)
    assert "With errors 300" in page_text(page)


def test_a_file_that_waits_for_nobody_says_whom_to_tell(project, manager):
    address = bring(manager, many(100))
    with project.app_context(), transaction() as session:
        for job in session.scalars(select(Job)):
            job.due_at = NOW - SILENCE
    page = manager.get(address)
    assert "tell the administrator that nothing works on it" in page_text(page)
    assert "Refresh" not in page.headers


@pytest.mark.parametrize("stored", [False, True])
def test_what_waits_is_given_up_and_its_job_with_it(project, manager, stored):
    address = bring(manager, many(100))
    if stored:
        work(project)
        press(manager, address, "store")
    assert press(manager, address, "discard").status_code == 302
    assert imports_of(project)[0][0] == ("ready" if stored else "discarded")
    assert files_of(project) == int(stored)
    assert work(project)[-1] == "cancelled"
    assert fruits_of(project) == {}


def test_the_page_says_how_far_the_work_is(project, manager, monkeypatch):
    monkeypatch.setattr(carrying, "PULSE_SECONDS", 0.01)
    address = bring(manager, many(199))
    seen = []

    def look(request, table):
        request.progress(50)
        # Another thread, as a browser is: this one is inside the job.
        with ThreadPoolExecutor(1) as elsewhere:
            for _ in range(500):
                page = elsewhere.submit(manager.get, address).result()
                seen.extend(each.attributes["value"] for each in find_all(read_page(page), "progress"))
                if seen[-1] != "0":
                    break
        return fruits().plan(request, table)

    monkeypatch.setitem(kinds._kinds, "fruits", fruits(plan=look))
    assert work(project) == ["done"]
    # Fifty of 201: the rows, the header, and what might follow the last line break.
    assert seen[-1] == "24"


def while_planning(monkeypatch, act) -> None:
    """Do something in the middle of checking a file."""

    def plan(request, table):
        made = fruits().plan(request, table)
        act()
        request.progress(made.rows)
        return made

    monkeypatch.setitem(kinds._kinds, "fruits", fruits(plan=plan))


def test_a_job_that_is_cancelled_while_it_checks_ends_there(project, manager, monkeypatch):
    monkeypatch.setattr(carrying, "PULSE_SECONDS", 0.01)
    address = bring(manager, many(100))
    pressed = Event()

    def give_up() -> None:
        if not pressed.is_set():
            assert press(manager, address, "discard").status_code == 302
            pressed.set()

    def wait(request, table):
        give_up()
        for _ in range(500):
            Event().wait(0.01)
            request.progress(1)
        raise AssertionError("nobody was told to stop")

    monkeypatch.setitem(kinds._kinds, "fruits", fruits(plan=wait))
    assert work(project) == ["cancelled"]
    assert imports_of(project) == [("discarded", 0, 0, 0, 0)]


def test_what_is_given_up_just_before_its_end_stays_given_up(project, manager, monkeypatch):
    address = bring(manager, many(100))
    while_planning(monkeypatch, lambda: press(manager, address, "discard"))
    work(project)
    assert (imports_of(project), files_of(project)) == ([("discarded", 0, 0, 0, 0)], 0)


def test_a_worker_that_dies_leaves_the_file_to_the_next_one(project, manager):
    bring(manager, many(100))
    with project.app_context():
        with transaction() as session:
            job = session.scalars(select(Job)).one()
            job.due_at = NOW - SILENCE
        assert claim_job(job.id, now=NOW - SILENCE)
        release_dead_jobs(now=NOW)
    assert work(project) == ["done"]
    assert imports_of(project) == [("ready", 100, 100, 0, 0)]


def test_an_attempt_that_was_taken_over_stores_nothing(project, manager, monkeypatch):
    address = bring(manager, many(100))
    work(project)
    press(manager, address, "store")

    def take_over() -> None:
        with transaction() as session:
            for job in session.scalars(select(Job).where(Job.state == "running")):
                job.attempts += 1

    while_planning(monkeypatch, take_over)
    work(project)
    assert (imports_of(project)[0][0], fruits_of(project), actions_of(project)) == ("storing", {}, [])


def test_a_job_that_fails_lets_the_person_give_up_and_try_again(project, manager, monkeypatch):
    address = bring(manager, many(100))
    work(project)
    press(manager, address, "store")

    def fail() -> None:
        raise RuntimeError

    while_planning(monkeypatch, fail)
    assert work(project)[-1] == "failed"
    assert "The work ended before it was finished." in page_text(manager.get(address))
    assert press(manager, address, "discard").status_code == 302
    monkeypatch.undo()
    monkeypatch.setitem(kinds._kinds, "fruits", fruits())
    assert imports_of(project)[0][0] == "ready"


def test_a_job_that_finds_that_the_plan_no_longer_holds_lets_the_import_wait_again(project, manager, monkeypatch):
    def refuse(session, import_id, plan, now):
        raise Conflict("import-stale")

    address = bring(manager, many(100))
    work(project)
    press(manager, address, "store")
    monkeypatch.setitem(kinds._kinds, "fruits", fruits(store=refuse))
    assert work(project)[-1] == "failed"
    assert (imports_of(project)[0][0], fruits_of(project)) == ("ready", {})
    monkeypatch.setitem(kinds._kinds, "fruits", fruits())
    press(manager, address, "store")
    work(project)
    assert imports_of(project)[0][0] == "stored"


def test_who_has_lost_the_right_meanwhile_stores_nothing(project, manager):
    lps = sign_in_as(project, Role.PARTNER, "lps")
    address = bring(lps, many(100))
    work(project)
    press(lps, address, "store")
    with project.app_context(), transaction() as session:
        session.delete(session.scalars(select(Membership).where(Membership.role == Role.PARTNER)).one())
    work(project)
    assert (imports_of(project)[0][0], fruits_of(project), files_of(project)) == ("refused", {}, 0)
    assert "may no longer import into the project" in page_text(manager.get(address))


def test_whose_reach_has_shrunk_meanwhile_stores_nothing_beyond_it(project):
    lps = sign_in_as(project, Role.PARTNER, "lps")
    bring(lps, many(100))
    with project.app_context(), transaction() as session:
        session.scalars(select(Membership)).one().organisation_key = "ols"
    work(project)
    assert imports_of(project) == [("refused", 100, 0, 0, 0)]


def test_a_disabled_account_stores_nothing(project):
    browser = sign_in_as(project, Role.MANAGER)
    bring(browser, many(100))
    with project.app_context(), transaction() as session:
        session.scalars(select(User)).one().is_active = False
    work(project)
    assert imports_of(project)[0][0] == "refused"


def test_checked_files_about_which_nobody_decides_are_forgotten(project, manager):
    bring(manager, ["pear,green,lps"])
    with project.app_context(), transaction() as session:
        session.scalars(select(Import)).one().added_at = NOW - kept()
    bring_and_store(manager, ["plum,green,lps"])
    assert [state for state, *_ in imports_of(project)] == ["discarded", "stored"]
    assert files_of(project) == 0


def kept():
    return bringing.KEPT * 2
