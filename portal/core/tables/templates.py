"""Workbooks to be filled in and read back: the table with drop-downs, and a sheet that explains each column.

The same workbook with rows in it is the export, so that what is exported can be changed and imported again. The first
sheet is the table, which is all that is read back; allowed values too long for a drop-down stand in a hidden last one.
"""

import io
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple

from flask_babel import gettext as _

from portal.core.tables.places import cell_name
from portal.core.tables.writing import DAY_FORMAT, MOMENT_FORMAT, OPTIONS, Cell, write_cells

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

TABLE, EXPLANATION, VALUES = "Data", "Explanation", "Values"
# As many rows as are ever read, and the header.
LAST_ROW = 100_000
# What a drop-down takes in itself, separators included; longer lists are read off a sheet.
MOST_INLINE = 255

Kind = Literal["text", "moment", "day", "number"]
# The number of the format that keeps 2.4 and 007 as they are typed. Source: ECMA-376 part 1, 18.8.30.
TEXT = 49
FORMATS: dict[Kind, str | int] = {"text": TEXT, "moment": MOMENT_FORMAT, "day": DAY_FORMAT, "number": "General"}
WIDTHS: dict[Kind, int] = {"text": 20, "moment": 17, "day": 12, "number": 12}
KEY_COLOUR, REQUIRED_COLOUR = "#9DC3E6", "#DDEBF7"


class TemplateColumn(NamedTuple):
    """A column to be filled in: its name, what it means, and the values it takes ('': any).

    A key column tells rows apart. `kind` is how a spreadsheet keeps what is typed.
    """

    name: str
    explanation: Any
    is_key: bool = False
    is_required: bool = False
    choices: Sequence[str] = ()
    kind: Kind = "text"


def write_template(columns: Sequence[TemplateColumn]) -> bytes:
    """The empty workbook."""
    target = io.BytesIO()
    write_rows(columns, (), target)
    return target.getvalue()


def write_rows(columns: Sequence[TemplateColumn], rows: Iterable[Sequence[Cell]], target: IO[bytes]) -> None:
    """Write the workbook with these rows, in the order of the columns, to `target`; rows are not kept in memory."""
    import xlsxwriter

    with xlsxwriter.Workbook(target, OPTIONS) as book:
        table = book.add_worksheet(TABLE)
        formats = [book.add_format({"num_format": FORMATS[column.kind]}) for column in columns]
        _write_header(book, table, columns, formats)
        long = _add_choices(table, columns)
        write_cells(book, table, rows, formats)
        _explain(book, columns)
        _add_values(book, long)


def _write_header(
    book: "Workbook", table: "Worksheet", columns: Sequence[TemplateColumn], formats: Sequence["Format"]
) -> None:
    for index, column in enumerate(columns):
        table.set_column(index, index, max(WIDTHS[column.kind], len(column.name) + 2), formats[index])
        table.write_string(0, index, column.name, _header_format(book, column))
    table.freeze_panes(1, 0)


def _header_format(book: "Workbook", column: TemplateColumn) -> "Format":
    """Bold for all, with a colour where something must be filled in, and underlined for a key."""
    shown: dict[str, object] = {"bold": True, "bottom": 1, "num_format": TEXT}
    if column.is_key or column.is_required:
        shown["bg_color"] = KEY_COLOUR if column.is_key else REQUIRED_COLOUR
    return book.add_format({**shown, "underline": 1} if column.is_key else shown)


def _add_choices(table: "Worksheet", columns: Sequence[TemplateColumn]) -> list[Sequence[str]]:
    """Give each column with allowed values its drop-down; return the lists that must stand on the sheet of values."""
    long: list[Sequence[str]] = []
    for index, column in enumerate(columns):
        source: str | list[str] = list(column.choices)
        if column.choices and not _fits_inline(column.choices):
            long.append(column.choices)
            source = _values_range(len(long) - 1, len(column.choices))
        if column.choices:
            table.data_validation(1, index, LAST_ROW, index, {"validate": "list", "source": source})
    return long


def _fits_inline(choices: Sequence[str]) -> bool:
    """Whether the drop-down can hold the values itself, which are separated by commas and must not be a formula."""
    inline = ",".join(choices)
    return len(inline) <= MOST_INLINE and inline.count(",") == len(choices) - 1 and inline[:1] not in ("=", '"')


def _values_range(place: int, count: int) -> str:
    letters = cell_name(0, place)[:-1]
    return f"={VALUES}!${letters}$1:${letters}${count}"


def _add_values(book: "Workbook", lists: Sequence[Sequence[str]]) -> None:
    """Add the hidden sheet with a column for each of the lists, if there are any."""
    if not lists:
        return
    page = book.add_worksheet(VALUES)
    page.hide()
    for row, values in enumerate(zip_longest(*lists)):
        for index, value in enumerate(values):
            if value is not None:
                page.write_string(row, index, value)


def _explain(book: "Workbook", columns: Sequence[TemplateColumn]) -> None:
    """Add the sheet with one row for each column."""
    page = book.add_worksheet(EXPLANATION)
    bold = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": TEXT})
    for index, (title, width) in enumerate(
        ((_("Column"), 24), (_("Needed"), 24), (_("Meaning"), 70), (_("Allowed values"), 50))
    ):
        page.set_column(index, index, width)
        page.write_string(0, index, title, bold)
    page.freeze_panes(1, 0)
    for row, column in enumerate(columns, start=1):
        allowed = ", ".join(column.choices)
        for index, text in enumerate((column.name, _needed(column), str(column.explanation), allowed)):
            page.write_string(row, index, text, wrapped)


def _needed(column: TemplateColumn) -> str:
    if column.is_key:
        return str(_("required; tells rows apart") if column.is_required else _("optional; tells rows apart"))
    return str(_("required") if column.is_required else _("optional"))
