"""ZIPs of files: the harmless are unpacked, those that could do harm are refused whole with what is wrong."""

import io
import stat
import struct
import zipfile

import pytest

from portal.core.errors import InvalidInput
from portal.core.files.archives import _path, is_archive, is_leftover, unpack
from portal.core.files.checking import TooLarge, Upload
from portal.core.files.rules import MEGABYTE, MOST_BYTES
from tests.files import packed, pdf


def unpacked(content: bytes, *, most_files: int = 500, code_page: str = "cp437") -> dict[str, bytes]:
    """Path -> content of the files in the ZIP."""
    archive = Upload("invoices.zip", io.BytesIO(content))
    found = {}
    for file in unpack(archive, most_files=most_files, code_page=code_page):
        file.stream.seek(0)
        found[file.name] = file.stream.read()
    return found


def refused(content: bytes, **options: int) -> tuple[str, dict[str, object]]:
    """The code of why the ZIP is refused, and the values of its sentence."""
    with pytest.raises(InvalidInput) as caught:
        unpacked(content, **options)
    (problem,) = caught.value.problems
    assert problem.where == "files"
    return problem.code, dict(problem.values)


def with_entry(name: str, content: bytes = b"x", **facts: int) -> bytes:
    """A ZIP with one entry that says these things of itself."""
    target, entry = io.BytesIO(), zipfile.ZipInfo(name)
    for fact, value in facts.items():
        setattr(entry, fact, value)
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(entry, content)
    return target.getvalue()


def named_in_bytes(name: bytes) -> bytes:
    """A ZIP whose one entry has these bytes as its name, and does not say how they are written."""
    stand_in = "x" * len(name)
    return packed({stand_in: pdf()}).replace(stand_in.encode(), name)


def test_files_come_out_as_they_went_in_and_folders_do_not():
    files = {"K-1.pdf": pdf("1"), "2026/K-2.pdf": pdf("2"), "2026/empty/": b"", "2026/": b""}
    expected = {"K-1.pdf": pdf("1"), "2026/K-2.pdf": pdf("2")}
    assert unpacked(packed(files)) == expected
    assert unpacked(packed(files, zipfile.ZIP_DEFLATED)) == expected


@pytest.mark.parametrize(
    "name",
    [
        "../K-1.pdf", "a/../../K-1.pdf", "..\\K-1.pdf", "/etc/K-1.pdf", "\\\\server\\K-1.pdf", "C:\\K-1.pdf",
        "c:K-1.pdf", "K-1\n.pdf", "K-1\u202efdp.pdf",
    ],
)  # fmt: skip
def test_a_path_that_leads_elsewhere_or_misleads_refuses_the_whole(name):
    assert refused(packed({"K-2.pdf": pdf(), name: pdf()}))[0] == "zip-hostile"


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_a_link_or_a_device_refuses_the_whole(kind):
    content = with_entry("K-1.pdf", b"/etc/passwd", external_attr=(kind | 0o777) << 16, create_system=3)
    assert refused(content) == ("zip-hostile", {"name": "invoices.zip", "file": "K-1.pdf"})


def test_a_file_as_unix_packs_it_is_none_of_these():
    content = with_entry("K-1.pdf", pdf(), external_attr=(stat.S_IFREG | 0o644) << 16, create_system=3)
    assert unpacked(content) == {"K-1.pdf": pdf()}


def test_more_files_than_are_taken_at_once_are_refused_before_any_is_read():
    assert refused(packed({f"K-{each}.pdf": b"x" for each in range(10_000)})) == (
        "zip-too-many", {"name": "invoices.zip", "most": 500},
    )  # fmt: skip
    assert refused(packed({f"K-{each}.pdf": b"x" for each in range(3)}), most_files=2)[0] == "zip-too-many"
    assert refused(packed({f"{each}/": b"" for each in range(9)} | {"K.pdf": b"x"}), most_files=4)[0] == "zip-too-many"
    assert len(unpacked(packed({f"K-{each}.pdf": b"x" for each in range(500)}))) == 500


def test_what_would_unpack_to_more_than_is_ever_unpacked_is_refused_before_it_is_unpacked():
    zeros = {f"K-{each}.pdf": bytes(20 * MEGABYTE) for each in range(16)}
    content = packed(zeros, zipfile.ZIP_DEFLATED)
    assert len(content) < MEGABYTE
    assert refused(content) == ("zip-unpacks-too-large", {"name": "invoices.zip", "limit": 300})


