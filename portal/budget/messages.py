"""The sentences of what is wrong with budgets, expenditure, contracts and rates."""

from flask_babel import lazy_gettext as _l

from portal.budget.finding_messages import SENTENCES as FINDINGS

SENTENCES = {
    **FINDINGS,
    # Items of expenditure.
    "item-unknown": _l("There is no such item of expenditure in this project. It may have been deleted."),
    "item-stale": _l("Someone else has changed this item since you opened it. Compare, then save again."),
    "item-fixed": _l(
        "The item %(reference)s has been submitted to the controller, so it changes no more. Once it is certified, "
        "enter a correction of it instead."
    ),
    "item-corrected": _l("The item %(references)s corrects this one. Delete that one first."),
    "item-salary-hidden": _l(
        "Salary details of this organisation are open to its finance officers and its controller only. Ask one of "
        "its finance officers to do this."
    ),
    "item-in-use": _l("Something names this item by now. Go back and look at it once more."),
    "item-files-added": _l(
        "Files have been attached to this item since you opened this page. Look at them below, then delete the item if "
        "it shall go all the same."
    ),
    "item-names-gone": _l("Something that this item names has just been removed. Choose anew, then save."),
    "item-reference-missing": _l("Write a reference: the number that the item has in your own accounts."),
    "item-reference-taken": _l("Another item of this organisation has the reference “%(value)s”. Choose another one."),
    "item-description-missing": _l("Say what was paid for."),
    "item-amount-too-large": _l("No item may be larger than %(most)s. Check the number of the digits."),
    "item-work-package-unknown": _l("There is no such work package in this project. Choose one that it has."),
    "item-activity-unknown": _l("There is no such activity in this project. Choose one that it has."),
    "item-event-unknown": _l("There is no such event in this project. Choose one that it has."),
    "item-contract-unknown": _l("This organisation has no such contract. Choose one of its own, or enter it first."),
    "item-corrects": _l(
        "Only a certified item of the same organisation can be corrected. Write the reference of one, or leave this "
        "empty."
    ),
    "item-correction-early": _l(
        "The item %(reference)s is not certified, so there is nothing to correct yet. Edit the item itself, or "
        "enter the correction once it is certified."
    ),
    "item-event-of-another-activity": _l(
        "The event belongs to another activity than the one named here. Correct one of the two."
    ),
    "item-activity-of-another-package": _l(
        "The activity belongs to another work package than the one named here. Leave the work package empty, or "
        "correct one of the two."
    ),
    "items-refused": _l("Nothing has been changed, because these items cannot take it: %(references)s."),
    "items-stale": _l(
        "Someone else has changed these items since you opened the list: %(references)s. Look at them, then try again."
    ),
    "items-fixed": _l(
        "These items have been submitted to the controller, so they change no more: %(references)s. Leave them out."
    ),
    # Evidence of items.
    "item-evidence-unknown": _l("This file is not attached to this item. It may have been removed."),
    "evidence-batch-unknown": _l("There is no such list of files in this project."),
    "evidence-of-certified": _l("The item is certified, so its evidence changes no more."),
    "evidence-submitted": _l(
        "The item has been submitted to the controller, so its evidence stays. More can be attached until it is "
        "certified."
    ),
    # Contracts.
    "contract-unknown": _l("There is no such contract in this project. It may have been deleted."),
    "contract-file-unknown": _l("This file does not belong to this contract. It may have been removed."),
    "contract-stale": _l("Someone else has changed this contract since you opened it. Compare, then save again."),
    "contract-reference-missing": _l("Write a reference: the number that the contract has with you."),
    "contract-reference-taken": _l(
        "Another contract of this organisation has the reference “%(value)s”. Choose another one."
    ),
    "contract-name-missing": _l("Say what the contract is about."),
    "contract-amount": _l("Enter an amount from 0 to %(most)s."),
    "contract-currency": _l("The amount is in one of these currencies: %(allowed)s. Choose one of them."),
    "contract-vat-number": _l(
        "“%(value)s” is no VAT number. Write the country's two letters and the number, such as LT100001234, or leave "
        "it empty."
    ),
    "contract-in-use": _l(
        "Items of expenditure name this contract: %(number)s. Take the contract off them first, then delete it."
    ),
    # Files of expenditure.
    "item-organisation-unknown": _l(
        "Say whose expenditure the file holds: one of the project's organisations whose items you may enter."
    ),
    "item-corrects-unknown": _l(
        "This organisation has no stored item with this reference. Write the reference of the certified item that this "
        "one corrects, or leave the cell empty."
    ),
    "item-corrects-itself": _l("No item corrects itself. Write the reference of another one, or leave the cell empty."),
    "item-not-of-staff": _l(
        "Staff have no supplier, no invoice and no contract, so this cell is not kept. Empty it, or check the category."
    ),
    "item-amount-currency": _l(
        "The amount says %(named)s, but the row is in %(currency)s. Correct one of the two where they differ."
    ),
    "item-import-depended-on": _l(
        "The import cannot be undone as it stands: of its items %(submitted)s have been submitted, and new ones have "
        "%(files)s evidence files and %(corrections)s corrections by now. Remove those files and corrections first; "
        "what is submitted stays."
    ),
    "item-import-undo-gone": _l(
        "An item of this import named something before that is no longer there, so the import cannot be undone. "
        "Correct the items themselves, or upload a corrected file."
    ),
    "rate-not-positive": _l("An exchange rate is above zero. Write it like 4.2563."),
    "rate-too-small": _l("An exchange rate is at least %(least)s: units of the currency for one euro. Check it."),
    "rate-unreadable": _l("This is not an exchange rate. Write it like 4.2563, with at most six decimals."),
    "contribution-without-amount": _l(
        "It is said who gives this money, but not how much. Fill in the amount, or leave both empty."
    ),
    "budget-associated": _l(
        "“%(organisation)s” takes part as an associated partner, without a budget. Choose another organisation."
    ),
    "budget-below-zero": _l("A budget is not below zero. Enter zero or more, or leave it empty."),
    "budget-too-large": _l("This is larger than any amount the portal keeps. Check the number of its digits."),
    "budget-flat": _l(
        "This category takes no amounts of its own: it is, or only ever is, a flat rate. Leave it empty, or change the"
        " flat rates of the organisation first."
    ),
    "budget-work-package": _l("The project has no work package %(number)s. Add it to the plan first, or use another."),
    "budget-period": _l("The project has no period %(number)s. Add it to the plan first, or use another."),
    "budget-other": _l(
        "Only a partner that claims all other costs as a flat rate has amounts in “other”, and “%(organisation)s” does"
        " not. Use another category."
    ),
    "budget-flat-differs": _l(
        "This category is a flat rate: computed from the other lines it is %(computed)s %(currency)s, and the file says"
        " %(stated)s. Write the computed amount, or leave these rows out."
    ),
    "budget-difference": _l(
        "With this file the lines of “%(organisation)s” come to %(sum)s %(currency)s; the approved budget is"
        " %(approved)s. The difference is %(difference)s: check which of the two is right."
    ),
    "organisation-with-items": _l(
        "This organisation has %(number)s items of expenditure. Delete them first, or merge it with another record."
    ),
    "organisation-with-contracts": _l(
        "This organisation has %(number)s contracts. Delete them first, or merge it with another record."
    ),
    "organisation-with-budget-lines": _l(
        "This organisation has budget lines or contributions. Empty them first, or merge it with another record."
    ),
    "associated-with-budget-lines": _l(
        "This organisation has budget lines or contributions, and an associated partner has none. Empty them first."
    ),
    "organisation-with-batches": _l(
        "Files have been added together for this organisation, and what became of each is kept. Merge it with another"
        " record instead."
    ),
    "work-package-with-items": _l(
        "This work package has %(number)s items of expenditure. Give those another work package first."
    ),
    "work-package-with-budget-lines": _l("The budget has %(number)s lines for this work package. Empty them first."),
    "activity-with-items": _l("This activity has %(number)s items of expenditure. Give those another activity first."),
    "period-with-budget-lines": _l("The budget has %(number)s lines for this period. Empty them first."),
    "merge-money-associated": _l(
        "The record that would go has a budget or expenditure, and the one that would stay is an associated partner."
        " Keep the other one."
    ),
    "merge-reported": _l(
        "%(number)s items of the record that would go are in a report. Keep that record, and merge the other one into"
        " it."
    ),
    "merge-items-clash": _l(
        "Both records have items of expenditure with the same reference: %(number)s. Change the references of one of"
        " them first."
    ),
    "merge-contracts-clash": _l(
        "Both records have contracts with the same reference: %(number)s. Change the references of one of them first."
    ),
    "merge-two-line-budgets": _l("Both records have budget lines. Empty those of one of them first."),
    "merge-two-contributions": _l("Both records have contributions. Empty those of one of them first."),
    "budget-spread": _l("Budget lines are not laid out by “%(value)s”. Use one of: %(allowed)s."),
    "budget-stale": _l(
        "Someone has changed the budget since this page was opened. Compare what is stored now, then save yours again."
    ),
    "budget-version-unknown": _l("The budget has no version %(number)s. Choose one from the list of versions."),
    # Exchange rates.
    "rate-unknown": _l("There is no such exchange rate."),
    "rate-stale": _l("Someone has changed this exchange rate meanwhile. Look at it as it is now."),
    "rate-there": _l("%(month)s has its rate of %(currency)s already. Change that one."),
    "rate-of-euro": _l("The euro needs no rate. Choose another currency, or leave this out."),
    "rate-currency-unknown": _l("The portal knows no currency “%(value)s”. Write its three letters, such as PLN."),
    "month-unreadable": _l("“%(value)s” is not a month. Write it like 2026-07."),
    "rates-not-json": _l("The file is no JSON. Download it again from InforEuro and choose it as it is."),
    "rates-other-form": _l(
        "The file holds no list of rates in one of InforEuro's two forms. Download it again from InforEuro, or use the "
        "template."
    ),
    "rates-month-missing": _l("The file does not say of which month its rates are. Say the month beside the file."),
    "rates-too-large": _l("The list of rates is larger than %(limit)s MB. Fetch the rates of one month only."),
    "rates-not-of-euro": _l("The rate is against “%(value)s”. Rates must be units of a currency for one EUR."),
    "rates-no-currency": _l("“%(value)s” is no currency. It is written in three letters, such as PLN."),
    "rates-no-day": _l("“%(value)s” is not a day. In this file days are written like 31/07/2026."),
    "rates-not-whole-months": _l(
        "The rate holds from %(first)s to %(last)s, which are not whole months. Give rates of whole months."
    ),
    "rates-disagree": _l(
        "%(currency)s has another rate for %(month)s in entry %(first)s. Each month has one rate: correct the file."
    ),
    "rates-left-out": _l(
        "Rates of %(number)s currencies that the portal does not know are left out: %(some)s. Nothing needs doing."
    ),
    "rates-too-old": _l("Entries of times before %(first)s are left out: %(number)s. Nothing needs doing."),
    "rates-fetch-off": _l("The portal is not set up to fetch rates. Import a file of them."),
    "rates-fetch-under-way": _l("Rates are being fetched at this moment. Look at this page again in a minute."),
    "rates-fetch-late": _l("The address of the rates did not answer in time. Try again, or import a file."),
    "rates-fetch-refused": _l("The address of the rates refused the request. Try again later, or import a file."),
    "rates-fetch-elsewhere": _l(
        "The address of the rates pointed to another place, which is not followed. Import a file, or ask your "
        "administrator to correct the address."
    ),
    "rates-fetch-unreachable": _l("The address of the rates could not be reached. Try again later, or import a file."),
    "rates-fetch-none": _l("The answer holds no rate of that month. Try again later, or import a file."),
    # The register.
    "filter-days-reversed": _l("The last day, %(last)s, lies before the first, %(first)s. Change one of them."),
    "filter-event-unknown": _l("The project has no event with the reference “%(value)s”."),
    "items-none-chosen": _l("No item is chosen. Go back to the list and tick the items that shall be changed."),
    "items-too-many": _l("No more than %(most)s items can be changed at once. Tick fewer."),
}
