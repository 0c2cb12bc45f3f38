"""What a file is by its content, and what is refused before anything of it is unpacked or decoded."""

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from portal.core.errors import InvalidInput, InvalidInputs
from portal.core.files.checking import AllTooLarge, Upload, WrongTypes, check_uploads
from portal.core.files.contents import HoldsMacros, UnpacksTooLarge, Unreadable, type_of
from portal.core.files.images import LONGEST_SIDE, pixels_of, shareable
from portal.core.files.rules import ASICE, DOCX, JPEG, PDF, PNG, XLSX
from portal.core.tables import Column, Sheet, write_xlsx
from tests.files import (
    EXCEL,
    GPS,
    HTML,
    MAKER,
    ORIENTATION,
    SVG,
    WORD,
    container,
    content_types,
    jpeg,
    office,
    packed,
    pdf,
    png,
)


def kind_of(content: bytes):
    return type_of(io.BytesIO(content))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (pdf(), PDF),
        (png(), PNG),
        (jpeg(), JPEG),
        (office(WORD), DOCX),
        (office(EXCEL), XLSX),
        (container(), ASICE),
        (HTML, None),
        (SVG, None),
        (b"\n" + pdf(), None),
        (b"GIF89a", None),
        (b"MZ\x90\0", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None),
        (packed({"list.pdf": pdf()}), None),
        (packed({"mimetype": "application/epub+zip"}), None),
        (office("application/vnd.ms-powerpoint.presentation.main+xml"), None),
        (packed({"[Content_Types].xml": content_types(main=WORD)}), None),
        (packed({"[Content_Types].xml": content_types(main=WORD, other=EXCEL), "main.xml": "", "other.xml": ""}), None),
    ],
)
def test_a_file_is_what_its_content_is(content, kind):
    assert kind_of(content) is kind


def test_a_workbook_of_the_portal_itself_is_taken():
    assert kind_of(write_xlsx([Sheet("Outcomes", [Column("Row")], [["a"], [1]])])) is XLSX


@pytest.mark.parametrize(
    "content",
    [
        office("application/vnd.ms-word.document.macroEnabled.main+xml"),
        office(WORD, **{"word/vbaProject.bin": b"x"}),
        office(EXCEL, **{"xl/VBAPROJECT.BIN": b"x"}),
        packed(
            {
                "[Content_Types].xml": content_types(main=WORD, other="application/vnd.ms-office.vbaProject"),
                "main.xml": "",
            }
        ),
    ],
)
def test_an_office_file_with_macros_is_found(content):
    with pytest.raises(HoldsMacros):
        kind_of(content)


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><Types>&b;</Types>'


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04",
        office()[:-30],
        packed({"[Content_Types].xml": "<Types>"}),
        packed({"[Content_Types].xml": ENTITIES}),
        packed({"[Content_Types].xml": b"\xff\xfe" + ENTITIES.encode("utf-16-le")}),
        packed({"[Content_Types].xml": " " * (1024 * 1024 + 1)}, zipfile.ZIP_DEFLATED),
        packed({"mimetype": "x" * 200}),
        office().replace(b"<main/>", b"<niam/>").replace(b"<Types", b"<Typos"),
    ],
)
def test_a_broken_zip_is_unreadable(content):
    with pytest.raises(Unreadable):
        kind_of(content)


def test_a_zip_bomb_is_refused_by_what_it_declares_and_nothing_is_unpacked():
    bomb = packed(
        {"[Content_Types].xml": "", **{f"{n}.xml": bytes(30_000_000) for n in range(7)}}, zipfile.ZIP_DEFLATED
    )
    assert len(bomb) < 1_000_000
    with pytest.raises(UnpacksTooLarge):
        kind_of(bomb)


def test_a_zip_with_more_entries_than_any_document_is_refused_before_they_are_read():
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 3_000_000, 4, 0)
    with pytest.raises(UnpacksTooLarge):
        kind_of(b"PK\x03\x04" + bytes(3_000_000) + end)


def test_a_picture_that_says_it_is_huge_is_measured_by_its_header_alone():
    assert pixels_of(io.BytesIO(png(50_000, 50_000)), PNG) == 2_500_000_000


@pytest.mark.parametrize("content", [png()[:20], png()[:8], b"\x89PNG\r\n\x1a\nxxxxxxxxxxxxxxxx", png(0, 0)])
def test_a_picture_without_a_header_is_unreadable(content):
    with pytest.raises(Unreadable):
        pixels_of(io.BytesIO(content), PNG)


# Pillow says by a warning that what the camera wrote is damaged; the picture itself is not.
@pytest.mark.filterwarnings("ignore:Corrupt EXIF data:UserWarning")
@given(st.sampled_from([office(), container(), png(), jpeg(), pdf()]), st.data())
def test_whatever_is_damaged_is_read_or_refused_and_never_fails(content, data):
    place = data.draw(st.integers(0, len(content) - 1))
    damaged = content[:place] + data.draw(st.binary(max_size=8)) + content[place + data.draw(st.integers(0, 9)) :]
    for name in ("a.pdf", "a.docx", "a.png", "a.jpg", "a.asice"):
        try:
            check_uploads([Upload(name, io.BytesIO(damaged))])
        except InvalidInput:
            continue


