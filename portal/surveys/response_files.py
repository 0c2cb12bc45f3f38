"""The answers of a wave as files: CSV with a codebook beside it, and SPSS.

Rows have neither number nor day and stand in an order of chance. CSV has the columns of a response file, so that it can
be read in again; SPSS has numbers with labels, and several choices as one variable each.
"""

import io
import tempfile
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from flask_babel import gettext as _

from portal.core.tables import Column, write_csv
from portal.core.web.language import LANGUAGES, speaking, text_in
from portal.surveys.codebook import codebook
from portal.surveys.labels import MISSING_ANSWERS
from portal.surveys.queries.handing_out import Answered
from portal.surveys.rules.answers import MISSING
from portal.surveys.rules.documents import NUMBER, Instrument
from portal.surveys.rules.variables import (
    LANGUAGE,
    LONGEST_LABEL,
    LONGEST_TEXT,
    LONGEST_VALUE_LABEL,
    NOMINAL,
    WEIGHT,
    WRITTEN,
    Variable,
    decimals_of,
    read_number,
    shortened,
    variables,
    written,
)

if TYPE_CHECKING:
    from pandas import DataFrame

MICROS: Final = Decimal(10) ** 6
# What a spreadsheet program needs to know that the file is UTF-8.
BOM: Final = "\ufeff"
# What every file in an archive is dated: nothing tells when.
UNDATED: Final = (1980, 1, 1, 0, 0, 0)
WIDEST: Final = 40


class Handed(NamedTuple):
    """What is handed out: of which survey and wave, what was asked, and the answers."""

    study: str
    wave: str
    instrument: Instrument
    rows: Sequence[Answered]

    @property
    def is_weighted(self) -> bool:
        """Whether any answer has a weight."""
        return any(row.weight_micros is not None for row in self.rows)


def response_archive(handed: Handed) -> bytes:
    """A ZIP of the answers as CSV (UTF-8 with BOM) and of the codebook, which speaks the survey's languages."""
    target = io.BytesIO()
    with ZipFile(target, "w") as archive:
        for name, content in (
            (f"{handed.study}-{handed.wave}.csv", response_csv(handed).encode()),
            ("codebook.xlsx", codebook(handed.study, handed.wave, handed.instrument)),
        ):
            entry = ZipInfo(name, UNDATED)
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, content)
    return target.getvalue()


def response_csv(handed: Handed) -> str:
    """The answers, one row each, with a mark of UTF-8 in front; empty is not answered."""
    asked = handed.instrument
    names = [LANGUAGE, *([WEIGHT] if handed.is_weighted else [])]
    names += [*(group.key for group in asked.groups), *(item.key for item in asked.items)]
    return BOM + write_csv([Column(name) for name in names], (_csv_row(handed, row) for row in handed.rows))


def _csv_row(handed: Handed, row: Answered) -> list[str | int | Decimal | None]:
    weight = [_weight(row)] if handed.is_weighted else []
    groups = [written(row.groups.get(group.key)) for group in handed.instrument.groups]
    return [row.language, *weight, *groups, *(written(row.answers.get(item.key)) for item in handed.instrument.items)]


def _weight(row: Answered) -> Decimal | None:
    return None if row.weight_micros is None else Decimal(row.weight_micros) / MICROS


def response_sav(handed: Handed, language: str) -> bytes:
    """The answers as an SPSS file whose labels are in this language, as long as the format lets them be."""
    import pyreadstat

    with speaking(language), tempfile.TemporaryDirectory(prefix="portal-") as folder:
        columns = variables(handed.instrument, _lowest(handed))
        target = Path(folder) / "responses.sav"
        pyreadstat.write_sav(
            _frame(handed, columns),
            target,
            file_label=shortened(text_in(handed.instrument.title, language), 64),
            column_labels=_labels(handed, columns, language),
            variable_value_labels=_value_labels(columns, language),
            missing_ranges={each.name: _stand_ins(each) for each in columns if _stand_ins(each)},
            variable_measure={LANGUAGE: NOMINAL, **{each.name: each.measure for each in columns}},
            variable_format=_formats(handed, columns),
            row_compress=True,
        )
        return target.read_bytes()


