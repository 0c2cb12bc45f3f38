"""CSV as spreadsheets and people write it, in the encodings and with the separators of both countries."""

import codecs

import pytest

from tests.tables import COLUMNS, open_table, refusal_of, rows_of, workbook

LITHUANIAN = "ref;title\r\nA1;Įkalinimo įstaigų darbuotojų mokymai\r\nA2;Kaišiadorių žmonės, šeimų ryšiai\r\n"
POLISH = "ref;title\r\nA1;Szkolenie służby więziennej w Łodzi\r\nA2;Gęś, źdźbło i ćma\r\n"


def read(folder, content: bytes | str, **how):
    return open_table(folder, content if isinstance(content, bytes) else content.encode(), "events.csv", **how)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_encodings_and_line_ends_are_found_out(tmp_path, separator, encoding, end):
    text = end.join([f"REF{separator} Title", f"W1{separator}Kaišiadorys", f"W2{separator}Łódź", ""])
    table = read(tmp_path, text.encode(encoding))
    assert (table.columns, table.guessed_encoding) == (("ref", "title"), "")
    assert rows_of(table) == [(2, ("W1", "Kaišiadorys")), (3, ("W2", "Łódź"))]


def test_utf_16_of_the_other_byte_order_is_read(tmp_path):
    content = codecs.BOM_UTF16_BE + "ref,title\nW1,ąčę\n".encode("utf-16-be")
    assert rows_of(read(tmp_path, content)) == [(2, ("W1", "ąčę"))]


@pytest.mark.parametrize(
    ("text", "encoding", "guess"),
    [(LITHUANIAN, "cp1257", "Windows-1257"), (POLISH, "cp1250", "Windows-1250"), (POLISH, "cp1257", "Windows-1257")],
)
def test_windows_encodings_are_guessed_by_the_letters_they_give(tmp_path, text, encoding, guess):
    table = read(tmp_path, text.encode(encoding))
    assert table.guessed_encoding == guess
    assert [f"{ref};{title}" for _, (ref, title) in rows_of(table)] == text.splitlines()[1:]


def test_the_guess_holds_for_every_word_with_a_letter_of_its_own(tmp_path):
    for word in ("žmonės", "šeima", "ūkis", "ryšių", "Šiauliai", "įstaiga", "Žemaičių"):
        table = read(tmp_path, f"ref\n{word}\n".encode("cp1257"))
        assert (table.guessed_encoding, rows_of(table)) == ("Windows-1257", [(2, (word,))])
    for word in ("Łódź", "więzień", "służba", "źródło", "Świdnica", "pomoc społeczna"):
        table = read(tmp_path, f"ref\n{word}\n".encode("cp1250"))
        assert (table.guessed_encoding, rows_of(table)) == ("Windows-1250", [(2, (word,))])


def test_decomposed_text_is_composed_also_in_the_header(tmp_path):
    table = read(tmp_path, "ref,s\u030calis\nW1,Ka\u0328\n", columns=("ref", "šalis"))
    assert (table.columns, rows_of(table)) == (("ref", "šalis"), [(2, ("W1", "Ką"))])


def test_blank_lines_are_counted_and_line_breaks_in_quotes_are_not(tmp_path):
    text = '\n ; \nref;title\n\nW1;"two\r\nlines; ""quoted"""\n;\nW2;\n'
    assert rows_of(read(tmp_path, text)) == [(5, ("W1", 'two\nlines; "quoted"')), (7, ("W2", None))]


def test_short_rows_are_filled_and_empty_cells_beyond_the_header_left_out(tmp_path):
    assert rows_of(read(tmp_path, "ref,title,start\nW1\nW2,a,b,,\n")) == [
        (2, ("W1", None, None)),
        (3, ("W2", "a", "b")),
    ]


def test_the_separator_is_the_one_that_names_the_columns(tmp_path):
    assert read(tmp_path, '"ref"\t"title, long; short"\n', columns=("ref", "title, long; short")).columns == (
        "ref",
        "title, long; short",
    )


