"""Which imports the person at hand may see and make: each kind of file has its permission, nothing else decides."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from flask import request
from flask_login import current_user

from portal.accounts.guard import allows, holdings, note_acting, reach
from portal.core.errors import NotAllowed, NotFound
from portal.imports import queries
from portal.imports.kinds import ImportKind, Request, find_kind, import_kinds
from portal.imports.options import ORGANISATION, list_offers, names_of, owners_of, read_options
from portal.imports.queries import ImportRow, Sight
from portal.projects.offering import offers
from portal.projects.queries import get_project, list_organisations
from portal.projects.rules.closing import check_open as check_status


class Export(NamedTuple):
    """A file with what is stored of a kind, of all or of one organisation."""

    kind: ImportKind
    organisation: str = ""
    label: str = ""


class Template(NamedTuple):
    """A workbook to fill in: what its address says of options, and for what it is ('': the kind as it is)."""

    stated: Mapping[str, str]
    label: Any = ""


def own_kinds() -> list[ImportKind]:
    """The kinds of files that the person may import."""
    return [each for each in import_kinds() if allows(each.permission)]


def may_import() -> bool:
    """Whether the person may import anything."""
    return bool(own_kinds())


def demand_any() -> None:
    """Raise NotAllowed unless the person may import something."""
    if not may_import():
        raise NotAllowed("not-allowed")


def check_open(code: str) -> None:
    """Show no form that a closed project refuses; one that was open already is answered with what was typed."""
    if request.method != "POST":
        check_status(get_project(code).status)


def demand_kind(kind: ImportKind) -> None:
    """Raise NotAllowed unless the person may import files of this kind."""
    if not allows(kind.permission):
        raise NotAllowed("not-allowed")


def kind_in_address(name: str) -> ImportKind:
    """The kind that an address names; raise NotFound."""
    kind = find_kind(name)
    if kind is None:
        raise NotFound("import-kind-unknown", kind=name, allowed=[each.name for each in import_kinds()])
    return kind


def chosen_kind(name: str) -> ImportKind | None:
    """The kind of this name, or the only one there is; None where one is still to be chosen.

    Raise InvalidInput for a kind that does not exist, NotAllowed for one that the person may not import.
    """
    mine = own_kinds()
    if not name:
        return mine[0] if len(mine) == 1 else None
    kind = queries.get_kind(name)
    demand_kind(kind)
    return kind


def narrowed(code: str, reached: frozenset[str] | None, organisation: str) -> frozenset[str] | None:
    """The reach, or this organisation alone; raise NotFound where it is not within it."""
    if not organisation:
        return reached
    if organisation not in (each.key for each in list_organisations(code) if reached is None or each.key in reached):
        raise NotFound("not-open")
    return frozenset({organisation})


def list_templates(code: str, kind: ImportKind, stated: Mapping[str, str]) -> list[Template]:
    """The workbooks to fill in: the kind's one, or where columns depend on an option, one for each that can be said."""
    wanted = stated.get(kind.columns_by, "")
    offered = next(
        (each.choices or () for each in list_offers(kind, code, None) if each.option.name == kind.columns_by), ()
    )
    found = [Template({kind.columns_by: value}, label) for value, label in offered if wanted in ("", value)]
    return found or [Template({})]


def list_exports(code: str) -> list[Export]:
    """The files with what the person may import: one of each kind, or of each organisation where files hold one's."""
    found = []
    for kind in own_kinds():
        if kind.export is None:
            continue
        owners = next(
            (
                each.choices or ()
                for each in list_offers(kind, code, reach(kind.permission))
                if each.option.name == ORGANISATION.name
            ),
            (),
        )
        found += [Export(kind, key, label) for key, label in owners] or [Export(kind)]
    return found


def ask(code: str, kind: ImportKind, stated: Mapping[str, str], *, now: datetime) -> Request:
    """What the person asks for, with how far their right reaches and what was said beside the file.

    The audit says from now on for whom they act. Raise NotAllowed where they have no right to it, InvalidInput for
    what was said.
    """
    demand_kind(kind)
    options = read_options(kind, code, reach(kind.permission), stated)
    owners = owners_of(options)
    if owners:
        note_acting(kind.permission, owners)
    return Request(code, reach(kind.permission), now, lambda rows: None, options=options)


def ask_again(row: ImportRow, *, now: datetime) -> Request:
    """What the person asks for with a listed import; raise NotAllowed where they have no right to it by now."""
    kind = queries.get_kind(row.kind)
    if not allows(kind.permission, owners_of(row.options) or None):
        raise NotAllowed("not-allowed")
    if owners_of(row.options):
        note_acting(kind.permission, owners_of(row.options))
    return Request(row.project_code, reach(kind.permission), now, lambda rows: None, options=row.options)


def own_sight() -> Sight:
    """What the person sees of the project's imports."""
    kinds = own_kinds()
    whole = [each.name for each in kinds if reach(each.permission) is None]
    parts = {
        each.name: reach(each.permission) or frozenset()
        for each in kinds
        if each.name not in whole and ORGANISATION.name in names_of(each)
    }
    return Sight(current_user.id, whole, parts)


def may_go_on(row: ImportRow) -> bool:
    """Whether the person may store or undo the import, in a project that is not closed."""
    kind = find_kind(row.kind)
    return kind is not None and offers(kind.permission, owners_of(row.options) or None)


def file_name(row: ImportRow) -> str | None:
    """What the file was called; None where that may name whose salary it is, and is kept from the person."""
    kind = find_kind(row.kind)
    if row.added_by == current_user.id or kind is None or kind.names_seen is None:
        return row.filename
    return row.filename if row.options.get(ORGANISATION.name) in kind.names_seen(holdings()) else None


def see(code: str, import_id: int) -> ImportRow:
    """The import, if the person sees it; raise NotFound. Where they may go on with it, the page says for whom."""
    demand_any()
    row = queries.get_import(code, import_id)
    if not own_sight().covers(row):
        raise NotFound("import-unknown")
    owners = owners_of(row.options)
    if owners:
        note_acting(queries.get_kind(row.kind).permission, owners)
    return row
