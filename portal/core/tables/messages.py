"""What is said when a table cannot be read."""

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "table-ending": _l(
        "The file is neither an XLSX workbook nor a CSV. Save it as one of the two, ending in .xlsx or .csv."
    ),
    "table-too-large": _l("The file is larger than %(limit)s MB. Split it into several files."),
    "table-empty": _l("The file holds no table. Its first row must name the columns: use the template."),
    "table-too-many-rows": _l("The file has more than %(most)s rows. Split it into several files."),
    "xlsx-locked": _l(
        "The file has a password or is of the old Excel format. Save it as .xlsx without a password and try again."
    ),
    "xlsx-macros": _l("The workbook holds macros. Save it without them, as .xlsx, and choose it again."),
    "xlsx-broken": _l(
        "The workbook cannot be read. Open it in a spreadsheet program, save it anew as .xlsx and try again."
    ),
    "xlsx-other-format": _l("The file is called .xlsx but is no workbook. Choose the right file, or save it as .xlsx."),
    "xlsx-unpacks-too-large": _l("The workbook holds more than %(limit)s MB. Split it into several files."),
    "xlsx-too-many-cells": _l(
        "The sheet has more cells than can be read. Delete what lies outside the table, also where cells are only "
        "formatted, or split it into several files."
    ),
    "xlsx-entities": _l(
        "The workbook declares entities, which no spreadsheet program does. Save it anew and try again."
    ),
    "xlsx-hidden": _l(
        "The first sheet, “%(sheet)s”, is hidden. Show it or delete it: the first sheet is the one that is read."
    ),
    "xlsx-formula": _l(
        "The cell %(cell)s holds a formula. Put its value there instead: copy it and paste values only."
    ),
    "xlsx-merged": _l("The cells %(area)s are merged. Take them apart and fill each one."),
    "xlsx-error": _l("The cell %(cell)s holds an error such as #N/A. Write what belongs there, or empty it."),
    "column-unknown": _l(
        "“%(column)s” is no column of this kind of file. Rename or delete it; the template has the names."
    ),
    "column-twice": _l("The column “%(column)s” is there more than once. Keep one of them."),
    "column-missing": _l("The column “%(column)s” is missing. Add it; the template has every column."),
    "header-repeated": _l("This row repeats the names of row %(row)s. Delete it."),
    "cell-without-column": _l("The cell %(cell)s stands under no column's name. Move or delete what it holds."),
    "cell-control": _l("The cell %(cell)s holds an invisible control character. Type its text anew."),
    "csv-other-format": _l(
        "The file is called .csv but holds something else. Save it as CSV, or give it its own ending."
    ),
    "csv-no-text": _l("The file is no plain text. Save it as “CSV UTF-8” and choose it again."),
    "csv-encoding": _l("The letters of the file cannot be read. Save it as “CSV UTF-8” and choose it again."),
    "csv-quotes": _l("The row has a quotation mark that is not closed, or that stands amid text. Close or double it."),
    "csv-row-too-long": _l(
        "The row has more than %(most)s characters. Close a quotation mark that was left open, or shorten its texts."
    ),
    "csv-too-long": _l("The file has more than %(most)s lines. Delete the empty ones, or split it into several files."),
    "cell-digits-lost": _l(
        "“%(value)s” is a number too long for a spreadsheet, which keeps fifteen digits. Format the cell as text and "
        "type it anew."
    ),
    "cell-too-long": _l("“%(value)s” has %(length)s characters, at most %(most)s are kept. Shorten it."),
    "cell-not-a-day": _l("“%(value)s” cannot be read as a day. Write the day like 2026-03-31 or 31.03.2026."),
    "cell-no-such-day": _l("“%(value)s” does not exist. Write a day of the calendar like 2026-06-30."),
    "cell-ambiguous-day": _l(
        "“%(value)s” does not say whether the day or the month comes first, so it is not taken. Write the day like "
        "2026-03-31 or 31.03.2026."
    ),
    "cell-day-with-time": _l("“%(value)s” holds a time as well. Write the day only, like 2026-06-30."),
    "cell-not-a-moment": _l("“%(value)s” is not a day with its time. Write it like 2026-06-30 14:00."),
    "cell-time-missing": _l("“%(value)s” has no time. Write it like 2026-06-30 14:00."),
    "cell-no-such-time": _l("“%(value)s” has a time that does not exist. Write it like 2026-06-30 14:00."),
    "cell-not-whole": _l("“%(value)s” is not a whole number. Write digits only."),
    "cell-ambiguous-number": _l("“%(value)s” may mean thousands or decimals. Write digits only."),
    "cell-out-of-range": _l("“%(value)s” is not between %(least)s and %(most)s. Check the number."),
    "cell-not-yes-no": _l("“%(value)s” is neither yes nor no. Write yes or no."),
    "cell-choice": _l("“%(value)s” is not one of the values taken here: %(allowed)s. Write one of them."),
}
