"""How results name what they speak of, and write their figures: in the language of the moment."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel.numbers import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.web.formats import NOT_REPORTED, show_country, show_number
from portal.core.web.language import current_language, text_in
from portal.surveys.rules.disclosure import MIN_RESPONDENTS
from portal.surveys.rules.documents import LIKERT, Instrument, Item

# Waves that the field has a word for; any other is called by its key.
WAVES = {"baseline": _l("Baseline"), "endline": _l("Endline")}
COUNTRIES = "country"
SMALLEST_P = 0.001


class Names:
    """The words of what was asked, by key: of the latest version that has the key, which else stands for itself."""

    def __init__(self, versions: Sequence[Instrument]) -> None:
        """Take the published versions, the latest last."""
        self.instrument = versions[-1]
        self._scales = {each.key: each for version in versions for each in version.scales}
        self._items = {each.key: each for version in versions for each in version.items}
        self._numbers = {each.key: number for number, each in enumerate(self.instrument.items, start=1)}
        self._groups = {each.key: each for version in versions for each in version.groups}

    def scale(self, key: str) -> str:
        """The scale's title."""
        return text_in(self._scales[key].title if key in self._scales else None) or key

    def item(self, key: str) -> str:
        """The item's question."""
        return text_in(self._items[key].text if key in self._items else None) or key

    def number(self, key: str) -> int | None:
        """Which question of the latest version the item is, counted from 1; None where it asks that no more."""
        return self._numbers.get(key)

    def numbered(self, key: str) -> str:
        """The item's question with its number, where it has one."""
        number = self.number(key)
        return self.item(key) if number is None else f"{number}. {self.item(key)}"

    def group(self, key: str) -> str:
        """The question that divides people; "Country" where it asks for countries."""
        if key == COUNTRIES:
            return str(_("Country"))
        return text_in(self._groups[key].text if key in self._groups else None) or key

    def level(self, group: str, key: str) -> str:
        """The words of an answer to that question."""
        levels = self._groups[group].levels if group in self._groups else ()
        said = text_in({each.key: each.text for each in levels}.get(key))
        return said or (show_country(key) if group == COUNTRIES else key)

    def choice(self, item: str, key: str) -> str:
        """The words of a choice, or the number of a step of a scale with its words."""
        asked = self._items.get(item)
        if asked is None or asked.kind != LIKERT or asked.least is None:
            return text_in({each.key: each.text for each in asked.choices}.get(key) if asked else None) or key
        labels = dict(zip(steps_of(asked), asked.labels, strict=False))
        said = text_in(labels.get(key))
        return f"{with_minus(key)} – {said}" if said else with_minus(key)

    def choices(self, item: str) -> list[str]:
        """The keys of the choices of an item in their order, or the steps of its scale from the lowest."""
        asked = self._items.get(item)
        if asked is None:
            return []
        return steps_of(asked) if asked.kind == LIKERT else [each.key for each in asked.choices]


def steps_of(item: Item) -> list[str]:
    """The steps of a Likert scale as answers are counted."""
    least, most = int(item.least or 0), int(item.most or 0)
    return [str(step) for step in range(least, most + 1)]


def quoted(words: str) -> str:
    """The words between the quotation marks of the language."""
    return str(_("“%(words)s”", words=words))


def wave_name(key: str) -> str:
    """What a wave is called."""
    return str(WAVES.get(key, key))


def show_figure(value: float | None, places: int = 2) -> str:
    """The value with so many decimals as the language writes it; "–" where there is none."""
    return NOT_REPORTED if value is None else _written(value, places, current_language())


@lru_cache(maxsize=20_000)
def _written(value: float, places: int, language: str) -> str:
    """The value as the language writes it; the same few figures stand on a page many times."""
    # What rounds to nothing has no sign.
    rounded = round(value, places) + 0.0
    return with_minus(format_decimal(Decimal(f"{rounded:.{places}f}"), f"#,##0.{'0' * places}", locale=language))


def with_minus(number: str) -> str:
    """The number with a real minus: a hyphen is easily overlooked, and parted from its figures."""
    return f"\u2212{number[1:]}" if number.startswith("-") else number


def show_signed(value: float | None, places: int = 2) -> str:
    """The same with a plus before what is above none."""
    said = show_figure(value, places)
    return f"+{said}" if value is not None and round(value, places) > 0 else said


def show_interval(ends: Any, *, signed: bool = True) -> str:
    """Both ends of an interval; "–" where there is none."""
    if not ends or None in ends:
        return NOT_REPORTED
    return _interval(ends[0], ends[1], signed, current_language())


@lru_cache(maxsize=20_000)
def _interval(low: float, high: float, signed: bool, _language: str) -> str:
    """The interval in the language of the moment, which the memory must know too."""
    show = show_signed if signed else show_figure
    return str(_("%(low)s to %(high)s", low=show(low), high=show(high)))


def show_p(p: float | None) -> str:
    """A p with three decimals, the smallest as "< 0.001"; "–" where there is none."""
    if p is None:
        return NOT_REPORTED
    return f"< {show_figure(SMALLEST_P, 3)}" if p < SMALLEST_P else show_figure(p, 3)


def show_share(part: int, whole: int) -> str:
    """The part in whole per cent; "–" of nothing."""
    return f"{show_figure(float(round(100 * part / whole)), 0)} %" if whole else NOT_REPORTED


def withheld() -> str:
    """What stands in place of a figure of too few people."""
    return str(_("withheld (tells of fewer than %(number)s)", number=MIN_RESPONDENTS))


def show_pairs(number: int | Mapping[str, Any]) -> str:
    """A number of pairs or of those in none, or that it is withheld."""
    return withheld() if isinstance(number, Mapping) else show_number(number)
