"""Storing items of expenditure that files bring, and taking them back."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.orm import Session

from portal.audit.services import Change, Subject, current_actor, record_all
from portal.budget.models import ExpenditureItem as Item
from portal.budget.models import ItemEvidence
from portal.budget.queries.imports import ITEM_COLUMNS, Called, load_names
from portal.budget.rules.drafts import ItemDraft, keys_of
from portal.budget.rules.imports import ItemChanges
from portal.budget.rules.items import EDITABLE_STATES
from portal.budget.rules.masking import SALARIES
from portal.budget.services.holding import hold_open_project
from portal.budget.services.trail import Named, stated_columns
from portal.core.db import among
from portal.core.errors import Conflict
from portal.imports.kinds import Plan
from portal.imports.models import Import
from portal.imports.services.changes import keep_before
from portal.imports.services.rows import Written, chunks, load_rows, remove_rows, restore_rows, written_by
from portal.projects.models import Organisation

KEYS = (Item.order_key, Item.tax_key, Item.name_key, Item.invoice_key)


class Trail(NamedTuple):
    """What the audit is told of an organisation's items; `references` are those of items by their ids."""

    session: Session
    project_code: str
    organisation: str
    called: Called
    references: dict[int, str]
    now: datetime

    def record(self, action: str, items: Mapping[int, tuple[ItemDraft | None, ItemDraft | None]]) -> None:
        """Record what was done to the items: id -> how each was before and is after."""
        record_all(self.session, action, (self._change(id_, *states) for id_, states in items.items()), now=self.now)

    def _change(self, item_id: int, before: ItemDraft | None, after: ItemDraft | None) -> Change:
        states = [state for state in (before, after) if state is not None]
        sensitive = any(state.category == SALARIES for state in states)
        label = f"{self.organisation} {states[-1].internal_reference}"
        subject = Subject("item", item_id, label, self.project_code)
        facts = [state and stated_columns(state, self._named(state), sensitive=sensitive) for state in (before, after)]
        return Change(subject, *facts)

    def _named(self, draft: ItemDraft) -> Named:
        called = self.called
        return Named(
            self.organisation,
            called.work_packages.get(draft.work_package_id or 0),
            called.activities.get(draft.activity_id or 0),
            called.events.get(draft.event_id or 0),
            called.contracts.get(draft.contract_id or 0),
            self.references.get(draft.corrects_id or 0),
        )


def store_items(session: Session, import_id: int, plan: Plan, now: datetime) -> None:
    """Write the items of a plan without errors.

    Raise Conflict if one of them, or what they name, has changed since, if the reference of a new one has been taken,
    or if the project is closed.
    """
    changes: ItemChanges = plan.changes
    hold_open_project(session, changes.project_code)
    called = load_names(changes.project_code, changes.organisation_id).called()
    drafts = [*changes.created, *(draft for _, draft in changes.updated)]
    references = _references(session, changes.organisation_id, drafts)
    is_whole = _is_as_planned(session, changes) and _is_whole(drafts, called, references)
    if not is_whole or not _are_corrigible(session, changes):
        raise Conflict("import-stale")
    trail = Trail(session, changes.project_code, changes.organisation, called, references, now)
    _create(import_id, changes, trail)
    _change(import_id, changes, trail)


def undo_items(session: Session, import_id: int, now: datetime) -> None:
    """Delete the import's items again, and let those it changed be as they were.

    Raise Conflict if any of them has been changed or submitted since, if files or corrections have come to one that
    would go, if what one named before is gone, or if the project is closed.
    """
    code = session.get_one(Import, import_id).project_code
    hold_open_project(session, code)
    written, again = _undoable(session, import_id)
    present = _drafts(session, Item.import_id == import_id)
    organisation_id, key = _organisation_of(session, import_id)
    called = load_names(code, organisation_id).called()
    references = _references(session, organisation_id, [*present.values(), *again.values()])
    if not _is_whole(again.values(), called, references):
        raise Conflict("item-import-undo-gone")
    trail = Trail(session, code, key, called, references, now)
    trail.record("item_import_undone", {id_: (draft, again.get(id_)) for id_, draft in present.items()})
    _take_back(session, written, now)


def check_undo_of_items(session: Session, import_id: int) -> None:
    """Raise Conflict as undoing the import would at this moment."""
    _undoable(session, import_id)


def _take_back(session: Session, written: Written, now: datetime) -> None:
    restore_rows(session, Item, written.changed)
    counted = update(Item).where(among(Item.id, written.changed)).values(version=Item.version + 1, updated_at=now)
    session.execute(counted.execution_options(synchronize_session=False))
    remove_rows(session, Item, written.created)


def _organisation_of(session: Session, import_id: int) -> tuple[int, str]:
    """The id and the key of the organisation whose items the import wrote."""
    mine = select(Organisation.id, Organisation.key).join(Item, Item.organisation_id == Organisation.id)
    id_, key = session.execute(mine.where(Item.import_id == import_id).limit(1)).one()
    return id_, key


