"""Giving and taking roles in projects, and inviting people to them."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import column, select, table
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.accounts import mails
from portal.accounts.models import Membership, User
from portal.accounts.rules import ORGANISATION_ROLES, Role
from portal.accounts.rules.links import Purpose
from portal.accounts.services import passwords
from portal.accounts.services.accounts import (
    PersonDraft,
    create,
    find_for_change,
    lock,
    lock_managers,
    person_problems,
)
from portal.accounts.services.links import issue, replace_password
from portal.accounts.services.sessions import end_all
from portal.accounts.services.trail import account_facts, account_subject, membership_facts, membership_subject
from portal.audit.services import record
from portal.core import clock
from portal.core.db import transaction
from portal.core.errors import Conflict, InvalidInput, InvalidInputs, NotFound, Problem

# The projects' table by its name: accounts need not know the projects' models.
PROJECTS = table("projects", column("code"))


class RoleDraft(NamedTuple):
    """A role someone is to hold in a project; `organisation` is its key, '' for the whole project."""

    project_code: str
    role: str
    organisation: str = ""


class Invited(NamedTuple):
    """Whom an invitation reached, and what was mailed: "link", "membership", or '' where nothing was new."""

    user_id: int
    mailed: str


def add_membership(
    user_id: int, *, project_code: str, role: str, organisation: str = "", now: datetime | None = None
) -> None:
    """Let the user play `role` in the project, for the organisation with this key where the role needs one.

    Holding it already changes nothing; `now` None is the present.
    Raise InvalidInput for an unknown role, project or organisation.
    """
    with transaction() as session:
        hold(session, user_id, RoleDraft(project_code, role, organisation), now=now or clock.now())


def hold(session: Session, user_id: int, draft: RoleDraft, *, now: datetime) -> bool:
    """Store the role in the caller's transaction; return whether it is new. Raise as `add_membership` does."""
    if problems := role_problems(draft):
        raise InvalidInputs(problems)
    held = session.scalars(select(Membership).where(Membership.user_id == user_id)).all()
    if any((row.project_code, row.role, row.organisation_key or "") == tuple(draft) for row in held):
        return False
    found = Membership(
        user_id=user_id,
        project_code=draft.project_code,
        role=draft.role,
        organisation_key=draft.organisation or None,
    )
    # Whoever changes the project's organisations holds the project first: in the same order nobody waits in a circle.
    session.execute(
        select(PROJECTS).where(PROJECTS.c.code == draft.project_code).with_for_update(read=True, key_share=True)
    )
    session.add(found)
    try:
        session.flush()
    except IntegrityError as error:
        raise InvalidInput(
            "membership-unknown", where="organisation", project=draft.project_code, organisation=draft.organisation
        ) from error
    record(session, "membership_added", membership_subject(found), now=now, after=membership_facts(found))
    return True


def role_problems(draft: RoleDraft) -> list[Problem]:
    """What is wrong with a role, whatever the project holds."""
    if draft.role not in list(Role):
        return [Problem("role-unknown", "role", {"value": draft.role, "allowed": list(Role)})]
    if (draft.role in ORGANISATION_ROLES) == bool(draft.organisation):
        return []
    code = "role-needs-organisation" if draft.role in ORGANISATION_ROLES else "role-without-organisation"
    return [Problem(code, "organisation")]


def invite(person: PersonDraft, roles: list[RoleDraft], *, inviter: str, now: datetime) -> Invited:
    """Give the person the roles, and an account if there is none yet; tell them by mail.

    Whoever has no password yet gets a link to choose one; an account that exists keeps its name and its language.
    Raise InvalidInputs with everything that is wrong, Conflict for a closed account.
    """
    with transaction() as session:
        user = find_for_change(session, person.email)
        problems = [*(person_problems(person) if user is None else []), *(p for r in roles for p in role_problems(r))]
        if problems:
            raise InvalidInputs(problems)
        if user is None:
            user = create(session, person, now=now, action="account_invited")
        if not user.is_active:
            raise Conflict("account-closed")
        added = [hold(session, user.id, role, now=now) for role in roles]
        project = roles[0].project_code if roles else ""
        if user.password_hash == passwords.NO_PASSWORD:
            _send_link(session, user, inviter=inviter, project=project, now=now)
            return Invited(user.id, "link")
        if any(added):
            mails.send_membership(session, user, inviter=inviter, project=project, now=now)
        return Invited(user.id, "membership" if any(added) else "")


