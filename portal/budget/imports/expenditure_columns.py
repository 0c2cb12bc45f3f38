"""The columns of files of expenditure, as their template explains them."""

from collections.abc import Callable, Sequence

from flask_babel import lazy_gettext as _l

from portal.activities.queries.imports import list_activity_numbers, list_refs
from portal.budget.queries.imports import list_contract_references, list_work_package_numbers
from portal.imports.kinds import FileColumn
from portal.projects.rules.vocabulary import CURRENCIES, REAL_COST_CATEGORIES


def _words(words: Sequence[str]) -> Callable[[str], Sequence[str]]:
    """The same words in every project."""
    return lambda code: words


_AMOUNT_SAYS = _l("An amount with two decimals at most, such as 1234.56 or 1 234,56; below zero for a credit note.")

EXPENDITURE_COLUMNS = (
    FileColumn(
        "internal_reference",
        _l("Your own reference of the cost, such as K-17; once in the organisation."),
        is_key=True,
        is_required=True,
    ),
    FileColumn("category", _l("Cost category"), is_required=True, choices=_words(REAL_COST_CATEGORIES)),
    FileColumn(
        "work_package", _l("The number of the work package; not needed beside an activity."),
        choices=list_work_package_numbers,
    ),
    FileColumn("activity", _l("The number of the project's activity."), choices=list_activity_numbers),
    FileColumn("event", _l("The event's reference."), choices=list_refs),
    FileColumn("supplier", _l("Name of the supplier; none for staff.")),
    FileColumn("supplier_tax_number", _l("Tax or VAT number of the supplier; none for staff.")),
    FileColumn("invoice_number", _l("Number of the invoice as it is printed; none for staff.")),
    FileColumn("invoice_date", _l("Day of the invoice, such as 2026-06-30.")),
    FileColumn("payment_date", _l("Day of the payment, such as 2026-06-30.")),
    FileColumn("description", _l("What was bought and what for; for staff, whose salary."), is_required=True,
               is_personal=True),
    FileColumn("invoice_total", _AMOUNT_SAYS),
    FileColumn("vat", _AMOUNT_SAYS),
    FileColumn("declared_amount", _AMOUNT_SAYS, is_required=True),
    FileColumn("currency", _l("Three letters, such as PLN; EUR if empty."), choices=_words(tuple(sorted(CURRENCIES)))),
    FileColumn("corrects", _l("The internal reference of the cost that this one corrects.")),
    FileColumn("contract", _l("The reference of a contract of the organisation."), choices=list_contract_references),
)  # fmt: skip
