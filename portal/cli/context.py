"""The app around a command."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

import click
from flask_babel import force_locale
from sqlalchemy.exc import OperationalError, ProgrammingError

from portal import create_app
from portal.accounts.queries import find_user_by_email
from portal.audit.services import COMMAND_LINE, Actor, acting_as
from portal.config import Config
from portal.core.errors import InvalidInput, PortalError, Problem
from portal.core.sentences import sentence

Command = TypeVar("Command", bound=Callable[..., Any])


def in_app(command: Command) -> Command:
    """Run the command inside the app that the environment configures, in English.

    Refused data is listed, problem by problem, and the command exits with 1.
    """

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        with create_app(Config.from_env()).app_context(), force_locale("en"):
            try:
                return command(*args, **kwargs)
            except PortalError as error:
                for problem in error.problems:
                    click.echo(_line(problem), err=True)
                raise SystemExit(1) from error
            except (OperationalError, ProgrammingError) as error:
                click.echo(
                    f"The database cannot be used: {error.orig}. Is it there, and has portal init been run?", err=True
                )
                raise SystemExit(1) from error
            except OSError as error:
                click.echo(f"{error.strerror}: {error.filename or ''}", err=True)
                raise SystemExit(1) from error

    return cast(Command, run)


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


def _actor(email: str) -> Actor:
    user = find_user_by_email(email)
    if user is None or not user.is_active:
        raise InvalidInput("actor-unknown", where="--as", email=email)
    return Actor(user.id, user.email)


def _line(problem: Problem) -> str:
    place = f"{problem.where}: " if problem.where else ""
    return f"{place}{sentence(problem)} [{problem.code}]"