def test_a_shared_photo_is_upright_and_knows_neither_place_nor_camera():
    original = jpeg(40, 20, turned=True)
    assert Image.open(io.BytesIO(original)).getexif()[MAKER]
    with shareable(io.BytesIO(original), JPEG) as copy:
        content = copy.read()
    picture = Image.open(io.BytesIO(content))
    assert picture.size == (20, 40)
    exif = picture.getexif()
    assert (ORIENTATION in exif, exif.get_ifd(GPS), "comment" in picture.info) == (False, {}, False)
    assert b"Ona" not in content
    assert b"Exif" not in content
    # Orientation 6: what the camera saw on the left is on top.
    assert picture.getpixel((10, 2))[0] > 200
    assert picture.getpixel((10, 37))[2] > 200


def test_a_shared_png_loses_its_texts_and_keeps_its_transparency():
    target = io.BytesIO()
    palette = Image.new("P", (4, 4), 1)
    palette.putpalette([0, 0, 0, 255, 0, 0])
    note = Image.Exif()
    note[MAKER] = "Phone"
    palette.save(target, "PNG", transparency=1, exif=note)
    with shareable(target, PNG) as copy:
        picture = Image.open(io.BytesIO(copy.read()))
    assert (picture.mode, picture.getpixel((0, 0))[3], dict(picture.getexif())) == ("RGBA", 0, {})


def test_a_large_photo_is_shared_in_a_size_for_pages():
    with shareable(io.BytesIO(jpeg(6000, 30)), JPEG) as copy:
        assert Image.open(io.BytesIO(copy.read())).size[0] == LONGEST_SIDE


def test_a_photo_cut_short_is_refused_when_a_copy_is_made():
    with pytest.raises(Unreadable):
        shareable(io.BytesIO(png(90, 90)[:60]), PNG)


def refusal(*files: tuple[str, bytes]) -> tuple[int, list[str]]:
    with pytest.raises(InvalidInputs) as caught:
        check_uploads([Upload(name, io.BytesIO(content)) for name, content in files])
    return caught.value.status, [problem.code for problem in caught.value.problems]


TOO_LARGE = ("scan.pdf", pdf() + bytes(30_000_000))
NO_PDF = ("list.pdf", HTML)


@pytest.mark.parametrize(
    ("files", "status", "codes"),
    [
        ([("list.pdf", HTML)], 415, ["upload-not-what-it-says"]),
        ([("plan.svg", SVG)], 415, ["upload-type"]),
        ([("plan.png", SVG)], 415, ["upload-not-what-it-says"]),
        ([("list.html", pdf())], 415, ["upload-type"]),
        ([("list.pdf", png())], 415, ["upload-ending"]),
        ([("list.docx", office(EXCEL))], 415, ["upload-ending"]),
        ([("list.docm", office())], 415, ["upload-type"]),
        ([("list.docx", office(WORD, **{"vbaProject.bin": b"x"}))], 415, ["upload-macros"]),
        ([("list", pdf())], 415, ["upload-type"]),
        ([("list.pdf\0.exe", pdf())], 422, ["upload-name"]),
        ([("empty.pdf", b"")], 422, ["upload-empty"]),
        ([("cut.docx", office()[:-30])], 422, ["upload-broken"]),
        (
            [("odd.docx", packed({"[Content_Types].xml": b"<?xml version='1.0' encoding='x-odd'?><a/>"}))],
            422,
            ["upload-broken"],
        ),
        ([("cut.png", png()[:20])], 422, ["upload-broken"]),
        ([TOO_LARGE], 413, ["upload-too-large"]),
        ([("huge.png", png(50_000, 50_000))], 413, ["upload-pixels"]),
        ([TOO_LARGE, TOO_LARGE], 413, ["upload-too-large", "upload-too-large"]),
        ([NO_PDF, ("good.pdf", pdf()), TOO_LARGE], 422, ["upload-not-what-it-says", "upload-too-large"]),
    ],
)
def test_what_is_refused_says_why_with_its_status(files, status, codes):
    assert refusal(*files) == (status, codes)


def test_refusals_of_one_sort_are_of_one_class():
    with pytest.raises(WrongTypes):
        check_uploads([Upload("a.pdf", io.BytesIO(HTML))])
    with pytest.raises(AllTooLarge):
        check_uploads([Upload("a.png", io.BytesIO(png(50_000, 50_000)))])


def test_a_file_that_may_be_kept_has_its_type_and_a_safe_name():
    [checked] = check_uploads([Upload("C:\\Žaliūkas–Łódź.PDF", io.BytesIO(pdf()))])
    assert (checked.name, checked.kind, checked.where) == ("Žaliūkas–Łódź.PDF", PDF, "files")
