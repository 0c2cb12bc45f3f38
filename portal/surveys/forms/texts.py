"""The form of a questionnaire's texts in one language, beside the language in which it is written."""

import hashlib
from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from portal.core.forms import ParagraphsField, at_most
from portal.surveys.forms.drafts import DraftForm
from portal.surveys.forms.naming import place_name
from portal.surveys.rules.documents import Instrument
from portal.surveys.rules.outdated import Outdated, Spot
from portal.surveys.rules.texts import Place, text_places
from portal.surveys.rules.translating import same_words, with_texts

# Letters that stand on a line of a phone.
ROOMY = 36
MOST_LINES = 14
TICK = "right-"


class TextPair(NamedTuple):
    """A text as it is written, what it is, and the field of its translation.

    `before`: what it said when it was translated, where it says something else now; `tick` then says "still right".
    """

    name: str
    source: str
    field: Any
    before: str = ""
    tick: Any = None


class TextsForm(DraftForm):
    """The texts of a page of places, as they are in `language`."""

    language = ""
    # Name of the field -> the place of its text.
    paths: ClassVar[dict[str, str]] = {}

    @property
    def confirmed(self) -> tuple[Spot, ...]:
        """The translations on the page that are said to be right still."""
        ticked = {name: self.tick_of(name) for name in self.paths}
        return tuple((self.paths[name], self.language) for name, field in ticked.items() if field and field.data)

    def tick_of(self, name: str) -> Any:
        """The tick beside the field with this name; None where there is none."""
        return self._fields.get(TICK + name)

    def changed(self, instrument: Instrument) -> Instrument:
        """The questionnaire with these texts."""
        return with_texts(instrument, self.language, {**self._stated(), **self.filled(instrument)})

    def filled(self, instrument: Instrument) -> dict[str, str]:
        """Place -> text of those that are missing and get the translation of the same words on the page.

        A translation that may not be right any more is not given to others.
        """
        stated, before = self._stated(), {each.path: each.texts for each in text_places(instrument)}
        marked = {path for name, path in self.paths.items() if self.tick_of(name)} - {
            path for path, _ in self.confirmed
        }
        unsure = {path for path in marked if stated[path] == before.get(path, {}).get(self.language)}
        return same_words(instrument, self.language, stated, unsure=unsure)

    def _stated(self) -> dict[str, str]:
        return {path: self[name].data or "" for name, path in self.paths.items()}


def texts_form(places: Sequence[Place], language: str, row: Any, instrument: Instrument) -> TextsForm:
    """The form of these texts in the language, filled with what the draft's row keeps of them."""
    fields: dict[str, Any] = {
        name_of(each): ParagraphsField(
            place_name(each, instrument), [at_most(each.limit)], render_kw={"rows": _lines(each), "lang": language}
        )
        for each in places
    }
    marked = [each for each in places if language in row.outdated.get(each.path, {})]
    fields |= {TICK + name_of(each): BooleanField(_l("The translation is still right")) for each in marked}
    paths = {name_of(each): each.path for each in places}
    form = type("PageOfTexts", (TextsForm,), {**fields, "language": language, "paths": paths})
    return form(data=text_values(places, language, row.version))  # type: ignore[no-any-return]


def text_values(places: Sequence[Place], language: str, version: int) -> dict[str, Any]:
    """What the form shows at first; also what a stale form is compared with."""
    return {**{name_of(each): each.texts.get(language, "") for each in places}, "version": version}


def text_pairs(form: TextsForm, places: Sequence[Place], outdated: Outdated, instrument: Instrument) -> list[TextPair]:
    """Each text as it is written, with the field of its translation."""
    source = instrument.languages[0]
    return [
        TextPair(
            name=place_name(each, instrument),
            source=each.texts.get(source, ""),
            field=form[name_of(each)],
            before=outdated.get(each.path, {}).get(form.language, ""),
            tick=form.tick_of(name_of(each)),
        )
        for each in places
    ]


def name_of(place: Place) -> str:
    """The name of the field of this text: the same whatever comes before it, and without what keys may hold."""
    return f"text-{hashlib.sha256(place.path.encode()).hexdigest()[:12]}"


def _lines(place: Place) -> int:
    """How many lines the longest of the texts takes on a phone."""
    longest = max(map(len, place.texts.values()), default=0)
    return min(longest // ROOMY + 1, MOST_LINES)
