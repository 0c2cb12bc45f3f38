"""A year of costs as Olsztyn's officer keeps them in a spreadsheet, and the invoices that belong to them.

A hundred items, K-001 to K-100, in PLN: the first is dated before the project, the last has the invoice of the one
before it, and two rows cannot be read. All amounts are checkable by hand: item n declares PLN 100 and n times 1.00.
"""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

from tests.files import pdf

COLUMNS = (
    "internal_reference",
    "category",
    "activity",
    "supplier",
    "supplier_tax_number",
    "invoice_number",
    "invoice_date",
    "payment_date",
    "description",
    "invoice_total",
    "declared_amount",
    "currency",
)
ITEMS = 100
AMBIGUOUS, NO_SUCH_DAY, BEFORE_THE_PROJECT, DUPLICATE = 12, 57, 1, 100
# What the officer types instead, once told.
MENDED = {AMBIGUOUS: "112,00", NO_SUCH_DAY: "2026-02-28"}
# The references under which no invoice was scanned.
UNPROVEN = (7, 8, 9)
# Euro cents at 4.2563: each item converted on its own, half-up to the cent.
RATE = "4.2563"


def reference(number: int) -> str:
    """K-007 of 7."""
    return f"K-{number:03}"


def cost(number: int) -> dict[str, str]:
    """The row of an item as it should have been."""
    month, day = 1 + (number - 1) // 10, 1 + (number - 1) % 10
    date = "2025-12-15" if number == BEFORE_THE_PROJECT else f"2026-{month:02}-{day:02}"
    invoice = number - 1 if number == DUPLICATE else number
    return {
        "internal_reference": reference(number),
        "category": "external" if number % 2 else "travel",
        "activity": "1.1",
        "supplier": "Catering Olsztyn",
        "supplier_tax_number": "7390000000",
        "invoice_number": f"FV {invoice:03}/2026",
        "invoice_date": date,
        "payment_date": date,
        "description": f"Catering of workshop {number}",
        "invoice_total": f"{100 + number},00",
        "declared_amount": f"{100 + number},00",
        "currency": "PLN",
    }


def year() -> list[dict[str, str]]:
    """The hundred rows as the spreadsheet has them, with the two that cannot be read."""
    rows = [cost(number) for number in range(1, ITEMS + 1)]
    rows[AMBIGUOUS - 1]["declared_amount"] = "1,234"
    rows[NO_SUCH_DAY - 1]["invoice_date"] = "2026-02-30"
    return rows


def pasted(rows: Iterable[Mapping[str, str]], columns: Sequence[str] = COLUMNS) -> str:
    """The rows as a spreadsheet puts them on the clipboard, the names of the columns first."""
    lines = [columns, *([row[name] for name in columns] for row in rows)]
    return "\n".join("\t".join(cells) for cells in lines)


def scans() -> bytes:
    """A ZIP of a hundred invoices: each called by its item's reference, but three as the scanner called them."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for number in range(1, ITEMS + 1):
            name = f"scan{number}" if number in UNPROVEN else reference(number)
            archive.writestr(f"invoices/{name}.pdf", pdf(f"Invoice of {reference(number)}"))
    return content.getvalue()
