"""What is said beside a file: options that kinds share, and reading what was said of those that a kind takes."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from portal.core.errors import InvalidInput, InvalidInputs, NotAllowed, Problem
from portal.core.web.formats import show_date
from portal.core.web.language import text_in
from portal.imports.kinds import FileColumn, FileOption, ImportKind
from portal.projects.queries import list_organisations

Reach = frozenset[str] | None

MONTH_FORM = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
LONGEST_VALUE = 60


class Offer(NamedTuple):
    """An option of a kind, and the (value, label) pairs among which whoever asks may choose (None: a text)."""

    option: FileOption
    choices: Sequence[tuple[str, Any]] | None

    @property
    def only(self) -> tuple[str, Any] | None:
        """What is chosen without being asked for: the one choice of what must be said."""
        if self.option.is_required and self.choices and len(self.choices) == 1:
            return self.choices[0]
        return None


def list_offers(kind: ImportKind, code: str, reach: Reach) -> list[Offer]:
    """The kind's options, each with what may be chosen within the reach."""
    return [Offer(each, each.choices(code, reach) if each.choices else None) for each in kind.options]


def read_options(kind: ImportKind, code: str, reach: Reach, stated: Mapping[str, str]) -> dict[str, str]:
    """What was said beside a file, as it is kept: option -> value, without those left open.

    What leaves no choice is chosen. Raise InvalidInput with every option that is missing, wrong or none of the kind's,
    NotAllowed for a choice that only others have.
    """
    problems = [
        Problem("import-option-unknown", name, {"option": name}) for name in stated if name not in names_of(kind)
    ]
    kept = {}
    for offer in list_offers(kind, code, reach):
        try:
            value = _read(offer, code, stated.get(offer.option.name, "").strip())
        except InvalidInput as error:
            problems += error.problems
            continue
        if value:
            kept[offer.option.name] = value
    if problems:
        raise InvalidInputs(problems)
    return kept


def names_of(kind: ImportKind) -> list[str]:
    """The names of the kind's options."""
    return [each.name for each in kind.options]


def list_columns(kind: ImportKind, code: str, stated: Mapping[str, str]) -> tuple[FileColumn, ...]:
    """The columns of a file of this kind with what was said of its options so far; `code` is '' for no project."""
    if kind.columns_of is None:
        return kind.columns
    said = {each.option.name: each.only[0] for each in list_offers(kind, code, None) if each.only} if code else {}
    return kind.columns_of(code, {**said, **{name: stated[name] for name in names_of(kind) if stated.get(name)}})


def owners_of(options: Mapping[str, str]) -> list[str]:
    """The key of the organisation whose rows the file holds; none where that was not said."""
    return [options[ORGANISATION.name]] if ORGANISATION.name in options else []


def said_options(kind: ImportKind, code: str, options: Mapping[str, str]) -> list[tuple[Any, Any]]:
    """The options as pages show them, as (label, value) pairs in the kind's order."""
    found = []
    for offer in list_offers(kind, code, None):
        name = offer.option.name
        if name in options:
            found.append((offer.option.label, _shown(offer, options[name])))
    return found


def _shown(offer: Offer, value: str) -> Any:
    return (
        show_date(date.fromisoformat(value))
        if offer.option.form == "day"
        else dict(offer.choices or ()).get(value, value)
    )


def _read(offer: Offer, code: str, stated: str) -> str:
    """The value as it is kept, '' for none; raise InvalidInput or NotAllowed."""
    option = offer.option
    if not stated:
        if offer.only:
            return offer.only[0]
        if option.is_required:
            raise InvalidInput("import-option-missing", where=option.name)
        return ""
    if offer.choices is None or option.choices is None:
        return option.check(stated) if option.check else stated
    if stated in dict(offer.choices):
        return stated
    if stated in dict(option.choices(code, None)):
        raise NotAllowed("not-allowed")
    allowed = [value for value, _ in offer.choices]
    raise InvalidInput("import-option-choice", where=option.name, value=stated[:LONGEST_VALUE], allowed=allowed)


def _organisations(code: str, reach: Reach) -> list[tuple[str, str]]:
    found = list_organisations(code)
    return [(each.key, text_in(each.name) or each.key) for each in found if reach is None or each.key in reach]


def _month(stated: str) -> str:
    """The month as YYYY-MM; raise InvalidInput."""
    if not MONTH_FORM.fullmatch(stated):
        raise InvalidInput("import-month-unreadable", where=MONTH.name, value=stated[:LONGEST_VALUE])
    return stated


ORGANISATION = FileOption(
    "organisation",
    _l("Organisation"),
    _l("Whose rows the file holds: each file holds those of one organisation."),
    is_required=True,
    choices=_organisations,
)
MONTH = FileOption(
    "month",
    _l("Month"),
    _l("Only where the file does not say it itself. Write it like 2026-07."),
    check=_month,
)
