"""What is said under budget tables, on pages and in files."""

from collections.abc import Container, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.budget.labels import COST_CATEGORIES
from portal.budget.rules.facts import LatestRate
from portal.budget.rules.flat_rates import CATEGORY_OF, base_of, flat_categories
from portal.budget.wording_budgets import tell_flat_rate
from portal.core.money import EURO, Cents
from portal.core.web.formats import fund_name, show_amount, show_date, show_month, show_percentage, show_rate
from portal.core.web.language import text_in
from portal.projects.models import Organisation, Project
from portal.reports.queries.budget import BudgetRow, BudgetTable
from portal.reports.queries.spending import FLAT, NONE

BREAKDOWNS = {
    "category": _l("Cost category"),
    "work_package": _l("Work package"),
    "period": _l("Period"),
}


class Note(NamedTuple):
    """A sentence, and where it leads: an endpoint with the values of its address ('': nowhere)."""

    text: str
    endpoint: str = ""
    values: Mapping[str, str] = {}


def tell_flat(organisation: Organisation, category: str) -> str:
    """The flat rate that the organisation claims the category at: 15.00 % of staff costs; '' if part of another."""
    rates = organisation.flat_rates
    found = _rate_for(organisation, category)
    return tell_flat_rate(rates[found], base_of(found, rates)) if found else ""


def flat_base(organisation: Organisation, category: str) -> str:
    """The one category in which items make up what the flat rate is taken of; '' where there are several, or none."""
    rates, name = organisation.flat_rates, _rate_for(organisation, category)
    base = base_of(name, rates) if name else ()
    real = [each for each in base if each not in flat_categories(rates)]
    return real[0] if len(real) == 1 else ""


def tell_place(project: Project, by: str, key: str) -> str:
    """A row of a breakdown by work package or period, in words."""
    if key == FLAT:
        return str(_("Flat rates, not by work package") if by == "work_package" else _("Flat rates, not by period"))
    if key == NONE:
        return str(_("No work package") if by == "work_package" else _("No period"))
    if by == "period":
        return str(_("Period %(number)s", number=key))
    titles = {str(each.number): text_in(each.title) for each in project.work_packages}
    title = titles.get(key, "")
    return f"{_('Work package %(number)s', number=key)}{': ' if title else ''}{title}"


def budget_notes(table: BudgetTable, seen: Container[str]) -> list[Note]:
    """What was added up and how, and what could not be; details only of the organisations in `seen`."""
    return [
        Note(
            _(
                "Declared is all that was entered, reported is what was submitted in reports, certified is what the "
                "controller accepted. Remaining is the budget less what was reported."
            )
        ),
        Note(
            _(
                "As of %(day)s: an item counts by its invoice date, or else its payment date, up to this day. An item "
                "without a date counts.",
                day=show_date(table.as_of),
            )
        ),
        *_others(table, seen),
        *_currencies(table),
        *_shares(table),
        *(note for row in table.rows for note in _of_partner(table, row, row.organisation.key in seen)),
        *_uncounted(table, seen),
    ]


def _others(table: BudgetTable, seen: Container[str]) -> Iterator[Note]:
    """That no day is told of partners whose items may not be seen: two days compared would tell a single item."""
    if table.others_as_of and any(row.organisation.key not in seen for row in table.rows):
        yield Note(
            _(
                "Figures of any day are shown to those who may see an organisation's expenditure. What the others "
                "spent is counted as of %(day)s: the end of a period, or the day before the first one began.",
                day=show_date(table.others_as_of),
            )
        )


def tell_rate(currency: str, latest: LatestRate) -> str:
    """A rate that is not final: PLN at 4.2563, Jul 2026, preview."""
    month = show_month(date.fromisoformat(f"{latest.month}-01"))
    told = _(
        "%(currency)s at %(rate)s, %(month)s, preview", currency=currency, rate=show_rate(latest.rate), month=month
    )
    return str(told)


def _rate_for(organisation: Organisation, category: str) -> str:
    return next((name for name in organisation.flat_rates if CATEGORY_OF[name] == category), "")


def _currencies(table: BudgetTable) -> Iterator[Note]:
    """At which rates money of other currencies is counted, and that budgets of other currencies are not compared."""
    previewed = {(currency, row.rates[currency]) for row in table.rows for currency in row.sums.previewed}
    told = ", ".join(tell_rate(currency, latest) for currency, latest in sorted(previewed))
    if told:
        text = _(
            "Not submitted yet, and so counted at the latest known rate: %(rates)s. Submitting a report fixes the "
            "rate of its items.",
            rates=told,
        )
        yield Note(text, "rates.index")
    if table.project.currency != EURO:
        yield Note(
            _(
                "What was spent is counted in EUR, the budget is in %(currency)s: the two are not compared.",
                currency=table.project.currency,
            )
        )


