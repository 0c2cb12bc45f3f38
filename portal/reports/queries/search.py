"""Searching projects, events, organisations and activities, which every member may read, and the expenditure that the
person may see; never people: salary details that are kept from them are neither searched nor shown.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import func, select

from portal.activities.models import Event
from portal.budget.models import ExpenditureItem
from portal.budget.rules.masking import Naming, readable
from portal.core.db import db
from portal.core.errors import InvalidInput
from portal.core.searching import LONGEST_QUERY, fold, holds_all, long_enough, search_words
from portal.core.web.language import text_in
from portal.projects.models import Activity, Organisation, Project

MOST_HITS = 50


class Hit(NamedTuple):
    """Something found: `key` is what its address names, `mark` its short name, `title` its text as the reader sees it.

    `also` is the spelling or the place in which the words were found; '' where they stand in the mark or the title.
    """

    project_code: str
    key: str | int
    mark: str
    title: str
    also: str
    day: date | None = None


class Found(NamedTuple):
    """The hits of one kind, at most MOST_HITS of `total`; the one that is called just like the query comes first."""

    kind: str
    hits: list[Hit]
    total: int


class _Row(NamedTuple):
    """What is looked through of one thing."""

    project_code: str
    key: str | int
    mark: str
    title: Mapping[str, str]
    others: Collection[str] = ()
    day: date | None = None


class MoneySight(NamedTuple):
    """Whose expenditure someone sees in a project (keys; None: all), and whose salary details."""

    reach: frozenset[str] | None
    seen: frozenset[str]


def search(
    codes: Collection[str], query: str, *, language: str, money: Mapping[str, MoneySight] = MappingProxyType({})
) -> list[Found]:
    """What in the projects with these codes has every word of the query in its names, in whatever language.

    `money` is project -> what of its expenditure may be seen; that of other projects is not searched. Empty where
    nothing fits or the query is too short to look for. Raise InvalidInput for one that is too long.
    """
    if len(query) > LONGEST_QUERY:
        raise InvalidInput("search-too-long", where="q", limit=LONGEST_QUERY)
    words = search_words(query)
    if not long_enough(words):
        return []
    found = [_find(kind, rows(codes), words, language) for kind, rows in KINDS.items()]
    found.append(_find("items", _items(money), words, language))
    return [each for each in found if each.total]


def _find(kind: str, rows: Iterable[_Row], words: tuple[str, ...], language: str) -> Found:
    fitting = [row for row in rows if holds_all(words, row.mark, *row.title.values(), *row.others)]
    fitting.sort(key=lambda row: fold(row.mark) != " ".join(words))
    return Found(kind, [_hit(row, words, language) for row in fitting[:MOST_HITS]], len(fitting))


def _hit(row: _Row, words: tuple[str, ...], language: str) -> Hit:
    shown = text_in(row.title, language)
    others = () if holds_all(words, row.mark, shown) else (*row.title.values(), *row.others)
    also = next((text for text in others if text != shown and holds_all(words, text)), "")
    return Hit(row.project_code, row.key, row.mark, shown, also, row.day)


def _projects(codes: Collection[str]) -> Iterator[_Row]:
    chosen = select(Project.code, Project.title, Project.title_aliases).where(Project.code.in_(codes))
    for code, title, aliases in db.session.execute(chosen.order_by(Project.code)):
        yield _Row(code, code, code, title, aliases)


def _events(codes: Collection[str]) -> Iterator[_Row]:
    columns = (Event.project_code, Event.id, Event.ref, Event.title, Event.place, Event.counting_date)
    latest = select(*columns).where(Event.project_code.in_(codes)).order_by(Event.starts_at.desc(), Event.id.desc())
    for code, event_id, ref, title, place, day in db.session.execute(latest):
        yield _Row(code, event_id, ref, title, (place,), day)


def _organisations(codes: Collection[str]) -> Iterator[_Row]:
    columns = (Organisation.project_code, Organisation.key, Organisation.name, Organisation.aliases)
    chosen = select(*columns).where(Organisation.project_code.in_(codes))
    ordered = chosen.order_by(Organisation.project_code, Organisation.position, Organisation.id)
    for code, key, name, aliases in db.session.execute(ordered):
        yield _Row(code, key, key, name, aliases)


def _activities(codes: Collection[str]) -> Iterator[_Row]:
    chosen = select(Activity.project_code, Activity.number, Activity.title).where(Activity.project_code.in_(codes))
    ordered = chosen.order_by(Activity.project_code, Activity.position, Activity.id)
    for code, number, title in db.session.execute(ordered):
        yield _Row(code, number, number, title)


def _items(money: Mapping[str, MoneySight]) -> Iterator[_Row]:
    columns = (ExpenditureItem.project_code, ExpenditureItem.id, ExpenditureItem.internal_reference)
    texts = (getattr(ExpenditureItem, name) for name in Naming._fields)
    day = func.coalesce(ExpenditureItem.invoice_date, ExpenditureItem.payment_date)
    joined = select(*columns, ExpenditureItem.category, Organisation.key, day, *texts).join(
        ExpenditureItem.organisation
    )
    for code, (reach, seen) in money.items():
        mine = joined.where(ExpenditureItem.project_code == code)
        within = mine if reach is None else mine.where(Organisation.key.in_(reach))
        latest = within.order_by(ExpenditureItem.order_key.desc(), ExpenditureItem.id.desc())
        for project_code, item_id, reference, category, owner, dated, *texts_of in db.session.execute(latest):
            naming = readable(Naming(*texts_of), category, owner, seen)
            title = {"": naming.description} if naming else {}
            others = (naming.supplier, naming.invoice_number) if naming else ()
            yield _Row(project_code, item_id, reference, title, others, dated)


KINDS: dict[str, Callable[[Collection[str]], Iterator[_Row]]] = {
    "projects": _projects,
    "events": _events,
    "organisations": _organisations,
    "activities": _activities,
}
