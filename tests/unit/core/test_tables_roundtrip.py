"""What is written to a file and read again is what it was, up to what every text is made to be."""

import csv
import io
import unicodedata
from datetime import date, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.tables import Column, Sheet, write_csv, write_xlsx
from portal.core.tables.cells import as_day, as_moment, as_text, as_whole
from tests.tables import open_table, rows_of

NAMES = ("ref", "title", "planned", "day", "start")
COLUMNS = [Column(name) for name in NAMES]

WORDS = st.sampled_from(
    ["Kaišiadorys", "įkalinimo įstaiga", "žmonės", "Łódź", "służba więzienna", "źdźbło", "ąčęėįšųūž", "Gęś i ćma"]
)
LIKE_FORMULAS = st.sampled_from(
    ["=1+1", "+370 612", "-5", "@SUM(A1)", "'=1", "''+1", "'", "'tis", '=HYPERLINK("x")', "_x0041_", "\t=1", "\r-1"]
)
SIGNS = st.text(st.sampled_from(list("aąłź'\"=+-@,;|\t\n\r \u00a0#<>&%_x0041\u0328\u030c")), max_size=12)
PRINTABLE = st.text(st.characters(exclude_categories=["C"]), max_size=30)
TEXTS = st.one_of(WORDS, LIKE_FORMULAS, SIGNS, PRINTABLE)
ANY_TEXTS = TEXTS | TEXTS.map(lambda text: unicodedata.normalize("NFD", text))

ROWS = st.lists(
    st.tuples(
        st.none() | ANY_TEXTS,
        st.none() | ANY_TEXTS,
        st.none() | st.integers(-(2**53), 2**53),
        st.none() | st.dates(date(1800, 1, 1), date(2200, 1, 1)),
        st.none()
        | st.datetimes(datetime(1800, 1, 1), datetime(2200, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),
    ),
    max_size=8,
)


def kept(text: str | None) -> str | None:
    """A text as the reader gives it: composed, one sign for a line break, no white space around it, never empty."""
    if text is None:
        return None
    return unicodedata.normalize("NFC", text.strip().replace("\r\n", "\n").replace("\r", "\n")) or None


def separated(table: str, separator: str) -> str:
    """The table as a spreadsheet program of another country saves it."""
    target = io.StringIO()
    csv.writer(target, delimiter=separator).writerows(csv.reader(io.StringIO(table, newline="")))
    return target.getvalue()


def expected(rows):
    texts = [(number, (kept(row[0]), kept(row[1]), *row[2:])) for number, row in enumerate(rows, start=2)]
    return [(number, row) for number, row in texts if any(cell is not None for cell in row)]


def typed(rows):
    """The rows as the readers of cells give them."""
    return [
        (
            number,
            (as_text(ref, 99), as_text(title, 99), as_whole(planned, -(2**53), 2**53), as_day(day), as_moment(start)),
        )
        for number, (ref, title, planned, day, start) in rows
    ]


FOLDER_IS_OVERWRITTEN = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@FOLDER_IS_OVERWRITTEN
@given(ROWS)
def test_any_table_comes_back_from_a_workbook(tmp_path, rows):
    content = write_xlsx([Sheet("Data", COLUMNS, rows)])
    assert typed(rows_of(open_table(tmp_path, content, columns=NAMES))) == expected(rows)


@FOLDER_IS_OVERWRITTEN
@given(ROWS, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), st.sampled_from([",", ";", "\t"]))
def test_any_table_comes_back_from_a_csv(tmp_path, rows, encoding, separator):
    content = separated(write_csv(COLUMNS, rows), separator).encode(encoding)
    assert typed(rows_of(open_table(tmp_path, content, "table.csv", columns=NAMES))) == expected(rows)
