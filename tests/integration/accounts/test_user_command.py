"""`portal user add`: accounts from the command line, also the first administrator's in production."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, Engine, event, select

from portal.accounts.queries import find_user_by_email, list_holdings
from portal.accounts.rules import Holding, Role
from portal.accounts.services.passwords import is_right
from portal.audit.models import AuditEntry
from portal.cli import cli
from portal.core import clock
from portal.core.db import db
from tests.conftest import NOW
from tests.integration.accounts.people import PASSWORD, list_actions, list_mails
from tests.make import PROJECT, PROJECT_FILE, make_project, make_user, run_portal

JONAS = "jonas@example.lt"


def add(app, *arguments: str, password: str | None = None, **environment: str):
    """What `portal user add` answers, with the password on its standard input where one is given."""
    words = ["user", "add", *arguments, *(["--password-stdin"] if password is not None else [])]
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
    env = {"PORTAL_DATABASE_URL": url, "PORTAL_DATA_DIR": str(app.config["DATA_DIR"]), "PORTAL_SECRET_KEY": KEY}
    opened: set[Engine] = set()

    def keep(connection: Connection) -> None:
        opened.add(connection.engine)

    event.listen(Engine, "engine_connect", keep)
    try:
        return CliRunner().invoke(cli, words, env={**env, "PORTAL_NOW": NOW.isoformat(), **environment}, input=password)
    finally:
        clock.stand_still(NOW)
        event.remove(Engine, "engine_connect", keep)
        # The command's connections must not outlive the database they are on.
        for engine in opened:
            engine.dispose()


KEY = "0123456789abcdef0123456789abcdef"
PRODUCTION = {
    "PORTAL_MODE": "production",
    "PORTAL_BASE_URL": "https://portal.example.org",
    "PORTAL_TRUSTED_HOSTS": "portal.example.org",
}


def test_the_first_administrator_is_made_in_production_too(app):
    done = add(app, JONAS, "--name", "Jonas P.", "--admin", password=f"{PASSWORD}\n", **PRODUCTION)
    assert (done.exit_code, done.output) == (0, f"{JONAS}: added.\n")
    with app.app_context():
        user = find_user_by_email(JONAS)
        assert user is not None
        assert (user.name, user.is_admin, user.is_demo) == ("Jonas P.", True, False)
        assert is_right(PASSWORD, user.password_hash)
    assert list_actions(app)[0] == ("account_added", "command line", "account 1")
    assert list_mails(app) == []


def test_a_further_membership_leaves_the_password_alone(app):
    with app.app_context():
        make_project()
    one = ("--role", "partner", "--project", PROJECT, "--organisation", "ols")
    add(app, JONAS, "--name", "Jonas", *one, password=PASSWORD)
    done = add(app, JONAS.upper(), "--name", "Jonas", "--role", "viewer", "--project", PROJECT)
    assert (done.exit_code, done.output) == (0, f"{JONAS.upper()}: changed.\n")
    with app.app_context():
        user = find_user_by_email(JONAS)
        assert user is not None
        assert is_right(PASSWORD, user.password_hash)
        assert list_holdings(user.id, PROJECT) == [Holding(Role.PARTNER, "ols"), Holding(Role.VIEWER)]
    assert add(app, JONAS, "--name", "Jonas", *one).exit_code == 0


def test_a_password_that_is_given_replaces_the_old_one(app):
    add(app, JONAS, "--name", "Jonas", password=PASSWORD)
    assert add(app, JONAS, "--name", "Jonas", password="žirgas-per-slenkstį\n").exit_code == 0
    with app.app_context():
        user = find_user_by_email(JONAS)
        assert user is not None
        assert is_right("žirgas-per-slenkstį", user.password_hash)


def test_everything_that_is_wrong_is_listed_at_once_and_nothing_is_stored(app):
    refused = add(app, "jonas", "--name", " ", "--role", "boss", "--project", "NOWHERE", password="short")
    assert refused.exit_code == 1
    codes = [line.rpartition("[")[2].rstrip("]") for line in refused.stderr.splitlines()]
    assert codes == ["email-malformed", "name-missing", "password-short", "role-unknown", "membership-unknown"]
    assert refused.stdout == ""
    with app.app_context():
        assert db.session.scalars(select(AuditEntry)).all() == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--role", "partner", "--project", PROJECT), "role-needs-organisation"),
        (("--role", "manager", "--project", PROJECT, "--organisation", "ols"), "role-without-organisation"),
        (("--role", "partner", "--project", PROJECT, "--organisation", "nato"), "membership-unknown"),
        (("--role", "viewer", "--project", "NOWHERE"), "membership-unknown"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_role_that_cannot_be_is_refused_with_the_account(app, arguments, code):
    with app.app_context():
        make_project()
    refused = add(app, JONAS, "--name", "Jonas", *arguments, password=PASSWORD)
    assert refused.exit_code == 1
    assert f"[{code}]" in refused.stderr
    with app.app_context():
        assert find_user_by_email(JONAS) is None


def test_as_json_the_account_and_its_role_are_one_document(app):
    with app.app_context():
        make_project()
    words = (JONAS, "--name", "Jonas", "--format", "json")
    account = {"email": JONAS, "created": True, "project": None, "role": None, "organisation": None}
    assert json.loads(add(app, *words, password=PASSWORD).stdout) == account
    one = ("--role", "partner", "--project", PROJECT, "--organisation", "ols")
    role = {"project": PROJECT, "role": "partner", "organisation": "ols"}
    assert json.loads(add(app, *words, *one).stdout) == {**account, "created": False, **role}
    refused = add(app, *words, "--role", "boss", "--project", PROJECT)
    assert refused.exit_code == 1
    assert [each["code"] for each in json.loads(refused.stdout)["errors"]] == ["role-unknown"]


def test_a_new_account_needs_a_password(app):
    refused = add(app, JONAS, "--name", "Jonas")
    assert refused.exit_code == 1
    assert "[password-missing]" in refused.stderr


@pytest.mark.parametrize(
    "arguments",
    [(), ("--role", "viewer"), ("--project", PROJECT), ("--organisation", "ols")],
    ids=str,
)
def test_wrong_usage_exits_with_two(app, arguments):
    name = ("--name", "Jonas") if arguments else ()
    assert add(app, JONAS, *name, *arguments, password=PASSWORD).exit_code == 2


def test_commands_that_write_say_whose_act_it_is(app):
    with app.app_context():
        make_user(None, email="admin@example.org", admin=True)
    assert add(app, JONAS, "--name", "Jonas", "--as", "Admin@Example.org", password=PASSWORD).exit_code == 0
    assert list_actions(app)[0] == ("account_added", "admin@example.org", "account 2")
    assert run_portal(app, "load", PROJECT_FILE, "--as", "admin@example.org").exit_code == 0
    assert run_portal(app, "demo", "remove", PROJECT, "--as", "admin@example.org").exit_code == 0
    with app.app_context():
        [loaded] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "project_loaded")).all()
        assert (loaded.actor_id, loaded.actor) == (1, "admin@example.org")


@pytest.mark.parametrize("closed", [False, True])
def test_nobody_acts_as_someone_without_an_open_account(app, closed):
    with app.app_context():
        if closed:
            make_user(None, email="admin@example.org")
            user = find_user_by_email("admin@example.org")
            assert user is not None
            user.is_active = False
            db.session.commit()
    refused = add(app, JONAS, "--name", "Jonas", "--as", "admin@example.org", password=PASSWORD)
    assert refused.exit_code == 1
    assert "[actor-unknown]" in refused.stderr
    assert list_actions(app) == []
