"""Which items are kept from whom because they tell, or once told, what someone is paid."""

from collections.abc import Collection

from sqlalchemy import String, cast, or_, select

from portal.accounts.queries import list_holdings
from portal.audit.models import AuditEntry
from portal.budget.models import ExpenditureItem
from portal.budget.rules.masking import SALARIES, salaries_seen
from portal.core.db import among, db
from portal.projects.models import Organisation

# What the audit calls items, and what it has of those of staff.
KIND, DETAILS = "item", "salary_details"


def hidden_salaries(code: str, item_ids: Collection[int], reader: int) -> set[int]:
    """Those of the project's items that are of staff or ever were, and whose details the account `reader` may not read.

    Whose item it was is not known once it is deleted: its details are then kept from everyone.
    """
    items = select(ExpenditureItem.id, ExpenditureItem.category, Organisation.key).join(ExpenditureItem.organisation)
    stored = db.session.execute(
        items.where(ExpenditureItem.project_code == code, among(ExpenditureItem.id, item_ids))
    ).all()
    seen = salaries_seen(list_holdings(reader, code))
    asked = set(item_ids) - {id_ for id_, _, owner in stored if owner in seen}
    now = {id_ for id_, category, _ in stored if category == SALARIES} & asked
    return now | _once_of_staff(code, asked - now)


def _once_of_staff(code: str, item_ids: Collection[int]) -> set[int]:
    """Those of the items of which the audit says that they were of staff."""
    text = cast(AuditEntry.changes, String)
    told = select(AuditEntry.subject_id, AuditEntry.changes).where(
        AuditEntry.project_code == code,
        AuditEntry.subject_kind == KIND,
        among(AuditEntry.subject_id, item_ids),
        # Few entries say either; which of them mean it is seen below.
        or_(*(text.contains(f'"{each}"', autoescape=True) for each in (SALARIES, DETAILS))),
    )
    return {
        id_
        for id_, changes in (db.session.execute(told) if item_ids else ())
        if DETAILS in changes or SALARIES in changes.get("category", ())
    }
