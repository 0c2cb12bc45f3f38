"""The words of the audit; features register theirs, so that the audit need not know them."""

from collections.abc import Mapping
from typing import Any

Labels = Mapping[str, Any]

_actions: dict[str, Any] = {}
_kinds: dict[str, Any] = {}
_fields: dict[str, Any] = {}
_values: dict[str, dict[str, Any]] = {}


def register(
    actions: Labels,
    *,
    kinds: Labels | None = None,
    fields: Labels | None = None,
    values: Mapping[str, Labels] | None = None,
) -> None:
    """Give words to what a feature does, to its kinds of things, to its fields, and to what its fields may hold."""
    _actions.update(actions)
    _kinds.update(kinds or {})
    _fields.update(fields or {})
    for field, words in (values or {}).items():
        _values.setdefault(field, {}).update(words)


def actions() -> Labels:
    """Action -> its words."""
    return _actions


def action_label(action: str) -> str:
    """The words of the action in the language of the moment; its code for an action of a version before this one."""
    return str(_actions.get(action, action))


def kind_label(kind: str) -> str:
    """The words of a kind of thing; its code where it has none."""
    return str(_kinds.get(kind, kind))


def field_label(field: str) -> str:
    """The words of a field; its name where it has none."""
    return str(_fields.get(field, field))


def value_label(field: str, value: Any) -> Any:
    """The words of what the field holds; the value itself where it has none."""
    return _values.get(field, {}).get(value, value) if isinstance(value, str) else value


WORDS = (action_label, kind_label, field_label, value_label)
"""What pages say the audit with."""
