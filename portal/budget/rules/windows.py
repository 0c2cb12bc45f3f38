"""The days of an item of expenditure: within the project's, in their order, and not still to come."""

from collections.abc import Iterator
from datetime import date, timedelta

from portal.budget.rules.facts import ItemFacts, RegisterFacts
from portal.core.errors import Problem

# What has no invoice: of it the payment alone is compared with the project's days.
WITHOUT_INVOICE = "staff"


def check_days(item: ItemFacts, register: RegisterFacts) -> Iterator[Problem]:
    """What is wrong with the item's days; of several days outside the project's the first one named here.

    Source: rules of the domain 2.
    """
    outside = _outside(item, register)
    if outside:
        column, case, day, limit = outside
        values = {"case": case, "day": day, "limit": limit, "assumed": register.is_assumed}
        yield Problem("outside-window", column, values)
    if item.invoice_date and item.payment_date and item.payment_date < item.invoice_date:
        values = {"payment": item.payment_date, "invoice": item.invoice_date}
        yield Problem("paid-before-invoice", "payment_date", values)
    if item.payment_date is None:
        yield Problem("unpaid", "payment_date")
    if item.invoice_date and item.invoice_date > register.today:
        yield Problem("future-date", "invoice_date", {"day": item.invoice_date, "today": register.today})
    elif item.payment_date and item.payment_date > register.today:
        yield Problem("future-date", "payment_date", {"day": item.payment_date, "today": register.today})


def _outside(item: ItemFacts, register: RegisterFacts) -> tuple[str, str, date, date] | None:
    """The column, the case, the day and the limit that it breaks; None if all days are within.

    A payment may come so many days after the project's last one as the programme grants.
    """
    invoice = None if item.category == WITHOUT_INVOICE else item.invoice_date
    payment = item.payment_date
    if invoice and invoice < register.first_day:
        return "invoice_date", "invoice_early", invoice, register.first_day
    if payment and payment < register.first_day:
        return "payment_date", "payment_early", payment, register.first_day
    if invoice and invoice > register.last_day:
        return "invoice_date", "invoice_late", invoice, register.last_day
    if payment and payment > register.last_day:
        paid_by = register.last_day + timedelta(days=register.grace_days)
        return ("payment_date", "payment_late", payment, paid_by) if payment > paid_by else None
    return None
