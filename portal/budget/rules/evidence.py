"""Evidence of expenditure: which item a file belongs to by its name, and when evidence may be added and removed.

Names are compared as groups of letters and groups of digits; capitals, diacritics and separators make no difference.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from portal.budget.rules.items import EDITABLE_STATES
from portal.budget.rules.masking import SALARIES
from portal.core.errors import Conflict

# Most files that are brought at once, chosen one by one or inside one ZIP.
MOST_AT_ONCE: Final = 500

ATTACHED: Final = "attached"
ALREADY: Final = "attached-already"
UNKNOWN: Final = "reference-unknown"
AMBIGUOUS: Final = "reference-ambiguous"
CERTIFIED: Final = "certified"
SKIPPED: Final = "skipped"

# How words in names of files begin that say what the file is, without diacritics: in English, Lithuanian and Polish.
KIND_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "payment": ("payment", "transfer", "mokejim", "apmokejim", "pavedim", "przelew", "platnosc", "zaplat"),
    "contract": ("contract", "sutart", "umow"),
    "delivery": ("deliver", "priemim", "perdavim", "odbior", "dostaw"),
    "timesheet": ("timesheet", "tabel", "ziniarast", "ewidencj", "karta"),
    "invoice": ("invoice", "saskait", "faktur"),
}

# What systems add to the name of a second file: K-17 (2).
_COPY: Final = re.compile(r"[ _]*\([0-9]{1,3}\)\Z")
_RUNS: Final = re.compile(r"[0-9]+|[^\W\d_]+")


class Found(NamedTuple):
    """The reference that a file is named by, and what follows it in the name."""

    reference: str
    rest: str


class Ambiguous(NamedTuple):
    """Several references that a file's name fits equally well."""

    references: tuple[str, ...]


class Index(NamedTuple):
    """The references that are written in the same groups, and those that are the same without their separators."""

    grouped: Mapping[tuple[str, ...], list[str]]
    joined: Mapping[str, list[str]]


def index_references(references: Iterable[str]) -> Index:
    """The internal references of an organisation, to be looked up by the names of files."""
    index = Index(defaultdict(list), defaultdict(list))
    for reference in references:
        if key := _groups(unicodedata.normalize("NFC", reference)):
            index.grouped[key].append(reference)
            index.joined["".join(key)].append(reference)
    return index


def find_reference(name: str, index: Index) -> Found | Ambiguous | None:
    """The longest reference that the file's name begins with; None if there is none.

    The reference ends where the name ends or a separator follows: K-1 is neither in `K-17.pdf` nor in `K-1b.pdf`.
    A number in brackets at the end counts copies, unless a reference ends so.
    Of several that are written alike but for capitals and separators, it is the one that is written as in the name.
    Where more of the name is another reference but for a separator inside a number, as A-10 in `A_1_0.pdf` is beside
    A-1, either may be meant.
    """
    stem = _without_copy_mark(_stem(unicodedata.normalize("NFC", name)), index)
    runs = _runs(stem)
    longer: list[str] = []
    for length in range(len(runs), 0, -1):
        end = runs[length - 1][2]
        if length < len(runs) and runs[length][1] == end:
            continue
        written = _groups(stem[:end])
        if found := index.grouped.get(written):
            return Ambiguous((*found, *longer)) if longer else _choose(found, stem[:end], stem[end:])
        longer += index.joined.get("".join(written), [])
    return None


def kind_of(rest: str, category: str) -> str:
    """What a file is by the words in its name: without any the invoice, and of an item of staff other evidence."""
    words = [run for run, _, _ in _runs(rest)]
    for kind, beginnings in KIND_WORDS.items():
        if any(word.startswith(beginnings) for word in words):
            return kind
    return "other" if category == SALARIES else "invoice"


def first_kind(category: str) -> str:
    """The kind of evidence that an item of this category most often has."""
    return "timesheet" if category == SALARIES else "invoice"


def check_adding(state: str) -> None:
    """Raise Conflict if an item of this state takes no more evidence: from its certificate on, what was checked stays.

    Until then evidence may come, also while a controller asks for it.
    """
    if state == CERTIFIED:
        raise Conflict("evidence-of-certified")


def check_removing(state: str) -> None:
    """Raise Conflict if the evidence of an item of this state stays: a controller has it, or had it."""
    if state not in EDITABLE_STATES:
        raise Conflict("evidence-submitted")


def _choose(references: list[str], written: str, rest: str) -> Found | Ambiguous:
    exact = (
        references
        if len(references) == 1
        else [each for each in references if unicodedata.normalize("NFC", each) == written]
    )
    return Found(exact[0], rest) if exact else Ambiguous(tuple(references))


def _stem(name: str) -> str:
    """The name without its folders and its ending."""
    last = name.replace("\\", "/").rpartition("/")[2]
    stem, dot, _ = last.rpartition(".")
    return stem if dot else last


def _without_copy_mark(stem: str, index: Index) -> str:
    marked = _COPY.search(stem)
    written = index.grouped.get(_groups(stem), [])
    return stem[: marked.start()] if marked and not any(each.endswith(")") for each in written) else stem


def _runs(text: str) -> list[tuple[str, int, int]]:
    """The groups of letters and of digits, folded, each with where it begins and ends in the text."""
    return [(_folded(run.group()), run.start(), run.end()) for run in _RUNS.finditer(text)]


def _groups(text: str) -> tuple[str, ...]:
    return tuple(run for run, _, _ in _runs(text))


def _folded(text: str) -> str:
    """The text in small letters without diacritics."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    # The Polish letter that Unicode does not take apart.
    return "".join(each for each in parts if not unicodedata.combining(each)).replace("ł", "l")
