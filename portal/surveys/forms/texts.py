"""The form of a questionnaire's texts in one language, beside the language in which it is written."""

import hashlib
from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

from portal.core.forms import ParagraphsField, at_most
from portal.surveys.forms.drafts import DraftForm
from portal.surveys.rules.documents import Instrument
from portal.surveys.rules.texts import Place
from portal.surveys.rules.translating import with_texts

ROOMY = 70


class TextPair(NamedTuple):
    """A text as it is written, its place, and the field of its translation."""

    path: str
    source: str
    field: Any


class TextsForm(DraftForm):
    """The texts of a page of places, as they are in `language`."""

    language = ""
    # Name of the field -> the place of its text.
    paths: ClassVar[dict[str, str]] = {}

    def changed(self, instrument: Instrument) -> Instrument:
        """The questionnaire with these texts."""
        stated = {path: self[name].data or "" for name, path in self.paths.items()}
        return with_texts(instrument, self.language, stated)


def texts_form(places: Sequence[Place], language: str, version: int) -> TextsForm:
    """The form of these texts in the language, filled with what is stored."""
    fields = {
        name_of(each): ParagraphsField(
            each.path, [at_most(each.limit)], render_kw={"rows": 3 if _length(each) > ROOMY else 1, "lang": language}
        )
        for each in places
    }
    paths = {name_of(each): each.path for each in places}
    form = type("PageOfTexts", (TextsForm,), {**fields, "language": language, "paths": paths})
    return form(data=text_values(places, language, version))  # type: ignore[no-any-return]


def text_values(places: Sequence[Place], language: str, version: int) -> dict[str, Any]:
    """What the form shows at first; also what a stale form is compared with."""
    return {**{name_of(each): each.texts.get(language, "") for each in places}, "version": version}


def text_pairs(form: TextsForm, places: Sequence[Place], source: str) -> list[TextPair]:
    """Each text as it is in the `source` language, with the field of its translation."""
    return [TextPair(each.path, each.texts.get(source, ""), form[name_of(each)]) for each in places]


def name_of(place: Place) -> str:
    """The name of the field of this text: the same whatever comes before it, and without what keys may hold."""
    return f"text-{hashlib.sha256(place.path.encode()).hexdigest()[:12]}"


def _length(place: Place) -> int:
    return max(map(len, place.texts.values()), default=0)
