"""The words for what was done; features register theirs, so that the audit need not know them."""

from collections.abc import Mapping
from typing import Any

_labels: dict[str, Any] = {}


def register(labels: Mapping[str, Any]) -> None:
    """Give words to a feature's actions."""
    _labels.update(labels)


def actions() -> Mapping[str, Any]:
    """Action -> its words."""
    return _labels


def action_label(action: str) -> str:
    """The words of the action in the language of the moment; its code for an action of a version before this one."""
    return str(_labels.get(action, action))