def test_a_bomb_that_lies_about_its_size_is_broken():
    content = packed({"K-1.pdf": bytes(MEGABYTE)}, zipfile.ZIP_DEFLATED)
    # The size once unpacked, in the header of the file and in the directory.
    lying = content.replace(struct.pack("<L", MEGABYTE), struct.pack("<L", 10))
    assert refused(lying)[0] == "zip-broken"


def test_one_file_that_is_too_large_is_cut_off_and_left_to_be_said():
    files = unpacked(packed({"K-1.pdf": bytes(MOST_BYTES + 100), "K-2.pdf": pdf()}, zipfile.ZIP_DEFLATED))
    assert [len(each) for each in files.values()] == [MOST_BYTES + 1, len(pdf())]


@pytest.mark.parametrize("name", ["more.zip", "a/MORE.ZIP", "files.7z", "files.tar.gz", "files.rar"])
def test_an_archive_inside_is_named(name):
    assert refused(packed({"K-1.pdf": pdf(), name: b"x"}))[0] == "zip-nested"


def test_a_password_is_said():
    content = bytearray(packed({"K-1.pdf": pdf()}))
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    assert refused(bytes(content)) == ("zip-locked", {"name": "invoices.zip"})


def test_the_same_name_twice_is_said():
    content = packed({"K-1.pdf": pdf("1"), "K-2.pdf": pdf("2")}).replace(b"K-2.pdf", b"K-1.pdf")
    assert refused(content) == ("zip-twice", {"name": "invoices.zip", "file": "K-1.pdf"})


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", pdf(), packed({"K-1.pdf": pdf()})[:-30], packed({"K-1.pdf": pdf()})[40:], bytes(2000)],
)
def test_what_is_no_zip_or_cut_short_is_broken(content):
    assert refused(content)[0] == "zip-broken"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_without_a_bound_are_not_used(method):
    assert refused(packed({"K-1.pdf": pdf()}, method))[0] == "zip-broken"


def test_one_flipped_byte_in_a_file_breaks_the_whole():
    content = bytearray(packed({"K-1.pdf": pdf()}))
    content[content.index(b"%PDF") + 20] ^= 1
    assert refused(bytes(content))[0] == "zip-broken"


def test_an_empty_zip_is_said():
    assert refused(packed({})) == ("zip-empty", {"name": "invoices.zip"})
    assert refused(packed({"2026/": b""}))[0] == "zip-empty"


def test_a_zip_of_more_bytes_than_are_taken_is_refused_unread(monkeypatch):
    monkeypatch.setattr("portal.core.files.archives.MOST_ARCHIVE_BYTES", 100)
    with pytest.raises(TooLarge) as caught:
        unpacked(packed({"K-1.pdf": pdf()}))
    assert (caught.value.status, caught.value.problem.code) == (413, "zip-too-large")


@pytest.mark.parametrize(
    ("written", "code_page", "name"),
    [
        ("K-1 sąskaita.pdf".encode(), "cp775", "K-1 sąskaita.pdf"),
        ("K-1 sąskaita.pdf".encode("cp775"), "cp775", "K-1 sąskaita.pdf"),
        ("K-1 płatność.pdf".encode("cp852"), "cp852", "K-1 płatność.pdf"),
    ],
)
def test_letters_are_read_as_they_were_written_also_where_the_zip_does_not_say_how(written, code_page, name):
    assert list(unpacked(named_in_bytes(written), code_page=code_page)) == [name]


def test_a_name_that_another_place_in_the_zip_has_said_stays_as_it_is():
    assert _path(zipfile.ZipInfo("Łódź–1/K-1 płatność.pdf"), "cp852") == "Łódź–1/K-1 płatność.pdf"


def test_what_programs_leave_behind_is_told_from_what_people_pack():
    left = [".DS_Store", "a/.hidden.pdf", "__MACOSX/K-1.pdf", "__MACOSX/a/._K-1.pdf", "a/Thumbs.db", "desktop.ini"]
    assert all(map(is_leftover, left))
    assert not any(map(is_leftover, ["K-1.pdf", "a.b/K-1.pdf", "__MACOSX.pdf"]))
    assert (is_archive("a.ZIP"), is_archive("zip"), is_archive("a.zip.pdf")) == (True, False, False)
