"""LTPL00388 with invented example activity and demo accounts, loaded through the services like anything else.

The project's facts are real; every event, participant and number here is invented and marked as example data.
"""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select

from portal.accounts.models import User
from portal.accounts.queries import find_user_by_email
from portal.accounts.rules import Role
from portal.accounts.services import add_membership, set_account
from portal.core.db import db, transaction
from portal.demo.activity import add_activity
from portal.projects.queries import find_project
from portal.reports.loading import load_file

CODE = "LTPL00388"
PROJECT_FILE = Path(__file__).with_name("ltpl00388.toml")
DEMO_PASSWORD = "bendradarbiavimas-2026"  # noqa: S105  # for demo accounts, which production refuses


class Account(NamedTuple):
    """A demo account: its e-mail, the name shown, its role (None: the administrator) and its organisation's key."""

    email: str
    name: str
    role: Role | None
    organisation: str = ""
    language: str = "en"


ACCOUNTS = (
    Account("manager@example.org", "Project manager", Role.MANAGER),
    Account("lps@example.org", "Partner, Lithuanian Prison Service", Role.PARTNER, "lps", "lt"),
    Account("lpro@example.org", "Partner, Lithuanian Probation Service", Role.PARTNER, "lpro", "lt"),
    Account("ols@example.org", "Partner, Prison Inspectorate in Olsztyn", Role.PARTNER, "ols", "pl"),
    Account("alytus@example.org", "Partner, Alytus City Municipality", Role.PARTNER, "alytus", "lt"),
    Account("kaunas@example.org", "Partner, Kaunas District Municipality", Role.PARTNER, "kaunas", "lt"),
    Account("kaisiadorys@example.org", "Partner, Kaišiadorys District Municipality", Role.PARTNER, "kaisiadorys", "lt"),
    Account("finance@example.org", "Finance officer, Lithuanian Prison Service", Role.FINANCE, "lps", "lt"),
    Account("finance-ols@example.org", "Finance officer, Prison Inspectorate in Olsztyn", Role.FINANCE, "ols", "pl"),
    Account("controller@example.org", "Controller, Lithuanian Prison Service", Role.CONTROLLER, "lps", "lt"),
    Account("programme@example.org", "Programme authority", Role.PROGRAMME),
    Account("researcher@example.org", "Researcher", Role.RESEARCHER),
    Account("auditor@example.org", "Auditor", Role.AUDITOR),
    Account("viewer@example.org", "Viewer", Role.VIEWER),
    Account("admin@example.org", "Administrator", None),
)


def install(*, now: datetime) -> bool:
    """Load the project and its example activity, and the demo accounts that are missing.

    A project that is there already is left as it is; return whether it was new.
    """
    new = find_project(CODE) is None
    missing = [account for account in ACCOUNTS if find_user_by_email(account.email) is None]
    with transaction():
        if new:
            load_file(PROJECT_FILE, now=now)
            add_activity(CODE, now=now)
        for account in missing:
            _add_account(account, now)
    return new


def _add_account(account: Account, now: datetime) -> None:
    user_id = set_account(
        account.email,
        name=account.name,
        password=DEMO_PASSWORD,
        language=account.language,
        demo=True,
        admin=account.role is None,
        now=now,
    )
    if account.role is not None:
        add_membership(user_id, project_code=CODE, role=account.role, organisation=account.organisation, now=now)


def demo_accounts() -> list[User]:
    """The demo accounts of this database, by id."""
    return list(db.session.scalars(select(User).where(User.is_demo).order_by(User.id)))
