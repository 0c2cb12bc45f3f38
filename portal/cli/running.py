"""Commands that prepare, serve and check the portal."""

import signal
from contextlib import nullcontext
from time import sleep
from types import FrameType
from typing import NoReturn

import click
from flask import current_app
from flask_migrate import upgrade
from waitress.server import create_server

from portal import create_app
from portal.cli.context import in_app, print_json, with_format
from portal.config import Config
from portal.core.files.rules import MOST_BODY_BYTES
from portal.core.settling import settle
from portal.demo import DEMO_PASSWORD, demo_accounts
from portal.jobs.worker import working
from portal.reports.checks import list_notes, list_violations

THREADS = 8


@click.command()
@with_format
@in_app
def init(shape: str) -> None:
    """Create or migrate the database; safe to repeat."""
    migrate_database()
    if shape == "json":
        print_json({"result": "ready"})
    else:
        click.echo("The database is ready.")


def migrate_database() -> None:
    """Bring the database of the current app to the newest migration, without the migrations' own talk."""
    upgrade(directory=current_app.config["MIGRATIONS_DIR"])


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
@click.option("--no-worker", is_flag=True, help="Leave jobs and mails to `portal worker`.")
@in_app
def serve(host: str, port: int, no_worker: bool) -> None:
    """Serve the portal with waitress, and the worker beside it."""
    app = create_app(Config.from_env())
    accounts = [] if app.config["PRODUCTION"] else demo_accounts()
    server = create_server(
        app,
        host=host,
        port=port,
        threads=THREADS,
        ident=None,
        # What proxies say is believed by the app, and only of as many as the configuration names.
        clear_untrusted_proxy_headers=not app.config["PROXIES"],
        # The most that any page takes; each page has its own limit.
        max_request_body_size=MOST_BODY_BYTES,
    )
    leave_when_told()
    with nullcontext() if no_worker else working(app):
        click.echo(f"Serving on http://{host}:{port}")
        for account in accounts:
            click.echo(f"  {account.email:<28} {DEMO_PASSWORD}   {account.name}")
        settle()
        server.run()


@click.command()
@in_app
def worker() -> None:
    """Carry out jobs and deliver mails, until told to stop."""
    leave_when_told()
    with working(create_app(Config.from_env())) as thread:
        click.echo("Working.")
        while thread.is_alive():
            sleep(1)
    raise click.ClickException("The worker has ended by itself; its log says why.")


def leave_when_told() -> None:
    """Let SIGTERM and Ctrl-C end the command from inside, so that what is open is closed."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


@click.command()
@with_format
@in_app
def check(shape: str) -> None:
    """Check every invariant of the stored data; print each violation and exit with 1 if there is one."""
    violations = list_violations()
    if shape == "json":
        found = {"violations": violations, "notes": list_notes()}
        print_json({name: [each._asdict() for each in rows] for name, rows in found.items()})
    for violation in violations:
        click.echo(f"{violation.invariant}: {violation.subject}", err=True)
    if violations:
        raise SystemExit(1)
    if shape == "json":
        return
    for note in list_notes():
        click.echo(f"note: {note.invariant}: {note.subject}")
    click.echo("Every invariant holds.")


COMMANDS = (init, serve, worker, check)
