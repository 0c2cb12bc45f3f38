"""What the texts and parts of a questionnaire are called on its pages."""

from collections.abc import Iterator

from portal.surveys.labels import PLACES
from portal.surveys.rules.documents import Instrument
from portal.surveys.rules.places import placed
from portal.surveys.rules.texts import Place, text_places

ROWS = {"groups": "group", "sections": "in-section", "items": "item", "scales": "in-scale"}


def place_name(place: Place, instrument: Instrument) -> str:
    """Which text stands at the place: "Question 3 (q3), lowest step (1)"."""
    values = {"number": place.number, "part": place.part, "key": _key(place, instrument)}
    return str(PLACES[place.what]) % values


def place_names(instrument: Instrument) -> dict[str, str]:
    """Path → which text stands there."""
    return {place.path: place_name(place, instrument) for place in text_places(instrument)}


def where_name(where: str, instrument: Instrument) -> str:
    """What a problem at this place is about; the place itself where it is no part of the questionnaire."""
    known = [*text_places(instrument), *_rows(instrument)]
    inside = [each for each in known if where == each.path or where.startswith(f"{each.path}.")]
    if inside:
        return place_name(max(inside, key=lambda each: len(each.path)), instrument)
    table = where.partition(".")[0]
    return str(PLACES.get(where.removeprefix("study.").partition(".")[0], PLACES.get(table, where)))


def _rows(instrument: Instrument) -> Iterator[Place]:
    for table, what in ROWS.items():
        for number, (where, _row) in enumerate(placed(table, getattr(instrument, table)), start=1):
            yield Place(where, {}, what=what, number=number)


def _key(place: Place, instrument: Instrument) -> str:
    table = place.path.partition(".")[0]
    return str(getattr(instrument, table)[place.number - 1].key) if place.number else ""
