"""The sentences of what a project file may not say; the pages and the command name the place beside them."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

OF_FILES: dict[str, LazyString] = {
    "project-unknown": _l("There is no project %(code)s."),
    # The shape of the file.
    "assistance-not-yet": _l(
        "Projects of the type “assistance” cannot be loaded yet. Load files of the type “cooperation” until then."
    ),
    "unknown-key": _l("There is no key “%(key)s” here. Remove it or use one of: %(allowed)s."),
    "missing-key": _l("The key “%(key)s” is missing. Add it."),
    "not-a-table": _l("This must be a table of keys. Write it as a section or in braces."),
    "not-a-list": _l("This must be a list. Write it in square brackets, or as sections in double square brackets."),
    "empty-list": _l("This list is empty. Name at least one value, or leave the key out."),
    "list-too-long": _l("This list is too long. Name at most %(limit)s."),
    "duplicate-key": _l("“%(key)s” is used twice. Give each row a key or number of its own."),
    "duplicate-value": _l("“%(value)s” is named twice in this list. Name it once."),
    # Single values.
    "not-text": _l("This must be text. Write it in quotation marks."),
    "empty-text": _l("This text is empty. Write it, or leave the key out."),
    "text-too-long": _l("This text is too long. Shorten it to at most %(limit)s characters."),
    "text-unprintable": _l("This text holds a control character. Type the text again without it."),
    "unknown-value": _l("“%(value)s” is not known here. Use one of: %(allowed)s."),
    "unknown-country": _l("There is no country “%(value)s”. Use its two capital letters, such as LT or PL."),
    "unknown-currency": _l("The currency “%(value)s” is not known. Use one of: %(allowed)s."),
    "unknown-time-zone": _l("There is no time zone “%(value)s”. Use a name such as Europe/Vilnius."),
    "key-malformed": _l(
        "“%(value)s” cannot be a key. Use up to 40 small letters a-z, digits, hyphens and underscores,"
        " beginning with a letter or digit."
    ),
    "project-code-malformed": _l(
        "“%(value)s” cannot be a project code. Use 2 to 40 capital letters A-Z, digits and hyphens,"
        " beginning with a letter or digit."
    ),
    "website-malformed": _l("“%(value)s” is not a web address. Write it like www.example.org."),
    "not-whole-number": _l("This must be a whole number. Write it without quotation marks and without decimals."),
    "number-out-of-range": _l("This number is out of range. Use one from %(least)s to %(most)s."),
    "not-true-or-false": _l("This must be true or false. Write one of the two, without quotation marks."),
    "not-a-date": _l("This must be a date. Write it like 2026-01-31, without quotation marks and without a time."),
    "date-out-of-range": _l("This date is out of range. Use one in the years %(first)s to %(last)s."),
    "amount-not-quoted": _l(
        'An amount must stand in quotation marks, so that no cent is lost. Write it like "1234.56".'
    ),
    "amount-negative": _l("The amount “%(value)s” is below zero. Use zero or more."),
    "percent-not-quoted": _l('A percentage must stand in quotation marks here. Write it like "80".'),
    # What keys and rows must agree on.
    "last-day-before-start": _l("The last day, %(last_day)s, is before the start, %(start)s. Correct one of the two."),
    "two-leads": _l("“%(lead)s” is already the lead. Give one of the two another role."),
    "associated-with-budget": _l("An associated organisation has no budget. Leave its budget out, or change its role."),
    "flat-rates-exclude": _l("The flat rates “%(rate)s” and “%(other)s” exclude each other. Leave one of them out."),
    "activity-number": _l(
        "“%(value)s” cannot be the number of an activity of work package %(work_package)s."
        ' Use a number such as "%(work_package)s.1".'
    ),
    "time-zone-missing": _l(
        "The time zone is missing and cannot be taken from the lead's country. Add time_zone, such as Europe/Vilnius."
    ),
    "total-differs": _l(
        "The stated total, %(value)s, is not the sum of the rows, %(sum)s. Correct the total or the rows."
    ),
    "periods-overlap": _l("Period %(period)s shares days with period %(other)s. Correct the days of one of them."),
    # Measures.
    "scale-or-item": _l(
        "The result of a survey is that of a scale or of a question. Choose exactly one of “Scale” and “Question” (in a"
        " project file “scale” and “item”)."
    ),
    "target-decimals": _l(
        "What is expected of a survey's result is a number from 0 with at most two decimals. Write it like 3.5."
    ),
    "unknown-indicator": _l("There is no indicator “%(key)s” in this project. Name one by its key."),
    "sum-of-survey": _l("The indicator “%(key)s” comes from a survey and cannot be summed. Leave it out of the sum."),
    "sum-cycle": _l("These sums count themselves: %(cycle)s. Remove one of them from the sum of another."),
    "unknown-work-package": _l("There is no work package %(number)s in this project. Use the number of one it has."),
}
"""What a project file is refused with."""

OF_PAGES: dict[str, LazyString] = {
    # Organisations.
    "organisation-unknown": _l("There is no organisation “%(key)s” in this project."),
    "contact-unknown": _l("There is no such contact at this organisation."),
    "phone-malformed": _l("Write the phone number with its digits, in at most %(limit)s characters."),
    "merge-lead": _l("The record that would go is the lead partner. Keep that one, and merge the other one into it."),
    "merge-two-budgets": _l(
        "Both records have a budget, and budgets are agreed. Decide which one holds, set the other to 0 among the "
        "organisations of the project, then merge."
    ),
    "merge-associated": _l(
        "The record that would go has a budget, and the one that would stay is an associated partner, which has none. "
        "Keep the record with the budget, and merge the other one into it."
    ),
    # Progress of the plan.
    "activity-unknown": _l("There is no activity %(number)s in this project."),
    "deliverable-unknown": _l("There is no deliverable %(number)s in this project."),
    "project-closed": _l(
        "The project is closed: its plan, events and figures change no more. Questions can still be asked."
    ),
    "project-stale": _l("Someone else has changed the plan since you opened it. Compare, then save again."),
    "day-to-come": _l("%(value)s is still to come. Choose %(today)s or an earlier day."),
    "actual-days-order": _l("The last day is before the first, %(first)s. Correct one of the two."),
    "progress-begun": _l("An activity with actual days has begun. Choose another status, or empty the days."),
    "progress-first-day": _l("Say on which day the activity began."),
    "progress-last-day": _l("Say on which day the activity ended."),
    "progress-ended": _l("An activity that runs has no last day yet. Choose “Done”, or empty the last day."),
    # Changing a project on its pages.
    "row-gone": _l("This is not part of the project any more. Go back to the project's structure."),
    "reason-missing": _l("This changes what is agreed, and the project is running. Say why."),
    "valid-from-missing": _l("Say from which day on this is agreed."),
    "project-move": _l("The project's status does not allow this. Go back to see its present state."),
    "project-code-taken": _l("There is a project %(code)s already. Choose another code."),
    "deliverable-number": _l("“%(value)s” cannot be the number of a deliverable. Use a number such as D2.4.1."),
    "organisation-responsible": _l(
        "This organisation answers for the activities %(numbers)s. Name another one there first."
    ),
    "organisation-with-members": _l("People hold roles for this organisation. Remove their roles first."),
    "organisation-with-events": _l("This organisation organises events. Take it off those events first."),
    "activity-with-deliverables": _l("This activity has the deliverables %(numbers)s. Remove them first."),
    "activity-with-events": _l("This activity has events. Give those another activity first."),
    "indicator-summed": _l("This indicator is part of the sums %(keys)s. Take it out of them first."),
    "indicator-with-figures": _l(
        "Figures were entered by hand for this indicator: %(number)s. They would be lost. Remove them first, on the "
        "page of its figures."
    ),
    "indicator-with-exclusions": _l(
        "Events are excluded from this indicator, with reasons. Let them count again first, on the indicator's page "
        "among the outcomes."
    ),
    "work-package-with-activities": _l("This work package has the activities %(numbers)s. Remove them first."),
    "work-package-measured": _l("The indicators %(keys)s count only this work package. Change their measure first."),
    # Figures entered by hand.
    "figure-unknown": _l("There is no such figure. It may have been removed since."),
    "figure-stale": _l("Someone else has changed this figure since you opened it. Compare, then send it again."),
    "figure-not-manual": _l(
        "This indicator is counted from the portal's records, so no figure is entered by hand. Record the events "
        "instead, or change its measure to “Entered by hand” in the project's structure first."
    ),
    "figure-day": _l(
        "%(value)s is outside the project's days. Choose a day from %(first)s to %(last)s, or change the project's "
        "days first."
    ),
    "figure-reason-missing": _l("Say where this figure comes from: it is what you will be asked for."),
    "measure-unknown": _l("There is no measure “%(value)s”. Go back and choose one of: %(allowed)s."),
    "sum-of-itself": _l("“%(key)s” cannot be a part of its own sum. Leave it out of the sum."),
    "measure-summed": _l(
        "The sums %(keys)s add this indicator up, and the result of a survey cannot be summed. Take it out of them "
        "first, or choose another measure."
    ),
    "version-unknown": _l("There is no version %(number)s of this project."),
}
"""What only pages are refused with."""

SENTENCES = {**OF_FILES, **OF_PAGES}
