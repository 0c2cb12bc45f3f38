"""The forms of an item: each kind has the fields that it needs."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field
from wtforms.validators import InputRequired

from portal.core.forms import ChoiceField, ParagraphsField, TextField, WholeNumberField, at_most, offer, required
from portal.surveys.forms.drafts import DraftForm, lines_of, written
from portal.surveys.rules.documents import LIKERT, MULTIPLE, NUMBER, SINGLE, TEXT, Instrument, Item
from portal.surveys.rules.editing import (
    ITEMS,
    LONGEST_TEXT,
    items_before,
    next_key,
    put_part,
    read_choices,
    read_condition,
    read_labels,
    read_number,
    scale_before,
)
from portal.surveys.rules.outdated import Renamed
from portal.surveys.rules.places import LONGEST_KEY
from portal.surveys.rules.translating import put_text

MOST_STEPS = 100


class ItemForm(DraftForm):
    """What every item has; on its own the form of an open text."""

    text = ParagraphsField(_l("Question or statement"), [required(), at_most(LONGEST_TEXT)], render_kw={"rows": 3})
    key = TextField(_l("Key"), [required(), at_most(LONGEST_KEY)])
    section = ChoiceField(_l("Section"), default="")
    is_required = BooleanField(_l("Must be answered"))
    may_refuse = BooleanField(_l("Offer “don't know” and “prefer not to say”"))
    show_item = ChoiceField(_l("Show only after an answer to"), default="")
    show_values = TextField(_l("If the answer is one of"), [at_most(400)])

    old: Item
    kind = TEXT

    @property
    def place(self) -> str:
        """The item's own."""
        return f"{ITEMS}.{self.key.data}"

    @property
    def renames(self) -> tuple[Renamed, ...]:
        """The item, where its key is another one now."""
        return (Renamed(ITEMS, self.old.key, self.key.data or ""),) if self.old.key else ()

    def field_at(self, where: str) -> Field | None:
        """The field; what is wrong with the answers of a condition stands where they were typed."""
        if where.startswith(f"{self.place}.show_if.values"):
            return self.show_values
        return super().field_at(where)

    def offer(self, instrument: Instrument, old: Item) -> None:
        """Fill the lists of choices; `old` is the item as it is stored, an empty one for a new item."""
        self.old = old
        sections = [(each.key, written(instrument, each.title) or each.key) for each in instrument.sections]
        offer(self.section, [("", _("None")), *sections])
        last = instrument.sections[-1].key if instrument.sections else ""
        # A new question that is in no section yet may still go to the last one.
        there = self.section.data or ("" if old.key else last)
        before = {each.key for each in items_before(instrument, old.key, there)}
        # What is chosen already stays, so that it is not lost unseen where questions were moved.
        named = [each for each in instrument.items if each.key in {*before, self.show_item.data} and each.kind != TEXT]
        shown = [(each.key, f"{each.key}: {written(instrument, each.text)[:60]}") for each in named]
        offer(self.show_item, [("", _("Always show it")), *shown])

    def item(self, instrument: Instrument) -> Item:
        """The item that the form states, with the texts that it has in other languages."""
        language = instrument.languages[0]
        return self.old._replace(
            key=self.key.data or "",
            kind=self.kind,
            text=put_text(self.old.text, language, self.text.data or ""),
            section=self.section.data or "",
            is_required=bool(self.is_required.data),
            may_refuse=bool(self.may_refuse.data),
            show_if=read_condition(self.show_item.data or "", self.show_values.data or ""),
            **{"least": None, "most": None, "labels": (), "choices": (), **self.measure(language)},
        )

    def measure(self, language: str) -> Mapping[str, Any]:
        """What is special to the kind."""
        return {}

    def changed(self, instrument: Instrument) -> Instrument:
        """The questionnaire with the item."""
        return put_part(instrument, ITEMS, self.item(instrument), key=self.old.key)


