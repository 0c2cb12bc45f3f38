"""Tables in files: reading what people send, writing what they take away."""

from portal.core.tables.templates import TemplateColumn, write_rows, write_template
from portal.core.tables.writing import XLSX, Cell, Column, Sheet, write_csv, write_xlsx

__all__ = [
    "XLSX",
    "Cell",
    "Column",
    "Sheet",
    "TemplateColumn",
    "write_csv",
    "write_rows",
    "write_template",
    "write_xlsx",
]
