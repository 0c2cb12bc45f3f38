"""Editing drafts, beginning new versions of what is published, and saying which items measure the same."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from portal.audit.services import record
from portal.core.db import transaction
from portal.core.errors import Conflict
from portal.surveys.models import Instrument as InstrumentRow
from portal.surveys.models import Study
from portal.surveys.queries.studies import document_of, find_draft, find_published
from portal.surveys.rules.checking import check_instrument, tidied
from portal.surveys.rules.documents import Instrument, to_content
from portal.surveys.rules.outdated import Renamed, Spot, outdated_after
from portal.surveys.rules.versions import full_mapping, mapping_problems, name_problems, next_version, still_mapped
from portal.surveys.services.rows import facts, held_draft, hold_study, new_version, refuse, subject


class Notes(NamedTuple):
    """What a change of a draft says besides: parts with other keys, and translations that are still right."""

    renames: tuple[Renamed, ...] = ()
    confirmed: tuple[Spot, ...] = ()


NOTHING_ELSE = Notes()


def save_draft(
    study_id: int, instrument: Instrument, *, version: int, now: datetime, notes: Notes = NOTHING_ELSE
) -> None:
    """Store what the draft now asks; `version` is that of the draft (its row, not its number).

    Items that have gone measure nothing of the version before any more; renamed ones measure what they did.
    Translations of texts that were written anew are marked. Raise InvalidInputs for how it is built,
    Conflict if someone has changed the draft since `version`, there is no draft or the project is closed, NotFound.
    """
    instrument = tidied(instrument)
    with transaction() as session:
        study = hold_study(session, study_id)
        draft = held_draft(study, version)
        refuse(check_instrument(instrument))
        content, old = to_content(instrument), document_of(draft)
        outdated = outdated_after(old, instrument, draft.outdated, **notes._asdict())
        if (content, outdated) == (draft.content, draft.outdated):
            return
        mapping = still_mapped(draft.mapping, instrument, notes.renames)
        before = _facts(draft, old, mapping)
        changed, draft.mapping = draft.mapping, mapping
        draft.content, draft.outdated = content, outdated
        _touch(study, draft, now)
        if find_published(study) is None:
            study.title = dict(instrument.title)
        record(
            session, "study_changed", subject(study), now=now, before=before, after=_facts(draft, instrument, changed)
        )


def begin_version(study_id: int, mapping: Mapping[str, str], *, now: datetime) -> None:
    """Make a draft of the published version: items keep their keys unless `mapping` says otherwise.

    `mapping`: key of a published item -> its key in the draft; '' leaves the item out. Items not in it stay.
    Raise InvalidInputs for keys that are unknown or taken, Conflict if there is a draft already, nothing is published
    or the project is closed, NotFound.
    """
    with transaction() as session:
        study = hold_study(session, study_id)
        published = find_published(study)
        if published is None or find_draft(study) is not None:
            raise Conflict("study-has-draft")
        before = document_of(published)
        refuse([*name_problems(mapping, {item.key for item in before.items})])
        full = full_mapping(before, mapping)
        instrument = tidied(next_version(before, full))
        refuse([*mapping_problems(before, instrument, full), *check_instrument(instrument)])
        row = new_version(study, instrument, full, now)
        renames = tuple(Renamed("items", old, new) for old, new in full.items() if new)
        row.outdated = outdated_after(before, instrument, published.outdated, renames=renames)
        study.updated_at = now
        record(session, "study_version_begun", subject(study), now=now, after=facts(row, instrument))


def map_items(study_id: int, mapping: Mapping[str, str], *, version: int, now: datetime) -> None:
    """Store which item of the draft measures what an item of the version before did ('': none).

    Items that the mapping does not name stay mapped as they are. Raise InvalidInputs for keys that are unknown or named
    twice and for items whose answers cannot be compared, else as `save_draft` does.
    """
    with transaction() as session:
        study = hold_study(session, study_id)
        draft, published = held_draft(study, version), find_published(study)
        if published is None:
            raise Conflict("study-first-version")
        full = {**draft.mapping, **mapping}
        refuse([*mapping_problems(document_of(published), document_of(draft), full)])
        if full == draft.mapping:
            return
        before = draft.mapping
        draft.mapping = full
        _touch(study, draft, now)
        changed = {old: new for old, new in full.items() if before.get(old) != new}
        record(
            session,
            "study_changed",
            subject(study),
            now=now,
            before={"number": draft.number, "mapping": _said({old: before.get(old, "") for old in changed})},
            after={"number": draft.number, "mapping": _said(changed)},
        )


def _touch(study: Study, draft: InstrumentRow, now: datetime) -> None:
    draft.version += 1
    draft.updated_at = study.updated_at = now


def _facts(draft: InstrumentRow, instrument: Instrument, other: Mapping[str, str]) -> dict[str, Any]:
    """What the audit says of the draft: also translations to look at again, and what is mapped unlike in `other`."""
    waiting = sum(map(len, draft.outdated.values()))
    mapping = {old: new for old, new in draft.mapping.items() if other.get(old) != new}
    return {**facts(draft, instrument), "to_check": waiting, "mapping": _said(mapping)}


def _said(mapping: Mapping[str, str]) -> list[str]:
    """The pairs of a mapping as the audit shows them."""
    return [f"{old} → {new or '–'}" for old, new in sorted(mapping.items())]