class LikertForm(ItemForm):
    """A scale of steps, all of them or none with words."""

    least = WholeNumberField(_l("Lowest step"), [InputRequired(_l("Fill this in."))], most=MOST_STEPS)
    most = WholeNumberField(_l("Highest step"), [required()], most=MOST_STEPS)
    labels = ParagraphsField(_l("Words of the steps"), [at_most(LONGEST_TEXT)], render_kw={"rows": 5})

    kind = LIKERT

    def measure(self, language: str) -> Mapping[str, Any]:
        """The steps and their words; those offered to a new item keep other languages where they are not changed."""
        old = self.old.labels if self.old.kind == LIKERT else ()
        lines = lines_of(self.labels.data)
        if not self.old.key:
            offered = {each.get(language, ""): each for each in old}
            old = tuple(offered.get(line, {}) for line in lines)
        labels = read_labels(lines, old=old, language=language)
        return {
            "least": read_number(str(self.least.data or 0), "least"),
            "most": read_number(str(self.most.data or 0), "most"),
            "labels": labels,
        }


class ChoicesForm(ItemForm):
    """A list to choose one from."""

    choices = ParagraphsField(_l("Answers to choose from"), [required(), at_most(20_000)], render_kw={"rows": 6})

    kind = SINGLE

    def measure(self, language: str) -> Mapping[str, Any]:
        """The answers to choose from."""
        return {"choices": read_choices(lines_of(self.choices.data), old=self.old.choices, language=language)}


class SeveralForm(ChoicesForm):
    """A list to choose several from."""

    kind = MULTIPLE


class NumberForm(ItemForm):
    """A number, within bounds or without."""

    least = TextField(_l("Lowest number"), [at_most(20)])
    most = TextField(_l("Highest number"), [at_most(20)])

    kind = NUMBER

    def measure(self, language: str) -> Mapping[str, Any]:
        """The bounds."""
        return {name: read_number(self[name].data or "", name) for name in ("least", "most")}


ITEM_FORMS: Mapping[str, type[ItemForm]] = {
    each.kind: each for each in (LikertForm, ChoicesForm, SeveralForm, NumberForm, ItemForm)
}
"""Kind → its form."""


def new_item(instrument: Instrument, section: str, kind: str, used: Iterable[str] = ()) -> tuple[Item, dict[str, Any]]:
    """No item yet, and what its form shows at first: a Likert scale is offered the steps of the one before it.

    `used` are the keys of items that published versions ask: answers to them are stored.
    """
    keys = {each.key for each in instrument.sections}
    values: dict[str, Any] = {"key": next_key(instrument, used), "may_refuse": True}
    values |= {"least": 1, "most": 5} if kind == LIKERT else {}
    values["section"] = section if section in keys else ""
    model = scale_before(instrument, str(values["section"])) if kind == LIKERT else None
    if model is None:
        return Item("", kind), values
    stored = item_values(model, instrument, version=0)
    labels = model.labels if all(written(instrument, each) for each in model.labels) else ()
    steps = {"least": stored["least"], "most": stored["most"], "labels": stored["labels"] if labels else ""}
    return Item("", kind, labels=labels), {**values, **steps}


def item_values(item: Item, instrument: Instrument, version: int) -> dict[str, Any]:
    """What the form of a stored item shows at first; also what a stale form is compared with."""
    likert = item.kind == LIKERT
    common = {
        "text": written(instrument, item.text),
        "key": item.key,
        "section": item.section,
        "is_required": item.is_required,
        "may_refuse": item.may_refuse,
        "show_item": item.show_if.item if item.show_if else "",
        "show_values": "; ".join(item.show_if.values) if item.show_if else "",
        "version": version,
    }
    bounds = {name: getattr(item, name) for name in ("least", "most")}
    return common | {
        "least": _shown(bounds["least"], likert),
        "most": _shown(bounds["most"], likert),
        "labels": "\n".join(written(instrument, each) for each in item.labels),
        "choices": "\n".join(f"{each.key} = {written(instrument, each.text)}" for each in item.choices),
    }


def _shown(bound: Any, is_step: bool) -> Any:
    if is_step:
        return int(bound) if bound is not None else None
    return "" if bound is None else str(bound)