def resend_invitation(user_id: int, *, inviter: str, now: datetime) -> None:
    """Mail a new link to someone who has not chosen a password yet; raise Conflict if they have."""
    with transaction() as session:
        user = lock(session, user_id)
        if user.password_hash != passwords.NO_PASSWORD or not user.is_active:
            raise Conflict("invitation-needless")
        project = session.scalar(
            select(Membership.project_code).where(Membership.user_id == user_id).order_by(Membership.id).limit(1)
        )
        _send_link(session, user, inviter=inviter, project=project or "", now=now)
        record(session, "invitation_sent_again", account_subject(user_id), now=now)


def remove_membership(membership_id: int, *, project_code: str, now: datetime) -> None:
    """Take the role from whoever holds it and end their sign-ins.

    Raise NotFound if the project has no such role, Conflict if its last manager would go.
    """
    with transaction() as session:
        managers = lock_managers(session, [project_code])
        found = session.scalar(
            select(Membership)
            .where(Membership.id == membership_id, Membership.project_code == project_code)
            .with_for_update()
        )
        if found is None:
            raise NotFound("membership-gone")
        if found.role == Role.MANAGER and managers[project_code] == {found.user_id}:
            raise Conflict("last-manager", projects=[project_code])
        record(session, "membership_removed", membership_subject(found), now=now, before=membership_facts(found))
        session.delete(found)
        end_all(session, found.user_id, now=now)


def add_user(person: PersonDraft, role: RoleDraft | None, *, admin: bool, now: datetime) -> bool:
    """Make an account, or change the one there is by what is given; return whether it is new.

    An account that exists keeps its password unless one is given. Raise InvalidInputs with everything that is wrong.
    """
    with transaction() as session:
        user = find_for_change(session, person.email)
        problems = person_problems(person)
        if user is None and person.password is None:
            problems.append(Problem("password-missing", "password"))
        problems += role_problems(role) if role else []
        if problems:
            raise InvalidInputs(problems)
        new = user is None
        user = user or create(session, person, now=now)
        before = account_facts(user)
        user.name, user.is_admin, user.version = person.name, user.is_admin or admin, user.version + 1
        if not new and person.password is not None:
            replace_password(session, user, person.password, now=now)
        record(session, "account_changed", account_subject(user.id), now=now, before=before, after=account_facts(user))
        if role:
            hold(session, user.id, role, now=now)
        return new


def _send_link(session: Session, user: User, *, inviter: str, project: str, now: datetime) -> None:
    path = issue(session, user.id, Purpose.INVITATION, now=now)
    mails.send_invitation(session, user, path=path, inviter=inviter, project=project, now=now)


def move_memberships(session: Session, project_code: str, *, gone: str, kept: str, now: datetime) -> None:
    """Let the roles held for the organisation `gone` be held for `kept`, in the caller's transaction.

    Whoever holds the same role for both keeps the one. Nobody is signed out: what they could do they still can.
    """
    of_project = select(Membership).where(Membership.project_code == project_code).order_by(Membership.id)
    held = {
        (row.user_id, row.role)
        for row in session.scalars(of_project.where(Membership.organisation_key == kept).with_for_update())
    }
    for row in session.scalars(of_project.where(Membership.organisation_key == gone).with_for_update()).all():
        before = membership_facts(row)
        if (row.user_id, row.role) in held:
            record(session, "membership_removed", membership_subject(row), now=now, before=before)
            session.delete(row)
            continue
        row.organisation_key = kept
        after = membership_facts(row)
        record(session, "membership_moved", membership_subject(row), now=now, before=before, after=after)
    session.flush()
