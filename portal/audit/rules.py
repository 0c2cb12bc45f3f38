"""What of a change is kept: the fields that differ, personal ones without their values."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

CHANGED = "changed"

# Fields whose values are never written into the audit: they name or describe a person, may do so, or open a door.
PERSONAL = frozenset(
    {
        "participant",
        "person",
        "institution",
        "comment",
        "email",
        "phone",
        "duty",
        "password",
        "gender",
        "age_band",
        "salary_details",
        "beneficial_owners",
    }
)

Facts = Mapping[str, Any]
Changes = dict[str, list[Any]]


class Act(NamedTuple):
    """An entry of the audit without what was before and after; `subject` is what people know the thing by."""

    at: datetime
    actor: str
    acting_for: str
    action: str
    subject_kind: str
    subject_id: int
    subject: str


class Entry(NamedTuple):
    """An entry of the audit as its readers see it: `changes` is field -> [before, after]."""

    id: int
    at: datetime
    actor: str
    acting_for: str
    action: str
    subject_kind: str
    subject_id: int
    subject: str
    changes: Changes


def differences(before: Facts | None, after: Facts | None) -> Changes:
    """Field -> [before, after] of what differs; None before is a thing made, None after a thing removed.

    A personal field says only that it changed. Days and instants are kept as ISO texts.
    """
    old, new = before or {}, after or {}
    fields = [*old, *(field for field in new if field not in old)]
    changed = {field: [_plain(old.get(field)), _plain(new.get(field))] for field in fields}
    return {
        field: [CHANGED, CHANGED] if field in PERSONAL else values
        for field, values in changed.items()
        if values[0] != values[1]
    }


def without_values(entry: Entry, fields: Collection[str]) -> Entry:
    """The entry saying of these fields only that they changed."""
    changes = {name: [CHANGED, CHANGED] if name in fields else values for name, values in entry.changes.items()}
    return entry._replace(changes=changes)


def _plain(value: Any) -> Any:
    if value is None or type(value) is str or type(value) is int:
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return value if isinstance(value, bool | int | str) else str(value)
