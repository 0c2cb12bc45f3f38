"""The sentences of what core refuses: amounts, percentages, rates and instants."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

SENTENCES: dict[str, LazyString] = {
    "form-sent": _l(
        "This form has been sent before, and what it made is stored. Send it once more if you want a second one."
    ),
    "day-unreadable": _l("“%(value)s” is not a day. Write it like 2026-06-30."),
    "unknown-value-of-none": _l("“%(value)s” is not known here: there is nothing to choose yet. Leave this empty."),
    "per-page": _l("A page cannot have “%(value)s” rows. Ask for a whole number from 1 to %(most)s."),
    "number-unreadable": _l("“%(value)s” is not a number. Write digits only."),
    "amount-missing": _l("There is no amount here. Write one, such as 1234.56."),
    "amount-unreadable": _l("“%(value)s” cannot be read as an amount. Write it like 1234.56 or 1 234,56."),
    "amount-ambiguous": _l(
        "“%(value)s” may mean thousands or decimals. Write the thousands without a sign and the cents with two digits,"
        " such as 1234.00 or 1.23."
    ),
    "amount-decimals": _l("“%(value)s” has more than two decimals. Round it to whole cents."),
    "amount-too-large": _l("“%(value)s” is larger than any amount the portal keeps. Check the number of its digits."),
    "percent-unreadable": _l(
        "“%(value)s” cannot be read as a percentage. Write a number with at most two decimals, such as 80 or 66.67."
    ),
    "percent-out-of-range": _l("“%(value)s” is not between 0 and 100. Write a percentage from 0 to 100."),
    "rate-out-of-range": _l(
        "The rate of %(rate)s hundredths of a percent is not between 0 and 10000. Use a rate from 0 to 100 percent."
    ),
    "budget-not-fully-declared": _l(
        "The declared parts (%(declared)s cents) do not add up to the budget (%(budget)s cents)."
        " The rounding residue is known once they do."
    ),
}