def _frame(handed: Handed, columns: Sequence[Variable]) -> "DataFrame":
    """A column of numbers (texts for texts) for each variable; nothing stands where nothing was answered."""
    import pandas as pd

    made: dict[str, Any] = {LANGUAGE: pd.Series([row.language for row in handed.rows], dtype="object")}
    if handed.is_weighted:
        made[WEIGHT] = pd.Series([_float(_weight(row)) for row in handed.rows], dtype="float64")
    for each in columns:
        read: Callable[[Answered], Any] = _reader(each)
        made[each.name] = pd.Series([read(row) for row in handed.rows], dtype="object" if each.is_text else "float64")
    return pd.DataFrame(made)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _reader(variable: Variable) -> Callable[[Answered], Any]:
    """What reads the variable out of what a person answered."""

    def read(row: Answered) -> Any:
        value = row.groups.get(variable.of) if variable.is_group else row.answers.get(variable.of)
        if variable.is_text:
            return "" if value is None else shortened(str(WRITTEN.get(value, value)), LONGEST_TEXT)
        if value is None:
            return None
        if variable.choice:
            return float(variable.choice in value) if isinstance(value, list) else float(variable.missing[value])
        code = variable.codes.get(str(value), variable.missing.get(value) if isinstance(value, str) else None)
        if variable.codes:
            return None if code is None else float(code)
        return read_number(str(value), variable.missing)

    return read


def _lowest(handed: Handed) -> dict[str, Decimal]:
    """The lowest number that was answered to each question for a number."""
    return {
        item.key: min(map(Decimal, _numbers(handed.rows, item.key)), default=Decimal(0))
        for item in handed.instrument.items
        if item.kind == NUMBER
    }


def _numbers(rows: Iterable[Answered], key: str) -> list[str]:
    return [str(row.answers[key]) for row in rows if key in row.answers and row.answers[key] not in MISSING]


def _labels(handed: Handed, columns: Sequence[Variable], language: str) -> dict[str, str | None]:
    labels: dict[str, str | None] = {LANGUAGE: _("Language")}
    if handed.is_weighted:
        labels[WEIGHT] = _("Weight")
    for each in columns:
        text = text_in(each.text, language) or each.of
        if each.choice:
            # Of several choices the one at hand is what tells the variables apart: it stands first.
            choices = {choice.key: choice.text for choice in handed.instrument.item(each.of).choices}
            text = f"{text_in(choices[each.choice], language) or each.choice} – {text}"
        labels[each.name] = shortened(" ".join(text.split()), LONGEST_LABEL)
    return labels


def _value_labels(columns: Sequence[Variable], language: str) -> dict[str, dict[Any, str]]:
    """The words of each number; those of languages in the language itself."""
    found: dict[str, dict[Any, str]] = {LANGUAGE: dict(LANGUAGES)}
    for each in columns:
        if each.is_text:
            continue
        words: dict[Any, str] = {}
        if each.choice:
            words = {0.0: str(_("no")), 1.0: str(_("yes"))}
        for key, code in each.codes.items():
            text = text_in(each.words.get(key), language)
            # A step that has no words needs no label: the number says it.
            if text:
                words[float(code)] = shortened(text, LONGEST_VALUE_LABEL)
        words |= {float(code): str(MISSING_ANSWERS[value]) for value, code in each.missing.items()}
        if words:
            found[each.name] = words
    return found


def _stand_ins(variable: Variable) -> list[Any]:
    """What counts as missing: two numbers; in a text the words themselves."""
    return sorted(WRITTEN.values()) if variable.is_text else [float(code) for code in variable.missing.values()]


def _formats(handed: Handed, columns: Sequence[Variable]) -> dict[str, str]:
    """How many decimals are shown: those that were answered."""
    kinds = {item.key: item.kind for item in handed.instrument.items}
    formats = {}
    for each in columns:
        if each.is_text:
            continue
        is_number = not each.is_group and kinds[each.of] == NUMBER
        decimals = min(decimals_of(_numbers(handed.rows, each.of)) if is_number else 0, 15)
        formats[each.name] = f"F{WIDEST if is_number else 8}.{decimals}"
    return formats
