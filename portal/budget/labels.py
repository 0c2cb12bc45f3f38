"""The words for states of items, kinds of their evidence, and what the audit says of expenditure."""

from flask_babel import lazy_gettext as _l

COST_CATEGORIES = {
    "staff": _l("Staff costs"),
    "office": _l("Office and administration"),
    "travel": _l("Travel and accommodation"),
    "external": _l("External expertise and services"),
    "equipment": _l("Equipment"),
    "infrastructure": _l("Infrastructure and works"),
    "other": _l("Other costs"),
}

ITEM_STATES = {
    "open": _l("Not yet reported"),
    "in_report": _l("In a report"),
    "submitted": _l("Submitted"),
    "certified": _l("Certified"),
    "parked": _l("Parked"),
}

ITEM_EVIDENCE_KINDS = {
    "invoice": _l("Invoice"),
    "payment": _l("Proof of payment"),
    "contract": _l("Contract"),
    "delivery": _l("Proof of delivery"),
    "timesheet": _l("Timesheet"),
    "other": _l("Other evidence"),
}

RATE_SOURCES = {
    "file": _l("From a file"),
    "hand": _l("Entered by hand"),
    "fetched": _l("Fetched"),
}

# Why a file that was brought with many others is not attached, and what to do.
EVIDENCE_OUTCOMES = {
    "reference-unknown": _l(
        "No item of this organisation has a reference that the name begins with. Begin the name with the reference "
        "and bring the file again, or enter the item first."
    ),
    "reference-ambiguous": _l(
        "Several items have references that differ only in capitals or separators. Attach the file on the page of "
        "its item."
    ),
    "certified": _l("The item is certified, so its evidence changes no more."),
    "skipped": _l("A hidden file that a program has added. Nothing needs to be done."),
    "upload-name": _l("The name holds hidden characters. Give the file a plain name and bring it again."),
    "upload-empty": _l("The file is empty. Check it and bring it again."),
    "upload-too-large": _l("The file is too large. Make it smaller and bring it again."),
    "upload-type": _l("Files of this type are not accepted. Save it as a PDF and bring it again."),
    "upload-ending": _l(
        "The name ends like another type of file than the content is. Give it the right ending and bring it again."
    ),
    "upload-not-what-it-says": _l(
        "The content is not what the name says, and of a type that is not accepted. Save it as a PDF and bring it "
        "again."
    ),
    "upload-macros": _l("The file holds macros. Save it without them and bring it again."),
    "upload-broken": _l("The file is damaged or cut short. Open it, save it anew and bring it again."),
    "upload-unpacks-too-large": _l("The file is too large once unpacked. Make it smaller and bring it again."),
    "upload-pixels": _l("The picture has too many pixels. Save it in a smaller size and bring it again."),
}

CONTRIBUTION_SOURCES = {
    "own": _l("Own money"),
    "national": _l("National co-financing"),
    "private": _l("Private money"),
}

# The reasons of versions of the budget that nobody wrote one for.
BUDGET_REASONS = {
    "as-entered": _l("As entered while the project was prepared"),
    "imported-file": _l("Imported file"),
    "import-undone": _l("Import undone"),
    "organisations-merged": _l("Two records of one organisation merged"),
}

SPREADS = {
    "total": _l("By cost category"),
    "work_package": _l("By work package"),
    "period": _l("By period"),
    "both": _l("By work package and period"),
}

ACTIONS = {
    "item_added": _l("Item of expenditure entered"),
    "item_changed": _l("Item of expenditure changed"),
    "item_removed": _l("Item of expenditure deleted"),
    "item_evidence_added": _l("Evidence of an item added"),
    "item_evidence_removed": _l("Evidence of an item removed"),
    "item_imported": _l("Item of expenditure imported"),
    "item_import_undone": _l("Import of the item undone"),
    "contract_added": _l("Contract entered"),
    "contract_changed": _l("Contract changed"),
    "contract_removed": _l("Contract deleted"),
    "contract_file_added": _l("File of a contract added"),
    "contract_file_removed": _l("File of a contract removed"),
    "budget_changed": _l("Budget changed"),
    "expenditure_moved": _l("Expenditure moved to another organisation"),
    "rate_added": _l("Exchange rate entered"),
    "rate_changed": _l("Exchange rate changed"),
    "rate_removed": _l("Exchange rate deleted"),
    "rates_imported": _l("Exchange rates imported"),
    "rates_import_undone": _l("Import of exchange rates undone"),
    "rates_fetched": _l("Exchange rates fetched"),
}

# What the audit says of expenditure.
KINDS = {
    "item": _l("Item of expenditure"),
    "contract": _l("Contract"),
    "rate": _l("Exchange rate"),
    "budget": _l("Budget"),
}

FIELDS = {
    "internal_reference": _l("Internal reference"),
    "category": _l("Cost category"),
    "work_package": _l("Work package"),
    "contract": _l("Contract"),
    "supplier": _l("Supplier"),
    "supplier_tax_number": _l("Tax number"),
    "invoice_number": _l("Invoice number"),
    "invoice_date": _l("Invoice date"),
    "payment_date": _l("Payment date"),
    "description": _l("Description"),
    "invoice_total": _l("Total of the invoice"),
    "vat": _l("VAT"),
    "declared_amount": _l("Declared amount"),
    "currency": _l("Currency"),
    "corrects": _l("Corrects"),
    "month": _l("Month"),
    "rate": _l("Rate"),
    "items": _l("Items of expenditure"),
    "contracts": _l("Contracts"),
    "salary_details": _l("Salary details"),
    "signed_on": _l("Signed on"),
    "amount": _l("Amount"),
    "vat_number": _l("VAT number"),
    "beneficial_owners": _l("Beneficial owners"),
    "note": _l("Note"),
}

VALUES = {
    "reason": BUDGET_REASONS,
    "category": COST_CATEGORIES,
    "state": ITEM_STATES,
}

IMPORT_KINDS = {
    "budget": _l("Budget"),
    "expenditure": _l("Expenditure"),
    "rates": _l("Exchange rates"),
}
