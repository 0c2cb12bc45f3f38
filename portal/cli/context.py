"""The app around a command."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

import click
from flask_babel import force_locale
from sqlalchemy.exc import OperationalError, ProgrammingError

from portal import create_app
from portal.config import Config
from portal.core.errors import PortalError, Problem
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


def _line(problem: Problem) -> str:
    place = f"{problem.where}: " if problem.where else ""
    return f"{place}{sentence(problem)} [{problem.code}]"