def test_the_line_that_states_the_separator_is_no_header(tmp_path):
    assert rows_of(read(tmp_path, "sep=;\nref;title\nW1;a\n")) == [(3, ("W1", "a"))]


@pytest.mark.parametrize("text", ["=1+1", "+370", "-5", "@x", "'=1", "''-1", "it's", "'tis", "'", "''"])
def test_only_the_apostrophe_that_keeps_a_formula_away_is_taken_off(tmp_path, text):
    led = f"'{text}" if text.lstrip("'")[:1] in tuple("=+-@") else text
    assert rows_of(read(tmp_path, f"ref\n{led}\n")) == [(2, (text,))]


def test_a_row_with_more_cells_than_names_is_refused_with_the_cell(tmp_path):
    content = b"ref,title\nW1,Rest, play\nW2,a\nW3,a,b,c\n"
    assert refusal_of(tmp_path, content, "a.csv") == [
        (2, "", "cell-without-column", "C2"),
        (4, "", "cell-without-column", "C4"),
        (4, "", "cell-without-column", "D4"),
    ]


@pytest.mark.parametrize(
    ("text", "row"), [('ref\nW1\n"W2\nW3\n', 3), ('ref\n"W1" x\n', 2), ('"ref\n', 1), ('ref\n"' + "x" * 200_000, 2)]
)
def test_quotes_that_do_not_match_are_refused_with_their_row(tmp_path, text, row):
    assert refusal_of(tmp_path, text.encode(), "a.csv") == [(row, "", "csv-quotes")]


def test_control_characters_are_refused_with_their_cell(tmp_path):
    content = "ref,title\nW1,a\x07b\nW2,a\tb\nW3,c\x9dd\n".encode()
    assert refusal_of(tmp_path, content, "a.csv") == [
        (2, "title", "cell-control", "B2"),
        (4, "title", "cell-control", "B4"),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"ref\nW\0\n", "csv-no-text"),
        ("ref\nW1\n".encode("utf-16-le"), "csv-no-text"),
        (codecs.BOM_UTF16_LE + b"r\0e\0f", "csv-encoding"),
        (codecs.BOM_UTF8 + b"ref\n\xff\n", "csv-encoding"),
        (b"ref\n\x81\x98\xa1\n", "csv-encoding"),
        (b"%PDF-1.7\n", "csv-other-format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "csv-other-format"),
        (workbook(""), "csv-other-format"),
        (b"", "table-empty"),
        (b"\n\n , ,\n", "table-empty"),
    ],
)
def test_what_is_no_csv_is_refused(tmp_path, content, code):
    [(_, column, found, *_)] = refusal_of(tmp_path, content, "a.csv")
    assert (column, found) == ("", code)


def test_unknown_missing_and_repeated_columns_are_all_named_with_the_headers_row(tmp_path):
    content = b"\ncolour;title;TITLE;size\nred;a;b;c\n"
    assert refusal_of(tmp_path, content, "a.csv", required=("ref", "start")) == [
        (2, "colour", "column-unknown", "colour"),
        (2, "size", "column-unknown", "size"),
        (2, "title", "column-twice", "title"),
        (2, "ref", "column-missing", "ref"),
        (2, "start", "column-missing", "start"),
    ]


def test_the_header_again_is_refused_where_it_stands(tmp_path):
    content = (",".join(COLUMNS) + "\nW1,a,b,c\n" + ",".join(COLUMNS).upper() + "\n").encode()
    assert refusal_of(tmp_path, content, "a.csv") == [(3, "", "header-repeated", 1)]


def test_rows_are_counted_without_blank_ones_and_before_any_is_given(tmp_path):
    rows = "".join(f"W{n}\n\n" for n in range(50))
    assert len(rows_of(read(tmp_path, f"ref\n{rows}", most_rows=50))) == 50
    assert refusal_of(tmp_path, f"ref\n{rows}W51\n".encode(), "a.csv", most_rows=50) == [
        (0, "", "table-too-many-rows", 50)
    ]
