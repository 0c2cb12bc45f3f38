"""The sentences of findings: what is wrong with an item of expenditure, and what to do."""

from flask_babel import lazy_gettext as _l

from portal.core.sentences import Cases

SENTENCES = {
    "not-associated": _l(
        "The organisation takes part without a budget, so it declares no costs. Let the partner that paid enter it."
    ),
    "outside-window": Cases(
        invoice_early=_l(
            "The invoice is dated %(day)s, before the project's first day, %(limit)s. Correct the date, or delete the "
            "item."
        ),
        payment_early=_l(
            "It was paid on %(day)s, before the project's first day, %(limit)s. Correct the date, or delete the item."
        ),
        invoice_late=_l(
            "The invoice is dated %(day)s, after the project's last day, %(limit)s. Correct the date, or delete the "
            "item."
        ),
        payment_late=_l(
            "It was paid on %(day)s, but costs had to be paid by %(limit)s. Correct the date, or delete the item."
        ),
    ),
    "future-date": _l("The date %(day)s is after today, %(today)s. Correct it, or enter the item when it has come."),
    "declared-above-invoice": _l(
        "%(declared)s are declared of an invoice of %(total)s. Declare at most the invoice's total, or correct the "
        "total."
    ),
    "duplicate-invoice": Cases(
        own=_l(
            "The same invoice of the same supplier is declared in %(references)s too. Delete the one that is not "
            "needed. Parts of one invoice differ in category, work package or activity, state the invoice's total, "
            "and stay within it."
        ),
        exceeded=_l(
            "The parts of this invoice come to %(sum)s, more than its total of %(total)s. Declare less in this one or "
            "in %(references)s, or correct the total."
        ),
        totals=_l(
            "The parts of this invoice state different totals of it: %(totals)s. State the same one here and in "
            "%(references)s."
        ),
        across=_l(
            "Another partner has declared an invoice with this number of the same supplier. Check that the cost is "
            "declared only once."
        ),
    ),
    "flat-rate-category": _l(
        "The partner claims the category “%(category)s” as a flat rate, which is computed by itself. Choose another "
        "category, or delete the item."
    ),
    "currency": _l("Costs are declared in %(allowed)s, not in %(currency)s. Enter the amount that was booked."),
    "over-partner": _l(
        "Up to this item %(sum)s are declared, flat rates included; the partner's budget is %(budget)s. Declare less, "
        "or have the budget changed."
    ),
    "missing-rate": Cases(
        none=_l(
            "No exchange rate of %(currency)s is known, so the item counts in no sum in euro. Import the rates of the "
            "month; until then its report cannot be submitted."
        ),
        month=_l(
            "The exchange rate of %(currency)s for %(month)s is not known yet; amounts in euro are shown at that of "
            "%(latest)s. Import it before the report is submitted."
        ),
    ),
    "unpaid": _l(
        "There is no payment date. Enter it once the cost is paid; until then its report cannot be submitted."
    ),
    "no-evidence": Cases(
        invoice=_l("No file proves the cost. Add the invoice; until then its report cannot be submitted."),
        staff=_l(
            "No file proves the cost. Add the payroll list or the timesheet; until then its report cannot be submitted."
        ),
    ),
    "paid-before-invoice": _l("It was paid on %(payment)s, before its invoice of %(invoice)s. Check both dates."),
    "category-not-budgeted": _l(
        "The partner's budget has nothing in the category “%(category)s”. Check the category, or have the budget "
        "changed."
    ),
    "over-category": _l(
        "Up to this item %(sum)s are declared in the category “%(category)s”. Its budget is %(budget)s, and at most "
        "%(limit)s may be declared. Check the category, or have the budget changed."
    ),
    "contract-overrun": _l(
        "The items of contract %(contract)s come to %(sum)s; it was agreed at %(amount)s. Check which items belong to "
        "it, or record the amendment."
    ),
}
