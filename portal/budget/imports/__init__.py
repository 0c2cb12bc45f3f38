"""Files of budgets, expenditure and rates: what their columns say, and what storing them would change."""

from portal.accounts.rules import Permission
from portal.budget.imports.budget import AGREED_FROM, BUDGET_COLUMNS, WHY, export_budget, plan_budget
from portal.budget.imports.expenditure import export_expenditure, plan_expenditure
from portal.budget.imports.expenditure_columns import EXPENDITURE_COLUMNS
from portal.budget.imports.rates import RATE_COLUMNS, export_rates, plan_rates, read_list
from portal.budget.imports.wording import mark_item, say_item, say_line
from portal.budget.labels import IMPORT_KINDS
from portal.budget.rules.masking import salaries_seen
from portal.budget.services.imports.budget import check_undo_of_budget, store_budget, undo_budget
from portal.budget.services.imports.expenditure import check_undo_of_items, store_items, undo_items
from portal.budget.services.imports.rates import check_undo_of_rates, store_rates, undo_rates
from portal.imports import kinds
from portal.imports.kinds import ImportKind
from portal.imports.options import MONTH, ORGANISATION

BUDGET = ImportKind(
    name="budget",
    label=IMPORT_KINDS["budget"],
    permission=Permission.EDIT_PROJECT,
    columns=BUDGET_COLUMNS,
    plan=plan_budget,
    store=store_budget,
    undo=undo_budget,
    check_undo=check_undo_of_budget,
    export=export_budget,
    sight=Permission.READ_PROJECT,
    options=(WHY, AGREED_FROM),
    say=say_line,
)
EXPENDITURE = ImportKind(
    name="expenditure",
    label=IMPORT_KINDS["expenditure"],
    permission=Permission.ENTER_EXPENDITURE,
    columns=EXPENDITURE_COLUMNS,
    plan=plan_expenditure,
    store=store_items,
    undo=undo_items,
    check_undo=check_undo_of_items,
    export=export_expenditure,
    sight=Permission.SEE_EXPENDITURE,
    options=(ORGANISATION,),
    mark=mark_item,
    say=say_item,
    names_seen=salaries_seen,
)
RATES = ImportKind(
    name="rates",
    label=IMPORT_KINDS["rates"],
    permission=Permission.ENTER_EXPENDITURE,
    columns=RATE_COLUMNS,
    plan=plan_rates,
    store=store_rates,
    undo=undo_rates,
    check_undo=check_undo_of_rates,
    export=export_rates,
    sight=Permission.READ_PROJECT,
    options=(MONTH,),
    readers={".json": read_list},
)


def register() -> None:
    """Let files of these kinds be imported, in the order in which a project needs them."""
    for kind in (BUDGET, EXPENDITURE, RATES):
        kinds.register(kind)
