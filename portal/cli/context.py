"""The app around a command."""

import functools
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

import click
from flask_babel import force_locale
from sqlalchemy.exc import OperationalError, ProgrammingError

from portal import create_app
from portal.accounts.queries import find_user_by_email, list_holdings
from portal.accounts.rules import Permission, acted_for, may, own_organisations
from portal.audit.services import COMMAND_LINE, Actor, acting_as, current_actor
from portal.config import Config
from portal.core.errors import InvalidInput, NotAllowed, NotFound, PortalError
from portal.core.sentences import sentence

Command = TypeVar("Command", bound=Callable[..., Any])

# What keeps a command from working that is not in what it was given.
UNUSABLE_FILE, UNUSABLE_DATABASE = "file", "database"

# A day that an option states.
DAY = click.DateTime(["%Y-%m-%d"])

# The option of commands that answer in lines for people or, for scripts, in one JSON document.
with_format = click.option(
    "--format", "shape", type=click.Choice(["table", "json"]), default="table", show_default=True
)


def in_app(command: Command) -> Command:
    """Run the command inside the app that the environment configures, in English.

    Refused data is listed, problem by problem, and the command exits with 1; where it was asked for JSON, the problems
    are its document.
    """

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        with create_app(Config.from_env()).app_context(), force_locale("en"):
            try:
                return command(*args, **kwargs)
            except (PortalError, OperationalError, ProgrammingError, OSError) as error:
                refusals = _refusals(error)
                for refusal in refusals:
                    click.echo(_line(refusal), err=True)
                if kwargs.get("shape") == "json":
                    print_json({"errors": refusals})
                raise SystemExit(1) from error

    return cast(Command, run)


def json_text(document: dict[str, Any]) -> str:
    """The document over several lines, for a file or for the screen."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def write_out(content: str | bytes, output: Path | None) -> None:
    """Write what a command has made to the file, else to stdout; raise UsageError for a workbook on the screen."""
    raw = content.encode() if isinstance(content, str) else content
    if output is not None:
        output.write_bytes(raw)
    elif isinstance(content, bytes) and sys.stdout.isatty():
        raise click.UsageError("A workbook is not for the screen: name a file with -o.")
    else:
        sys.stdout.buffer.write(raw)


def print_json(document: dict[str, Any]) -> None:
    """Print the document, with whatever JSON does not know as text."""
    click.echo(json.dumps(document, ensure_ascii=False, default=str))


def with_actor(command: Command) -> Command:
    """Give a command that writes the option --as: whose account the audit names, else the command line.

    It stands below `in_app`, as it looks for the account. An e-mail without an open account is refused.
    """

    @click.option("--as", "actor_email", metavar="EMAIL", help="Whose act the audit says this is.")
    @functools.wraps(command)
    def run(*args: Any, actor_email: str | None, **kwargs: Any) -> Any:
        with acting_as(_actor(actor_email) if actor_email else COMMAND_LINE):
            return command(*args, **kwargs)

    return cast(Command, run)


def own_reach(permission: Permission, code: str) -> frozenset[str] | None:
    """The keys of the organisations that the permission of whoever acts reaches (None: all, as the command line may).

    Raise NotFound for people who take part in nothing of the project, NotAllowed for those without the permission.
    """
    actor = current_actor()
    if actor == COMMAND_LINE:
        return None
    holdings = list_holdings(actor.id, code)
    if not holdings:
        raise NotFound("not-a-member")
    if not may(permission, holdings):
        raise NotAllowed("not-allowed")
    return own_organisations(permission, holdings)


@contextmanager
def acting_over(permission: Permission, code: str, organisations: Sequence[str]) -> Iterator[None]:
    """Run the block over things of these organisations, and let the audit say for whom where that is for others.

    Raise as `own_reach` does, and NotAllowed where the permission reaches none of them.
    """
    reach = own_reach(permission, code)
    if reach is not None and reach.isdisjoint(organisations):
        raise NotAllowed("not-allowed")
    actor = current_actor()
    if actor != COMMAND_LINE:
        actor = actor._replace(acting_for=acted_for(permission, list_holdings(actor.id, code), organisations))
    with acting_as(actor):
        yield


def _actor(email: str) -> Actor:
    user = find_user_by_email(email)
    if user is None or not user.is_active:
        raise InvalidInput("actor-unknown", where="--as", email=email)
    return Actor(user.id, user.email)


def _refusals(error: Exception) -> list[dict[str, str]]:
    """Why a command did nothing: the place each is about ('': the whole), its code, and a sentence."""
    if isinstance(error, PortalError):
        return [_refusal(each.code, sentence(each), each.where) for each in error.problems]
    if isinstance(error, OSError):
        return [_refusal(UNUSABLE_FILE, f"{error.strerror}: {error.filename or ''}")]
    cause = getattr(error, "orig", error)
    message = f"The database cannot be used: {cause}. Is it there, and has portal init been run?"
    return [_refusal(UNUSABLE_DATABASE, message)]


def _refusal(code: str, message: str, where: str = "") -> dict[str, str]:
    return {"where": where, "code": code, "message": message}


def _line(refusal: dict[str, str]) -> str:
    if refusal["code"] in (UNUSABLE_FILE, UNUSABLE_DATABASE):
        return refusal["message"]
    place = f"{refusal['where']}: " if refusal["where"] else ""
    return f"{place}{refusal['message']} [{refusal['code']}]"
