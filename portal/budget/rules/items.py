"""Items of expenditure: their states and kinds of evidence, how invoices are recognised, in which order they stand."""

import hashlib
import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Final

ITEM_STATES: Final = ("open", "in_report", "submitted", "certified", "parked")
# What its organisation may still change: nothing that has been submitted to the controller.
EDITABLE_STATES: Final = frozenset({"open", "in_report"})
# What counts as reported: it has been submitted in a partner report.
REPORTED_STATES: Final = frozenset({"submitted", "certified"})

ITEM_EVIDENCE_KINDS: Final = ("invoice", "payment", "contract", "delivery", "timesheet", "other")

# Ten billion of any currency: far above any invoice, and small enough to be converted in 64 bits inside the database.
LARGEST_ITEM: Final = 10**12

# Where an item without any date stands: behind all others.
UNDATED: Final = date.max

# As much of a key as is kept as it is. A longer one, as compatible letters spelled out make it, ends in a hash instead.
LONGEST_KEY: Final = 300
_KEPT: Final = 200

_RUNS = re.compile(r"[0-9]+|[^\W\d_]+")


def order_key(reference: str, invoice_date: date | None, payment_date: date | None) -> str:
    """Where the item stands among those of its organisation: by invoice or else payment date, then by reference.

    Texts that compare, character by character, as the items follow each other; 11 characters longer than the reference,
    which is taken as it is.
    Source: rules of the domain 2, over-category.
    """
    day = invoice_date or payment_date or UNDATED
    return f"{day.isoformat()} {reference}"


def invoice_key(number: str) -> str:
    """What of an invoice number tells it from others of the supplier; '' if there is no letter and no digit in it.

    Groups of letters and digits, case and separators ignored, leading zeros of each group of digits dropped:
    `FV 001/2026` is `fv-1-2026`. Source: rules of the domain 2, duplicate-invoice.
    """
    plain = unicodedata.normalize("NFKC", number).casefold()
    return _short("-".join(run.lstrip("0") or "0" if run.isdecimal() else run for run in _RUNS.findall(plain)))


def tax_key(number: str) -> str:
    """What tells a supplier's tax number from others: its letters and digits; '' if it has none.

    Source: rules of the domain 2, duplicate-invoice.
    """
    return _short(_letters_and_digits(number))


def name_key(name: str) -> str:
    """What tells a supplier's name from others: its letters and digits; '' if it has none.

    Source: rules of the domain 2, duplicate-invoice.
    """
    return _short(_letters_and_digits(name))


def _short(key: str) -> str:
    """The key as it is stored: the same for the same key, and another one for another."""
    if len(key) <= LONGEST_KEY:
        return key
    # No letter and no digit, so no key that is short enough looks like that.
    return f"{key[:_KEPT]}#{hashlib.sha256(key.encode()).hexdigest()}"


# Suppliers come again and again.
@lru_cache(maxsize=2048)
def _letters_and_digits(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in plain if character.isalnum())
