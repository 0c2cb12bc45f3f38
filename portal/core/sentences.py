"""The sentences of problems: features register code -> lazy translation, everything that speaks looks them up here."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import format_decimal

from portal.core.errors import PortalError, Problem

_sentences: dict[str, Any] = {}

# A number that no language has in the singular.
MANY = 10


class Cases:
    """The sentences of a code that means several things: the value `case` of a problem says which."""

    def __init__(self, **sentences: Any) -> None:
        self._sentences = sentences

    def __str__(self) -> str:
        """All of them."""
        return " ".join(map(str, self._sentences.values()))

    def of(self, case: object) -> str:
        """The sentence of the case; the first one where a version before this one knew another case."""
        found = self._sentences.get(str(case)) or next(iter(self._sentences.values()))
        return str(found)


class Counted:
    """The sentence of a code that speaks of a number of things: the value `by` of a problem is the number."""

    def __init__(self, by: str, say: Callable[[int], str]) -> None:
        self._by, self._say = by, say

    def __str__(self) -> str:
        """The sentence of many."""
        return self._say(MANY)

    def of(self, values: Mapping[str, Any]) -> str:
        """The sentence of the problem's number."""
        number = values.get(self._by)
        return self._say(number) if isinstance(number, int) else str(self)


def register(sentences: Mapping[str, Any]) -> None:
    """Make the codes of a feature speakable; raise ValueError if two features use one code for different sentences."""
    for code, sentence in sentences.items():
        if _sentences.setdefault(code, sentence) is not sentence:
            raise ValueError(f"two sentences for {code}")


def known_codes() -> frozenset[str]:
    """Every code that has a sentence."""
    return frozenset(_sentences)


def sentence(problem: Problem) -> str:
    """What is wrong and what to do, in the language of the moment."""
    found = _sentences[problem.code]
    if isinstance(found, Counted):
        return found.of(problem.values)
    text = found.of(problem.values.get("case")) if isinstance(found, Cases) else str(found)
    return text % {name: _shown(value) for name, value in problem.values.items()}


def sentences(error: PortalError) -> list[str]:
    """One sentence for each problem of the error."""
    return [sentence(problem) for problem in error.problems]


def _shown(value: object) -> object:
    if isinstance(value, str | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format_decimal(value, "#,##0.00")
    if isinstance(value, Iterable):
        return ", ".join(str(each) for each in value)
    return str(value)
