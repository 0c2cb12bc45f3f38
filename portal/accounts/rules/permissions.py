"""Who may do what: the permission table of the project, and nothing else decides."""

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    """A part someone plays in a project."""

    MANAGER = "manager"
    PARTNER = "partner"
    FINANCE = "finance"
    CONTROLLER = "controller"
    PROGRAMME = "programme"
    RESEARCHER = "researcher"
    AUDITOR = "auditor"
    VIEWER = "viewer"


# Roles that are held for one organisation; the others are held for the whole project.
ORGANISATION_ROLES = frozenset({Role.PARTNER, Role.FINANCE, Role.CONTROLLER})


class Permission(StrEnum):
    """Something a role may do in a project."""

    READ_PROJECT = "read the project"
    EDIT_PROJECT = "edit the project, its plan and indicators; invite members"
    EDIT_EVENTS = "create and edit events, attendance and event evidence"
    SEE_PARTICIPANTS = "see participants' names and event evidence"
    SEE_EXPENDITURE = "see expenditure"
    ENTER_EXPENDITURE = "enter expenditure, contracts and the ledger; submit partner reports"
    CONTROL_EXPENDITURE = "control and certify"
    SUBMIT_PROJECT_REPORT = "assemble and submit project reports"
    VERIFY_PROJECT_REPORT = "verify project reports, authorise and confirm payments"
    EDIT_STUDIES = "edit, publish and analyse studies"
    ENTER_PAPER = "type in paper forms and note fieldwork"
    READ_AUDIT = "read and export the audit"


# What these permissions show is not there for those who lack them: the answer is "not found", not "not allowed".
SIGHT = frozenset(
    {Permission.READ_PROJECT, Permission.SEE_PARTICIPANTS, Permission.SEE_EXPENDITURE, Permission.READ_AUDIT}
)


class Scope(StrEnum):
    """How far a role's permission reaches."""

    ALL = "all"
    OWN = "own"


ALL, OWN = Scope.ALL, Scope.OWN

MATRIX: dict[Permission, dict[Role, Scope]] = {
    Permission.READ_PROJECT: dict.fromkeys(Role, ALL),
    Permission.EDIT_PROJECT: {Role.MANAGER: ALL},
    Permission.EDIT_EVENTS: {Role.MANAGER: ALL, Role.PARTNER: OWN},
    Permission.SEE_PARTICIPANTS: {Role.MANAGER: ALL, Role.PARTNER: OWN, Role.CONTROLLER: OWN},
    Permission.SEE_EXPENDITURE: {
        Role.MANAGER: ALL,
        Role.FINANCE: OWN,
        Role.CONTROLLER: OWN,
        Role.PROGRAMME: ALL,
        Role.AUDITOR: ALL,
    },
    # The manager may act for a partner; the trace says so.
    Permission.ENTER_EXPENDITURE: {Role.MANAGER: ALL, Role.FINANCE: OWN},
    Permission.CONTROL_EXPENDITURE: {Role.CONTROLLER: OWN},
    Permission.SUBMIT_PROJECT_REPORT: {Role.MANAGER: ALL},
    Permission.VERIFY_PROJECT_REPORT: {Role.PROGRAMME: ALL},
    Permission.EDIT_STUDIES: {Role.MANAGER: ALL, Role.RESEARCHER: ALL},
    # Whoever hands out paper forms types in what comes back.
    Permission.ENTER_PAPER: {Role.MANAGER: ALL, Role.RESEARCHER: ALL, Role.PARTNER: ALL},
    Permission.READ_AUDIT: {Role.MANAGER: ALL, Role.PROGRAMME: ALL, Role.AUDITOR: ALL},
}


class Holding(NamedTuple):
    """A role someone holds in the project at hand; `organisation` is its key, '' for the whole project."""

    role: Role
    organisation: str = ""


def may(permission: Permission, holdings: Iterable[Holding], organisations: Collection[str] | None = None) -> bool:
    """Whether the holdings give `permission`: over things of one of `organisations` (None: over anything at all).

    Source: the matrix of roles agreed with the partners; an event belongs to every one of its organisers.
    """
    for role, organisation in holdings:
        scope = MATRIX[permission].get(role)
        if scope is ALL:
            return True
        if scope is OWN and (organisations is None or organisation in organisations):
            return True
    return False


def own_organisations(permission: Permission, holdings: Iterable[Holding]) -> frozenset[str] | None:
    """The keys of the organisations that `permission` reaches; None where it reaches all."""
    scopes = [(MATRIX[permission].get(role), organisation) for role, organisation in holdings]
    if any(scope is ALL for scope, _ in scopes):
        return None
    return frozenset(organisation for scope, organisation in scopes if scope is OWN)


def acted_for(permission: Permission, holdings: Iterable[Holding], organisations: Collection[str]) -> str:
    """The key of the organisation whose own matter the holder acts in without being of it; '' for one's own matters.

    It is the first of `organisations`, the owners of the thing, where only a role of the whole project gives the
    permission and the permission is otherwise held for one's own organisation.
    Source: interfaces, "Who may do what": the manager may act for a partner; the audit and the page say so.
    """
    scopes = MATRIX[permission]
    held = list(holdings)
    own = any(scopes.get(role) is OWN and organisation in organisations for role, organisation in held)
    over_all = any(scopes.get(role) is ALL for role, _ in held)
    if own or not over_all or OWN not in scopes.values():
        return ""
    return next(iter(organisations), "")