def _create(import_id: int, changes: ItemChanges, trail: Trail) -> None:
    new: dict[str, Any] = {"project_code": changes.project_code, "organisation_id": changes.organisation_id}
    new |= {"state": "open", "version": 1, "entered_by": current_actor().id, "import_id": import_id}
    new |= {"created_at": trail.now, "updated_at": trail.now}
    for some in chunks(changes.created):
        rows = [{**_columns(draft), **new} for draft in some]
        trail.session.execute(insert(Item), rows)
        # Asked for at once: databases that tell the number of each row they insert insert them one by one.
        named = Item.internal_reference.in_([draft.internal_reference for draft in some])
        asked = select(Item.internal_reference, Item.id).where(Item.organisation_id == changes.organisation_id, named)
        ids = {row.internal_reference: row.id for row in trail.session.execute(asked)}
        trail.record("item_imported", {ids[draft.internal_reference]: (None, draft) for draft in some})


def _change(import_id: int, changes: ItemChanges, trail: Trail) -> None:
    for some in chunks(changes.updated):
        before = load_rows(trail.session, Item, (*ITEM_COLUMNS, *KEYS, Item.import_id), Item.id.in_(dict(some)))
        keep_before(trail.session, import_id, {id_: _as_kept(columns) for id_, columns in before.items()})
        rows = [
            {
                "id": id_,
                **_columns(draft),
                "import_id": import_id,
                "version": changes.versions[id_] + 1,
                "updated_at": trail.now,
            }
            for id_, draft in some
        ]
        trail.session.execute(update(Item), rows)
        trail.record("item_imported", {id_: (_draft(before[id_]), draft) for id_, draft in some})


def _is_as_planned(session: Session, changes: ItemChanges) -> bool:
    """Whether the items to change are as they were, and none has the reference of a new one; holds the former."""
    for some in chunks(sorted(changes.versions)):
        rows = session.execute(select(Item.id, Item.version, Item.state).where(Item.id.in_(some)).with_for_update())
        found = {id_: version for id_, version, state in rows if state in EDITABLE_STATES}
        if found != {id_: changes.versions[id_] for id_ in some}:
            return False
    mine = select(Item.id).where(Item.organisation_id == changes.organisation_id).limit(1)
    for rows_of in chunks([draft.internal_reference for draft in changes.created]):
        if session.scalar(mine.where(Item.internal_reference.in_(rows_of))) is not None:
            return False
    return True


def _is_whole(drafts: Iterable[ItemDraft], called: Called, references: Mapping[int, str]) -> bool:
    """Whether all that the drafts name is there."""
    known = {
        "work_package_id": called.work_packages,
        "activity_id": called.activities,
        "event_id": called.events,
        "contract_id": called.contracts,
        "corrects_id": references,
    }
    named = {name: {getattr(draft, name) for draft in drafts} - {None} for name in known}
    return all(ids <= known[name].keys() for name, ids in named.items())


def _are_corrigible(session: Session, changes: ItemChanges) -> bool:
    """Whether what items newly correct is certified; holds it, so that it stays so."""
    wanted = {draft.corrects_id for draft in changes.created if draft.corrects_id is not None}
    updated = {id_: draft.corrects_id for id_, draft in changes.updated if draft.corrects_id is not None}
    if updated:
        rows = session.execute(select(Item.id, Item.corrects_id).where(among(Item.id, updated)))
        wanted |= {updated[id_] for id_, corrected in rows if corrected != updated[id_]}
    if not wanted:
        return True
    held = select(Item.id).where(among(Item.id, wanted), Item.state == "certified").with_for_update()
    return set(session.scalars(held)) == wanted


def _references(session: Session, organisation_id: int, drafts: Iterable[ItemDraft]) -> dict[int, str]:
    """The references of the organisation's items that these drafts correct, by their ids."""
    ids = {draft.corrects_id for draft in drafts if draft.corrects_id}
    rows = select(Item.id, Item.internal_reference).where(Item.organisation_id == organisation_id, among(Item.id, ids))
    return {row.id: row.internal_reference for row in session.execute(rows)} if ids else {}


def _undoable(session: Session, import_id: int) -> tuple[Written, dict[int, ItemDraft]]:
    """What the import wrote, and how the items that it changed will be again."""
    written = written_by(session, Item, import_id)
    counts = {
        "submitted": select(Item.id).where(Item.import_id == import_id, Item.state.not_in(EDITABLE_STATES)),
        "files": select(ItemEvidence.id).where(among(ItemEvidence.item_id, written.created)),
        "corrections": select(Item.id).where(among(Item.corrects_id, written.created)),
    }
    found: dict[str, Any] = {
        name: session.scalar(select(func.count()).select_from(rows.subquery())) for name, rows in counts.items()
    }
    if any(found.values()):
        raise Conflict("item-import-depended-on", **found)
    return written, {id_: _draft(columns) for id_, columns in written.changed.items()}


def _drafts(session: Session, condition: ColumnElement[bool]) -> dict[int, ItemDraft]:
    """The items that meet the condition as they are stated, by id."""
    rows = session.execute(select(Item.id, *ITEM_COLUMNS).where(condition).order_by(Item.id))
    return {id_: ItemDraft._make(columns) for id_, *columns in rows}


def _columns(draft: ItemDraft) -> dict[str, Any]:
    return {**draft._asdict(), **keys_of(draft)._asdict()}


def _as_kept(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The columns as JSON holds them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in columns.items()}


def _draft(columns: Mapping[str, Any]) -> ItemDraft:
    """The item as it was stated, out of columns as they are stored or kept."""
    stated = {name: columns[name] for name in ItemDraft._fields}
    for name in ("invoice_date", "payment_date"):
        if isinstance(stated[name], str):
            stated[name] = date.fromisoformat(stated[name])
    return ItemDraft(**stated)
