"""What a study asks, as one document: the form in which it is edited, kept, hashed and written into a file.

Its JSON form (`to_content`) is what the database keeps of each version; a published one is known by its hash.
"""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

LIKERT: Final = "likert"
SINGLE: Final = "single"
MULTIPLE: Final = "multiple"
NUMBER: Final = "number"
TEXT: Final = "text"
ITEM_KINDS: Final = (LIKERT, SINGLE, MULTIPLE, NUMBER, TEXT)

BY_CODE: Final = "code"
BY_RESPONDENT: Final = "respondent"
NOT_PAIRED: Final = "none"
PAIRING_METHODS: Final = (BY_CODE, BY_RESPONDENT, NOT_PAIRED)

# By language.
Texts = Mapping[str, str]


class Choice(NamedTuple):
    """Something that can be chosen: an answer, or a level of a group."""

    key: str
    text: Texts = {}


class Condition(NamedTuple):
    """An item is shown only where the answer to another one, which comes before it, is among these.

    Values are written as in a response file: "4", the key of a choice (for several choices: one that was chosen).
    """

    item: str
    values: tuple[str, ...]


class Section(NamedTuple):
    """Items that stand on one screen; `is_random`: in an order of chance."""

    key: str
    title: Texts = {}
    is_random: bool = False


class Item(NamedTuple):
    """A question. `least` and `most` are those of a Likert scale (whole) or of a number (None: any).

    `labels` are the words of the steps of a Likert scale, one for each from `least` to `most`, or none.
    `may_refuse`: "don't know" and "prefer not to say" are offered.
    """

    key: str
    kind: str
    text: Texts = {}
    section: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    labels: tuple[Texts, ...] = ()
    choices: tuple[Choice, ...] = ()
    is_required: bool = False
    may_refuse: bool = True
    show_if: Condition | None = None


class Group(NamedTuple):
    """What divides respondents, asked before the items; the order of its levels is that of contrasts.

    `is_required`: no response is stored without one of the levels, so that none of them must be withheld because a few
    people stated nothing.
    """

    key: str
    levels: tuple[Choice, ...]
    text: Texts = {}
    is_required: bool = False


class Scale(NamedTuple):
    """Items whose answers are averaged, some of them turned round first. Source: rules of surveys."""

    key: str
    items: tuple[str, ...]
    title: Texts = {}
    reverse: tuple[str, ...] = ()
    min_answered: Decimal = Decimal("0.8")


class Pairing(NamedTuple):
    """How answers of the same person in two waves are found; `require` of the `elements` of a code must agree."""

    method: str = NOT_PAIRED
    elements: tuple[str, ...] = ()
    require: int = 0


class Instrument(NamedTuple):
    """All that is asked, in the study's languages; the first is the one that a file means where it names none."""

    languages: tuple[str, ...]
    title: Texts
    consent: Texts
    # What readers must know of the instrument, such as that it is not validated.
    note: Texts = {}
    groups: tuple[Group, ...] = ()
    sections: tuple[Section, ...] = ()
    items: tuple[Item, ...] = ()
    scales: tuple[Scale, ...] = ()
    pairing: Pairing = Pairing()

    def item(self, key: str) -> Item:
        """The item with this key; raise KeyError."""
        return {each.key: each for each in self.items}[key]


def to_content(instrument: Instrument) -> dict[str, Any]:
    """The instrument as JSON holds it: decimals as strings, tuples as lists, texts as objects by language."""
    content: dict[str, Any] = _plain(instrument)
    return content


def from_content(content: Mapping[str, Any]) -> Instrument:
    """The instrument that `to_content` wrote."""
    return Instrument(
        languages=tuple(content["languages"]),
        title=content["title"],
        consent=content["consent"],
        note=content["note"],
        groups=tuple(_group(each) for each in content["groups"]),
        sections=tuple(Section(**each) for each in content["sections"]),
        items=tuple(_item(each) for each in content["items"]),
        scales=tuple(_scale(each) for each in content["scales"]),
        pairing=_pairing(content["pairing"]),
    )


def content_hash(instrument: Instrument) -> str:
    """SHA-256 of the instrument in its canonical form: keys in order, no spaces, letters of every language as UTF-8."""
    canonical = json.dumps(to_content(instrument), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return {name: _plain(each) for name, each in value._asdict().items() if not _is_left_out(value, name)}
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Decimal) else value


def _is_left_out(value: Any, name: str) -> bool:
    """Whether a part stands in the JSON only where it says something, as it is younger than questionnaires' hashes."""
    return isinstance(value, Group) and name == "is_required" and not value.is_required


def _group(stated: Mapping[str, Any]) -> Group:
    return Group(stated["key"], _choices(stated["levels"]), stated["text"], stated.get("is_required", False))


def _choices(stated: list[dict[str, Any]]) -> tuple[Choice, ...]:
    return tuple(Choice(each["key"], each["text"]) for each in stated)


def _item(stated: Mapping[str, Any]) -> Item:
    condition = stated["show_if"]
    changed = {
        "least": _decimal(stated["least"]),
        "most": _decimal(stated["most"]),
        "labels": tuple(stated["labels"]),
        "choices": _choices(stated["choices"]),
        "show_if": Condition(condition["item"], tuple(condition["values"])) if condition else None,
    }
    return Item(**{**stated, **changed})


def _scale(stated: Mapping[str, Any]) -> Scale:
    return Scale(
        key=stated["key"],
        items=tuple(stated["items"]),
        title=stated["title"],
        reverse=tuple(stated["reverse"]),
        min_answered=Decimal(stated["min_answered"]),
    )


def _pairing(stated: Mapping[str, Any]) -> Pairing:
    return Pairing(stated["method"], tuple(stated["elements"]), stated["require"])


def _decimal(stated: str | None) -> Decimal | None:
    return None if stated is None else Decimal(stated)
