"""Entering items of expenditure, changing them one by one or many at once, and deleting mistaken drafts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from portal.activities.models import Event
from portal.audit.services import Change, current_actor, record, record_all
from portal.budget.models import Contract, ExpenditureItem
from portal.budget.queries.items import draft_of, list_corrections
from portal.budget.rules.drafts import ItemDraft, Known, check_draft, check_editable, keys_of, reference_taken
from portal.budget.rules.items import EDITABLE_STATES
from portal.budget.rules.masking import SALARIES
from portal.budget.services.holding import hold_open_project
from portal.budget.services.trail import item_columns, item_subject
from portal.core.db import among, transaction
from portal.core.errors import Conflict, InvalidInputs, NotFound, Problem
from portal.core.files.rules import HASH_SHOWN
from portal.core.files.services import remove_rows
from portal.projects.models import Activity, WorkPackage
from portal.projects.queries import get_organisation

# What is read anew once an item names something else; the column of each ends in _id.
NAMED = ("work_package", "activity", "event", "contract", "corrects")

# What an item belongs to in the plan: stating one of them leaves the others to follow from it.
PLACES = ("work_package_id", "activity_id", "event_id")


def add_item(code: str, organisation_key: str, draft: ItemDraft, *, now: datetime) -> int:
    """Store an item of the project's organisation and return its id; what is wrong with it is a finding.

    Raise InvalidInputs for what cannot be read or is not known, Conflict if the project is closed, NotFound.
    """
    with transaction() as session:
        hold_open_project(session, code)
        organisation = get_organisation(code, organisation_key)
        row = ExpenditureItem(project_code=code, organisation_id=organisation.id, state="open", version=0)
        row.entered_by, row.created_at = current_actor().id, now
        known = load_known(session, code, organisation.id, [draft])
        _apply(row, check_draft(draft, known, taken=_taken(session, row, draft)), now)
        session.add(row)
        _flush(session, [row])
        record(session, "item_added", item_subject(row), now=now, after=item_columns(row))
        return row.id


def change_item(code: str, item_id: int, draft: ItemDraft, *, version: int, now: datetime) -> None:
    """Store what is now stated of the item.

    Raise as `add_item` does, and Conflict if someone has changed the item since `version` or if it has been submitted.
    """
    with transaction() as session:
        hold_open_project(session, code)
        row = _item(session, code, item_id, version)
        known = load_known(session, code, row.organisation_id, [draft], [row])
        checked = check_draft(draft, known, taken=_taken(session, row, draft), stored=draft_of(row))
        _change(session, {row: checked}, now)


def change_items(code: str, versions: Mapping[int, int], changes: Mapping[str, Any], *, now: datetime) -> int:
    """Store the same changes (columns of a draft) in all of the items, or in none; return how many were changed.

    `versions` is item -> the version it was shown with. A new event, activity or work package takes the place of the
    ones stated before that it does not follow from. Raise NotFound if one of the items is gone, Conflict naming those
    that have been changed since or are submitted, InvalidInputs naming those that cannot take it.
    """
    with transaction() as session:
        hold_open_project(session, code)
        rows = _items(session, code, versions)
        return _change(session, _checked(session, code, rows, changes), now)


def remove_item(code: str, item_id: int, *, version: int, files: Collection[str] = (), now: datetime) -> None:
    """Delete a mistaken item with its evidence; files that nothing else uses go with the next sweep of the store.

    `files` are the hashes of those that are known to go with it. Raise Conflict if the item has another one, if someone
    has changed it since `version`, if it has been submitted, if another item corrects it or if the project is closed;
    NotFound.
    """
    with transaction() as session:
        hold_open_project(session, code)
        row = _item(session, code, item_id, version)
        corrections = [each.internal_reference for each in list_corrections(row.id)]
        if corrections:
            raise Conflict("item-corrected", references=corrections)
        hashes = [each.sha256 for each in row.evidence]
        if not set(hashes) <= set(files):
            raise Conflict("item-files-added")
        before = {**item_columns(row), "file": [each[:HASH_SHOWN] for each in hashes] or None}
        record(session, "item_removed", item_subject(row), now=now, before=before)
        session.delete(row)
        try:
            session.flush()
        except IntegrityError as error:
            raise Conflict("item-in-use") from error
        remove_rows(session, hashes)


def load_known(
    session: Session,
    code: str,
    organisation_id: int,
    drafts: Collection[ItemDraft],
    rows: Iterable[ExpenditureItem] = (),
) -> Known:
    """What these drafts of the organisation may name; `rows` are the items that they change.

    What an item corrects already it may go on correcting, whatever has become of that since.
    """
    plan = select(Activity.id, Activity.work_package_id).where(Activity.project_code == code)
    events = select(Event.id, Event.activity_id).where(Event.project_code == code)
    contracts = select(Contract.id).where(Contract.organisation_id == organisation_id)
    items = select(ExpenditureItem.id).where(
        ExpenditureItem.organisation_id == organisation_id, ExpenditureItem.state == "certified"
    )
    named = {name: {getattr(each, name) for each in drafts} - {None} for name in ItemDraft._fields[2:6]}
    corrected = {each.corrects_id for each in drafts if each.corrects_id is not None}
    present = {each.corrects_id for each in rows if each.corrects_id is not None}
    return Known(
        work_packages=set(session.scalars(select(WorkPackage.id).where(WorkPackage.project_code == code))),
        activities=dict(session.execute(plan).all()),
        events=dict(session.execute(events.where(among(Event.id, named["event_id"]))).all()),
        contracts=set(session.scalars(contracts.where(among(Contract.id, named["contract_id"])))),
        corrigible={*session.scalars(items.where(among(ExpenditureItem.id, corrected))), *present},
    )


def _item(session: Session, code: str, item_id: int, version: int) -> ExpenditureItem:
    """The item, held until the transaction ends; raise NotFound, Conflict if it is another one by now or submitted."""
    mine = select(ExpenditureItem).where(ExpenditureItem.project_code == code, ExpenditureItem.id == item_id)
    row = session.scalar(mine.with_for_update())
    if row is None:
        raise NotFound("item-unknown")
    check_editable(row.state, row.internal_reference)
    if row.version != version:
        raise Conflict("item-stale")
    return row


def _items(session: Session, code: str, versions: Mapping[int, int]) -> list[ExpenditureItem]:
    """The items by id, held until the transaction ends; raise as `_item` does, naming those that are in the way."""
    mine = select(ExpenditureItem).where(ExpenditureItem.project_code == code, among(ExpenditureItem.id, versions))
    named = [selectinload(getattr(ExpenditureItem, name)) for name in ("organisation", *NAMED)]
    rows = list(session.scalars(mine.options(*named).order_by(ExpenditureItem.id).with_for_update()))
    if len(rows) < len(versions):
        raise NotFound("item-unknown")
    fixed = [each.internal_reference for each in rows if each.state not in EDITABLE_STATES]
    if fixed:
        raise Conflict("items-fixed", references=fixed)
    stale = [each.internal_reference for each in rows if each.version != versions[each.id]]
    if stale:
        raise Conflict("items-stale", references=stale)
    return rows


def _checked(
    session: Session, code: str, rows: Iterable[ExpenditureItem], changes: Mapping[str, Any]
) -> dict[ExpenditureItem, ItemDraft]:
    """What is stated of each item after the changes; raise InvalidInputs naming every one that cannot take them."""
    of_organisation: dict[int, dict[ExpenditureItem, ItemDraft]] = defaultdict(dict)
    for row in rows:
        of_organisation[row.organisation_id][row] = draft_of(row)._replace(**_with_place(changes))
    found: dict[ExpenditureItem, ItemDraft] = {}
    refused: dict[str, tuple[Problem, ...]] = {}
    for organisation_id, drafts in of_organisation.items():
        known = load_known(session, code, organisation_id, drafts.values(), drafts)
        for row, draft in drafts.items():
            try:
                found[row] = check_draft(draft, known, stored=draft_of(row))
            except InvalidInputs as error:
                refused[row.internal_reference] = error.problems
    if refused:
        reasons = {(each.code, each.where): each for problems in refused.values() for each in problems}
        raise InvalidInputs([Problem("items-refused", "", {"references": list(refused)}), *reasons.values()])
    return found


def _with_place(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes with what they leave open: of a new event its activity follows, of a new activity its package."""
    placed = [name for name in PLACES if changes.get(name) is not None]
    if not placed:
        return dict(changes)
    followed = PLACES[: PLACES.index(placed[-1])] if placed[-1] != "work_package_id" else ("activity_id",)
    return {**dict.fromkeys(followed), **changes}


