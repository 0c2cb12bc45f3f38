"""The four ways the portal says no: an error is a code with named values, its sentence stands in `messages`."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple


class Problem(NamedTuple):
    """One thing that is wrong with what someone gave us.

    `code` names it (kebab-case, the same on pages, in JSON and in tests), `where` is the field, the dotted path or the
    column it stands in ('' for the whole), `values` are what the sentence needs, `row` is the row as a spreadsheet
    numbers it (0 where there are no rows).
    """

    code: str
    where: str = ""
    values: Mapping[str, object] = {}
    row: int = 0


class PortalError(Exception):
    """The base of every refusal: `status` is the HTTP status, `problems` says what is wrong."""

    status: ClassVar[int] = 500

    def __init__(self, code: str, /, *, where: str = "", **values: object) -> None:
        super().__init__(code, values)
        self.problems: tuple[Problem, ...] = (Problem(code, where, values),)

    @property
    def problem(self) -> Problem:
        """The first problem: the only one, unless the error collects several."""
        return self.problems[0]


class InvalidInput(PortalError):
    """What was given cannot be read, or breaks a rule its giver can mend."""

    status = 422


class InvalidInputs(InvalidInput):
    """Several problems at once, in the order they stand in the input."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].code)
        self.problems = tuple(problems)


class NotAllowed(PortalError):
    """The person may see this, but not do it."""

    status = 403


class NotFound(PortalError):
    """There is no such thing, or not for this person."""

    status = 404


class Conflict(PortalError):
    """The thing has changed meanwhile, or is in a state that does not allow this."""

    status = 409
