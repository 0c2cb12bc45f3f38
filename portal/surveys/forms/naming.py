"""What the texts and parts of a questionnaire are called on its pages."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.errors import Problem
from portal.core.sentences import sentence
from portal.core.web.formats import show_language
from portal.surveys.labels import COLUMNS, NUMBERED_PLACES, PLACES
from portal.surveys.rules.documents import Instrument
from portal.surveys.rules.item_checks import read_decimal
from portal.surveys.rules.locating import NUMBERED, Located, locate
from portal.surveys.rules.texts import Place, text_places

# More problems than these cannot be read at once.
MOST_SHOWN: Final = 25
ROWS: Final = {
    "waves": "wave",
    "groups": "group",
    "sections": "in-section",
    "items": "item",
    "scales": "in-scale",
    "margins": "margin",
}
TEXTS: Final = ("title", "consent", "note", "text", *NUMBERED)


def place_name(place: Place, instrument: Instrument) -> str:
    """Which text stands at the place: "Question 3 (q3), lowest step (1)"."""
    values = {"number": place.number, "part": place.part, "key": _key(place, instrument)}
    return str(PLACES[place.what]) % values


def place_names(instrument: Instrument) -> dict[str, str]:
    """Path → which text stands there."""
    return {place.path: place_name(place, instrument) for place in text_places(instrument)}


def spoken(problems: Sequence[Problem], file: Mapping[str, Any]) -> list[str]:
    """Each problem with what it is about, in words; of a long list the first ones and how many more there are.

    `file` holds the tables in which the problems stand, as a file states them.
    """
    lines = [
        ": ".join(filter(None, (where_name(_place_of(each), file), sentence(each)))) for each in problems[:MOST_SHOWN]
    ]
    more = len(problems) - MOST_SHOWN
    if more > 0:
        lines.append(
            ngettext(
                "%(num)s more problem is not listed here. Mend these first.",
                "%(num)s more problems are not listed here. Mend these first.",
                more,
            )
        )
    return list(dict.fromkeys(lines))


def where_name(where: str, file: Mapping[str, Any]) -> str:
    """What a problem at this place is about: "Question 2 (q7), text in Polish"; '' for the whole."""
    if not where:
        return ""
    found = locate(where, file)
    name = _part_name(found)
    language = show_language(found.rest.removeprefix("text.")) if found.column in TEXTS else ""
    return _("%(place)s in %(language)s", place=name, language=language) if language else name


def _place_of(problem: Problem) -> str:
    """Where the problem stands: for a word that is not known there the part that has it, as the sentence names it."""
    if problem.code != "unknown-key":
        return problem.where
    return problem.where.removesuffix(str(problem.values["key"])).removesuffix(".") or "study"


def _part_name(found: Located) -> str:
    if found.table == "study":
        return str(PLACES.get(found.column, PLACES["study"]))
    if found.table == "mapping":
        return str(PLACES["mapped"]) % {"key": found.column}
    if found.table not in ROWS:
        return _with_column(str(PLACES[found.table]), found.column)
    what, values = ROWS[found.table], {"number": found.number, "key": found.key, "part": found.part}
    if not found.number:
        return str(PLACES[found.table])
    if not found.key:
        return _with_column(str(NUMBERED_PLACES[what]) % values, found.column)
    if found.table == "margins" and found.column == "shares" and found.rest:
        return str(PLACES["share"]) % {**values, "part": found.rest}
    if found.part:
        what, values["part"] = _numbered(found)
        return str(PLACES[what]) % values
    return _with_column(str(PLACES[what]) % values, found.column)


def _numbered(found: Located) -> tuple[str, int]:
    """What the answer or step is, and its number; a step's own where its scale begins with a whole number."""
    if found.column != "labels":
        return ("level" if found.column == "levels" else "choice"), found.part
    labels, least = found.row.get("labels"), read_decimal(str(found.row.get("min")))
    last = len(labels) if isinstance(labels, list) else 0
    first = int(least) if least is not None and least == int(least) else 1
    return {1: "lowest", last: "highest"}.get(found.part, "label"), first + found.part - 1


def _with_column(name: str, column: str) -> str:
    return ", ".join([name, str(COLUMNS[column])]) if column in COLUMNS else name


def _key(place: Place, instrument: Instrument) -> str:
    table = place.path.partition(".")[0]
    return str(getattr(instrument, table)[place.number - 1].key) if place.number else ""
