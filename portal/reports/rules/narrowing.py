"""A row looked at more closely: the part of its figures that falls to chosen values, which adds up like the whole."""

from collections import Counter
from collections.abc import Iterable, Sequence

from portal.activities.rules.breakdowns import OF_PEOPLE, Selection, selected
from portal.activities.rules.counting import NO_COUNTRY, NO_PERIOD, Count, EventShare, Piece
from portal.activities.rules.facts import EventFacts
from portal.core.periods import Period, find_period

EVERYTHING = Selection()


def narrow(count: Count, chosen: Selection, periods: Sequence[Period]) -> Count:
    """The row's figures as if only the pieces with the chosen values existed.

    A row that is not reported stays so. How many different people there were is not known of a part.
    """
    if chosen == EVERYTHING or count.achieved is None:
        return count
    pieces = tuple(selected(count.pieces, chosen, periods))
    adds: Counter[int] = Counter()
    for piece in pieces:
        if piece.event is not None:
            adds[piece.event.id] += piece.number
    shown = events_within((share.event for share in count.events), chosen, periods)
    keys = {key for piece in pieces for key in piece.partners}
    return count._replace(
        achieved=sum(piece.number for piece in pieces),
        evidenced=sum(piece.number for piece in pieces if piece.evidenced),
        persons=None,
        unnamed=0,
        by_period=_by_period(pieces, count.by_period or {}, periods),
        by_country=_by_country(pieces) if count.of_people else None,
        events=tuple(
            EventShare(event, adds[event.id]) for event in shown if adds[event.id] or not is_of_people(chosen)
        ),
        organisations=tuple(share for share in count.organisations if share.key in keys),
        pieces=pieces,
    )


def events_within(events: Iterable[EventFacts], chosen: Selection, periods: Sequence[Period]) -> list[EventFacts]:
    """The events that have the chosen period, partner and work package, whoever was at them."""
    of_events = chosen._replace(**dict.fromkeys(OF_PEOPLE, ""))
    pieces = [Piece(0, event.counting_date, event.evidenced, event.organisers, event) for event in events]
    return [piece.event for piece in selected(pieces, of_events, periods) if piece.event is not None]


def is_of_people(chosen: Selection) -> bool:
    """Whether a country or a group is chosen, which only people have."""
    return any(getattr(chosen, dimension) for dimension in OF_PEOPLE)


def _by_period(pieces: Iterable[Piece], whole: dict[str, int], periods: Sequence[Period]) -> dict[str, int]:
    """The periods of the whole row, 0 where nothing is left."""
    figures = dict.fromkeys(whole, 0)
    for piece in pieces:
        period = find_period(piece.day, periods)
        value = str(period.number) if period else NO_PERIOD
        figures[value] = figures.get(value, 0) + piece.number
    return figures


def _by_country(pieces: Iterable[Piece]) -> dict[str, int]:
    figures: Counter[str] = Counter()
    for piece in pieces:
        figures[piece.country or NO_COUNTRY] += piece.number
    return dict(sorted(figures.items()))
