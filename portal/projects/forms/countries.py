"""Countries to choose from."""

from collections.abc import Collection
from functools import lru_cache

from portal.core.forms import Choices
from portal.core.web.formats import show_country, sorting_key
from portal.core.web.language import current_language
from portal.projects.rules.vocabulary import COUNTRIES


def country_choices(near: Collection[str], empty: str) -> Choices:
    """Every country by name in the language of the moment, those in `near` first; `empty` names no choice."""
    return [("", empty), *_by_name(frozenset(near), current_language())]


@lru_cache(maxsize=200)
def _by_name(near: frozenset[str], language: str) -> list[tuple[str, str]]:
    """Code and name of every country; `language` stands for the one of the moment."""
    named = [(code, show_country(code)) for code in COUNTRIES]
    return sorted(named, key=lambda pair: (pair[0] not in near, sorting_key(pair[1])))
