"""Countries to choose from."""

from collections.abc import Collection

from portal.core.forms import Choices
from portal.core.web.formats import show_country, sorting_key
from portal.projects.rules.vocabulary import COUNTRIES


def country_choices(near: Collection[str], empty: str) -> Choices:
    """Every country by name in the language of the moment, those in `near` first; `empty` names no choice."""
    named = [(code, show_country(code)) for code in COUNTRIES]
    named.sort(key=lambda pair: (pair[0] not in near, sorting_key(pair[1])))
    return [("", empty), *named]