def _change(session: Session, drafts: Mapping[ExpenditureItem, ItemDraft], now: datetime) -> int:
    """Store what is now stated of the items, and record it; return of how many that is anything else than is stored."""
    changed = {row: draft for row, draft in drafts.items() if draft != draft_of(row)}
    sensitive = {row: SALARIES in (row.category, draft.category) for row, draft in changed.items()}
    before = {row: item_columns(row, sensitive=sensitive[row]) for row in changed}
    renamed = {row: _renamed(row, draft) for row, draft in changed.items()}
    for row, draft in changed.items():
        _apply(row, draft, now)
        # Someone has made it theirs.
        row.import_id = None
    _flush(session, [*changed])
    for row, names in renamed.items():
        if names:
            session.expire(row, names)
    after = (Change(item_subject(row), before[row], item_columns(row, sensitive=sensitive[row])) for row in changed)
    record_all(session, "item_changed", after, now=now)
    return len(changed)


def _renamed(row: ExpenditureItem, draft: ItemDraft) -> list[str]:
    """What the draft names in another way than the item."""
    return [name for name in NAMED if getattr(row, f"{name}_id") != getattr(draft, f"{name}_id")]


def _apply(row: ExpenditureItem, draft: ItemDraft, now: datetime) -> None:
    for name, value in {**draft._asdict(), **keys_of(draft)._asdict()}.items():
        setattr(row, name, value)
    row.version += 1
    row.updated_at = now


def _taken(session: Session, row: ExpenditureItem, draft: ItemDraft) -> list[str]:
    """The reference of the draft, if another item of the organisation has it."""
    same = select(ExpenditureItem.internal_reference).where(
        ExpenditureItem.organisation_id == row.organisation_id,
        ExpenditureItem.internal_reference == draft.internal_reference,
    )
    return list(session.scalars(same.where(ExpenditureItem.id != row.id) if row.id else same))


def _flush(session: Session, rows: Sequence[ExpenditureItem]) -> None:
    """Write the rows, so that what they name can be read; say of what came in between what it is."""
    references = [row.internal_reference for row in rows]
    try:
        session.flush()
    except IntegrityError as error:
        if "unique" in str(error.orig).lower():
            # Only items one by one are given other references.
            raise InvalidInputs([reference_taken(references[0])]) from error
        raise Conflict("item-names-gone") from error
