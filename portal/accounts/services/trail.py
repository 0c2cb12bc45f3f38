"""What the audit says of accounts: their number, never their e-mail or their name."""

from typing import Any

from portal.accounts.models import Membership, User
from portal.accounts.rules.people import account_label
from portal.audit.services import Subject


def account_subject(user_id: int) -> Subject:
    """An account as the audit knows it."""
    return Subject("account", user_id, account_label(user_id))


def membership_subject(membership: Membership) -> Subject:
    """A role of an account in a project, as the audit of the project knows it."""
    return Subject("membership", membership.id, account_label(membership.user_id), membership.project_code)


def account_facts(user: User) -> dict[str, Any]:
    """What of an account is audited; the audit keeps personal fields as "changed" only."""
    return {
        "email": user.email,
        "person": user.name,
        "password": user.password_hash,
        "language": user.language,
        "active": user.is_active,
        "admin": user.is_admin,
    }


def membership_facts(membership: Membership) -> dict[str, Any]:
    """What of a role is audited."""
    return {"role": membership.role, "organisation": membership.organisation_key or ""}