def _shares(table: BudgetTable) -> Iterator[Note]:
    project = table.project
    yield Note(
        _(
            "The %(fund)s share is %(rate)s, rounded down to the cent: of each partner's budget, and of what each "
            "report declares. What is in no report yet is taken together. Totals are sums of rows.",
            fund=fund_name(project.fund),
            rate=show_percentage(table.rate),
        )
    )


def _of_partner(table: BudgetTable, row: BudgetRow, is_seen: bool) -> Iterator[Note]:
    """What of a partner is to be explained: its flat rates, the budget lines' difference, the lost cent."""
    name, currency = text_in(row.organisation.name), table.project.currency
    flat = [(each, tell_flat(row.organisation, each)) for each in COST_CATEGORIES if each in row.sums.flat]
    for category, words in flat:
        if words:
            yield Note(
                _(
                    "%(partner)s claims a flat rate in the category “%(category)s”: %(rate)s.",
                    partner=name,
                    category=COST_CATEGORIES[category],
                    rate=words,
                )
            )
    if row.difference:
        yield _difference(name, row.difference, currency, row.organisation.key)
    if row.budgets is None and any(each.budgets is not None for each in table.rows):
        text = _(
            "%(partner)s: no budget lines are stored, so its %(amount)s stand in no category.",
            partner=name,
            amount=show_amount(row.budget, currency),
        )
        yield Note(text, "budget_lines.index", {"_anchor": row.organisation.key})
    if row.residue:
        yield _lost(table, row, name)
    if is_seen:
        yield from _left_out(table, row, name)


def _difference(name: str, difference: Cents, currency: str, key: str) -> Note:
    amount = show_amount(Cents(abs(difference)), currency)
    text = (
        _(
            "%(partner)s: the budget lines come to %(amount)s more than the approved budget.",
            partner=name,
            amount=amount,
        )
        if difference < 0
        else _(
            "%(partner)s: the budget lines come to %(amount)s less than the approved budget.",
            partner=name,
            amount=amount,
        )
    )
    return Note(text, "budget_lines.index", {"_anchor": key})


def _lost(table: BudgetTable, row: BudgetRow, name: str) -> Note:
    reports = sum(report.number is not None for report in row.sums.reports)
    return Note(
        ngettext(
            "%(partner)s: %(amount)s of the %(fund)s share is lost to rounding, because the budget was declared in "
            "%(num)s report, truncated to the cent.",
            "%(partner)s: %(amount)s of the %(fund)s share is lost to rounding, because the budget was declared in "
            "%(num)s reports, each truncated to the cent.",
            reports,
            partner=name,
            amount=show_amount(row.residue, table.project.currency),
            fund=fund_name(table.project.fund),
        )
    )


def _left_out(table: BudgetTable, row: BudgetRow, name: str) -> Iterator[Note]:
    """The items that count nowhere: real costs in flat categories, and amounts without a rate."""
    organisation = row.organisation.key
    for category, blocked in row.sums.blocked.items():
        text = ngettext(
            "%(partner)s: %(num)s item of %(amount)s in the category “%(category)s” is blocked and not counted, "
            "because the partner claims this category as a flat rate.",
            "%(partner)s: %(num)s items of %(amount)s in the category “%(category)s” are blocked and not counted, "
            "because the partner claims this category as a flat rate.",
            blocked.items,
            partner=name,
            amount=show_amount(blocked.cents, EURO),
            category=COST_CATEGORIES[category],
        )
        yield Note(text, "expenditure.index", {"organisation": organisation, "category": category})
    for currency, unrated in row.sums.unrated.items():
        text = ngettext(
            "%(partner)s: %(num)s item of %(amount)s is not counted, because no exchange rate of %(currency)s is "
            "known. Import the rate.",
            "%(partner)s: %(num)s items of %(amount)s are not counted, because no exchange rate of %(currency)s is "
            "known. Import the rate.",
            unrated.items,
            partner=name,
            amount=show_amount(unrated.cents, currency),
            currency=currency,
        )
        yield Note(text, "rates.index")


def _uncounted(table: BudgetTable, seen: Container[str]) -> Iterator[Note]:
    """The items of organisations that have no budget."""
    names = {each.key: text_in(each.name) for each in table.project.organisations}
    for key, items in table.uncounted.items():
        if key in seen:
            text = ngettext(
                "%(partner)s: %(num)s item is blocked and not counted, because the organisation has no budget.",
                "%(partner)s: %(num)s items are blocked and not counted, because the organisation has no budget.",
                items,
                partner=names[key],
            )
            yield Note(text, "expenditure.index", {"organisation": key})
