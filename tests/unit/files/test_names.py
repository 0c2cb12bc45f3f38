"""Names of files: one safe line that people still recognise, whatever was sent."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.files.rules import LONGEST_NAME_BYTES, ending_of, is_misleading, safe_name, shared_name

TEXTS = st.text(st.characters(codec=None), max_size=300)


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ("Žaliūkas–Łódź.pdf", "Žaliūkas–Łódź.pdf"),
        ("Z\u030caliu\u0304kas.pdf", "Žaliūkas.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\list.pdf", "list.pdf"),
        ("C:\\Scans\\list.pdf", "list.pdf"),
        ("list\0.pdf", "list.pdf"),
        ("list.pdf\0.exe", "list.pdf.exe"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("\u2066list\u2069.pdf", "list.pdf"),
        ("a\nb\r\nContent-Type: x.pdf", "a b Content-Type_ x.pdf"),
        ("a\u2028b.pdf", "a b.pdf"),
        ("  list .pdf ", "list.pdf"),
        ("list.pdf...", "list.pdf"),
        ('<"list|?*">.pdf', "__list_____.pdf"),
        (".pdf", "file.pdf"),
        ("...", "file"),
        ("", "file"),
        ("/", "file"),
        ("..", "file"),
        ("list", "list"),
        ("a" * 300 + ".pdf", "a" * 196 + ".pdf"),
        ("ė" * 300 + ".pdf", "ė" * 98 + ".pdf"),
        ("x." + "y" * 300, "x." + "y" * 16),
    ],
)
def test_a_name_is_made_safe_and_stays_recognisable(stated, kept):
    assert safe_name(stated) == kept


@given(TEXTS)
def test_every_name_is_one_visible_composed_line_without_folders(stated):
    name = safe_name(stated)
    assert name
    assert len(name.encode()) <= LONGEST_NAME_BYTES
    assert not any(each in name for each in '/\\\0\r\n<>:"|?*')
    assert not any(unicodedata.category(each)[0] == "C" for each in name)
    assert not name.startswith((".", " "))
    assert not name.endswith((".", " "))
    assert unicodedata.is_normalized("NFC", name)


@given(TEXTS)
def test_a_safe_name_stays_as_it_is(stated):
    assert safe_name(safe_name(stated)) == safe_name(stated)


@given(st.text(st.characters(codec="utf-8"), max_size=300), st.sampled_from([".pdf", ".JPG", ".asice"]))
def test_the_ending_survives(stem, ending):
    assert ending_of(safe_name(stem + ending)) == ending.lower()


def test_a_shared_copy_is_named_after_its_picture():
    assert shared_name("IMG 1.2.jpg") == "IMG 1.2-shared.jpg"


@pytest.mark.parametrize(
    ("stated", "misleading"),
    [
        ("../../etc/passwd.pdf", True),
        ("..\\list.pdf", True),
        ("list\0.pdf", True),
        ("list\n.pdf", True),
        ("photo\u202egpj.exe.pdf", True),
        ("a\u2028b.pdf", True),
        ("Žaliūkas–Łódź.pdf", False),
        ("C:\\Scans\\list.pdf", False),
        ("list..pdf", False),
        ("list\u200d.pdf", False),
    ],
)
def test_a_name_that_climbs_breaks_or_turns_misleads(stated, misleading):
    assert is_misleading(stated) is misleading


@pytest.mark.parametrize(("name", "ending"), [("a.PDF", ".pdf"), ("a.tar.gz", ".gz"), ("pdf", ""), ("a.", ".")])
def test_the_ending_is_what_follows_the_last_dot(name, ending):
    assert ending_of(name) == ending
