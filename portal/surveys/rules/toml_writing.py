"""TOML as the portal writes it: tables and lists of tables in the order given, one key on a line.

None and empty tables are left out. A table inside a table is written with dots, in a list in braces. Whole decimals are
bare numbers, others stand in quotation marks, so that nothing makes a float of them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

# What a key may be made of without quotation marks.
_BARE: Final = re.compile("[A-Za-z0-9_-]+")
_ESCAPED: Final = {
    **{code: f"\\u{code:04X}" for code in (*range(32), 127)},
    ord("\n"): "\\n",
    ord("\r"): "\\r",
    ord("\t"): "\\t",
    ord('"'): '\\"',
    ord("\\"): "\\\\",
}


def to_toml(stated: Mapping[str, Mapping[str, Any] | Sequence[Mapping[str, Any]]]) -> str:
    """The tables, and lists of tables, as the text of a file."""
    blocks: list[str] = []
    for name, part in stated.items():
        if isinstance(part, Mapping):
            blocks.append("\n".join((f"[{name}]", *_lines(part))))
        else:
            blocks += ("\n".join((f"[[{name}]]", *_lines(row))) for row in part)
    return "\n\n".join(blocks) + "\n"


def _lines(row: Mapping[str, Any], before: str = "") -> Iterator[str]:
    for key, value in row.items():
        if isinstance(value, Mapping):
            yield from _lines(value, f"{before}{_key(key)}.")
        elif isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
            parts = "".join(f"    {_value(each)},\n" for each in value)
            yield f"{before}{_key(key)} = [\n{parts}]"
        elif value is not None:
            yield f"{before}{_key(key)} = {_value(value)}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | date):
        return str(value)
    if isinstance(value, Decimal):
        # Only digits: 1E+2 and 1.0 are numbers that a reader would not give back as they are.
        return str(value) if str(value).lstrip("-").isdecimal() else _quoted(str(value))
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_key(key)} = {_value(each)}' for key, each in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return _quoted(str(value))


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _quoted(key)


def _quoted(text: str) -> str:
    return f'"{text.translate(_ESCAPED)}"'
