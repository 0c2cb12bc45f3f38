"""The kinds of jobs, and the chores of every minute: features register what carries each out, jobs knows none of them.

A job that its worker did not survive is begun again, so its function starts over from what is stored. What must be
done once goes into one transaction with `services.work.finish_in`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Event
from typing import Any, NamedTuple


class JobClaim(NamedTuple):
    """One attempt at one job; whoever holds the number of the latest attempt holds the job."""

    id: int
    kind: str
    payload: dict[str, Any]
    asked_by: int
    attempt: int


class JobContext:
    """What the function of a job knows of its job besides the payload. Asking and telling cost nothing."""

    def __init__(self, claim: JobClaim, stop: Event) -> None:
        self.claim = claim
        self.asked_by = claim.asked_by
        self.percent = 0
        # Set when the job is to end early: by a person, because the worker stops, or because another one has it.
        self.stop = stop
        # Whether the function has been told so, and may have left work undone.
        self.was_told = False

    def progress(self, percent: int) -> None:
        """Say how much is done, 0 to 100."""
        self.percent = min(max(percent, 0), 100)

    def cancelled(self) -> bool:
        """Whether to end now. A function that has been told so and returns counts as not having finished."""
        self.was_told = self.was_told or self.stop.is_set()
        return self.was_told


JobFunction = Callable[[JobContext, dict[str, Any]], None]

_functions: dict[str, JobFunction] = {}


def register(kind: str, function: JobFunction) -> None:
    """Let `function` carry out jobs of this kind; raise ValueError if another one does."""
    if _functions.setdefault(kind, function) is not function:
        raise ValueError(f"two functions for jobs of kind {kind}")


def job_function(kind: str) -> JobFunction:
    """What carries out jobs of this kind; raise LookupError if nothing does."""
    return _functions[kind]


# What the worker does every minute, beside its queue; it does nothing where nothing is due, and may be done twice.
Chore = Callable[[datetime], None]

_chores: dict[str, Chore] = {}


def register_chore(name: str, chore: Chore) -> None:
    """Let the worker call `chore` with the present instant every minute; raise ValueError if the name has another."""
    if _chores.setdefault(name, chore) is not chore:
        raise ValueError(f"two chores called {name}")


def chores() -> Mapping[str, Chore]:
    """The chores by name."""
    return _chores
