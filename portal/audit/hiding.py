"""What the audit keeps from its readers: of some things not everyone may read all values, whenever they were recorded.

Features register which, so that the audit need not know them. What is recorded stays as it is.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from portal.audit.rules import Entry, without_values


class Hidden(NamedTuple):
    """Fields of a kind of things, and which of the things have them hidden.

    `chosen` is given the project's code, the things' ids and the number of the account that reads (0: nobody's).
    """

    fields: Collection[str]
    chosen: Callable[[str, Collection[int], int], Collection[int]]


_hidden: dict[str, Hidden] = {}


def register(kind: str, hidden: Hidden) -> None:
    """Let values of this kind of things be hidden."""
    _hidden[kind] = hidden


def hide(project_code: str, entries: Iterable[Entry], reader: int) -> list[Entry]:
    """The project's entries without the values that are kept from who reads them."""
    found = list(entries)
    ids: dict[str, set[int]] = defaultdict(set)
    for each in found:
        if each.subject_kind in _hidden:
            ids[each.subject_kind].add(each.subject_id)
    of_kind = {kind: _hidden[kind].chosen(project_code, some, reader) for kind, some in ids.items()}
    return [
        without_values(each, _hidden[each.subject_kind].fields)
        if each.subject_id in of_kind.get(each.subject_kind, ())
        else each
        for each in found
    ]
