"""Commands that prepare, serve and check the portal."""

import click
from flask import current_app
from flask_migrate import upgrade
from waitress.server import create_server

from portal import create_app
from portal.cli.context import in_app
from portal.config import Config
from portal.demo import DEMO_PASSWORD, demo_accounts
from portal.reports.checks import list_violations

THREADS = 8


@click.command()
@in_app
def init() -> None:
    """Create or migrate the database; safe to repeat."""
    migrate_database()
    click.echo("The database is ready.")


def migrate_database() -> None:
    """Bring the database of the current app to the newest migration, without the migrations' own talk."""
    upgrade(directory=current_app.config["MIGRATIONS_DIR"])


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
@in_app
def serve(host: str, port: int) -> None:
    """Serve the portal with waitress."""
    app = create_app(Config.from_env())
    accounts = [] if app.config["PRODUCTION"] else demo_accounts()
    server = create_server(
        app,
        host=host,
        port=port,
        threads=THREADS,
        ident=None,
        clear_untrusted_proxy_headers=True,
        max_request_body_size=app.config["MAX_CONTENT_LENGTH"],
    )
    click.echo(f"Serving on http://{host}:{port}")
    for account in accounts:
        click.echo(f"  {account.email:<28} {DEMO_PASSWORD}   {account.name}")
    server.run()


@click.command()
@in_app
def check() -> None:
    """Check every invariant of the stored data; print each violation and exit with 1 if there is one."""
    violations = list_violations()
    for violation in violations:
        click.echo(f"{violation.invariant}: {violation.subject}", err=True)
    if violations:
        raise SystemExit(1)
    click.echo("Every invariant holds.")


COMMANDS = (init, serve, check)
