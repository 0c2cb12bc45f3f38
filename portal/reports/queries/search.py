"""Searching what every member of a project may read: projects, events, organisations, activities; never people."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from portal.activities.models import Event
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


def search(codes: Collection[str], query: str, *, language: str) -> list[Found]:
    """What in the projects with these codes has every word of the query in its names, in whatever language.

    Empty where nothing fits or the query is too short to look for. Raise InvalidInput for one that is too long.
    """
    if len(query) > LONGEST_QUERY:
        raise InvalidInput("search-too-long", where="q", limit=LONGEST_QUERY)
    words = search_words(query)
    if not long_enough(words):
        return []
    found = [_find(kind, rows(codes), words, language) for kind, rows in KINDS.items()]
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


KINDS: dict[str, Callable[[Collection[str]], Iterator[_Row]]] = {
    "projects": _projects,
    "events": _events,
    "organisations": _organisations,
    "activities": _activities,
}
