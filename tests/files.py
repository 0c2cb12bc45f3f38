"""Small files of every type that is taken, and some that are not, made here byte by byte."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from PIL import Image
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

OFFICE = "application/vnd.openxmlformats-officedocument"
WORD = f"{OFFICE}.wordprocessingml.document.main+xml"
EXCEL = f"{OFFICE}.spreadsheetml.sheet.main+xml"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><title>List</title><script>alert(1)</script>"
ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825


def as_form(fields: Mapping[str, Any], **files: Iterable[tuple[str, bytes]]) -> dict[str, Any]:
    """What a browser sends for a form with files; field -> name and content of each."""
    values = MultiDict(fields)
    for field, chosen in files.items():
        values.setlist(field, [FileStorage(io.BytesIO(content), filename=name) for name, content in chosen])
    boundary, body = encode_multipart(values)
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


def pdf(text: str = "attendance list") -> bytes:
    """A PDF of one page; different texts give different files."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%% "
        + text.encode()
        + b"\n%%EOF\n"
    )


def png(width: int = 2, height: int = 1) -> bytes:
    """A PNG whose header says this size; its pixels are only there for the smallest."""
    header = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + bytes(3 * width) for _ in range(height)) if width < 100 else b"")
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def jpeg(width: int = 40, height: int = 20, **exif: object) -> bytes:
    """A JPEG, red on the left half and blue on the right; `turned` gives it a phone's orientation and its place."""
    picture = Image.new("RGB", (width, height), "red")
    picture.paste("blue", (width // 2, 0, width, height))
    written = Image.Exif()
    if exif.get("turned"):
        written[ORIENTATION], written[MAKER] = 6, "Phone of Ona Onaitė"
        written.get_ifd(GPS)[2] = (54.0, 53.0, 44.0)
    target = io.BytesIO()
    picture.save(target, "JPEG", exif=written, comment=b"taken by Ona")
    return target.getvalue()


def packed(entries: Mapping[str, bytes | str], compress: int = zipfile.ZIP_STORED) -> bytes:
    """A ZIP with these entries in this order."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compress) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


def content_types(**kinds: str) -> str:
    """The list of an office file's parts; `main` and `extra` are content types."""
    parts = "".join(f'<Override PartName="/{name}.xml" ContentType="{kind}"/>' for name, kind in kinds.items())
    return f'<?xml version="1.0"?><Types xmlns="urn:x"><Default Extension="xml" ContentType="a/b"/>{parts}</Types>'


def office(kind: str = WORD, **entries: bytes | str) -> bytes:
    """A DOCX, or with EXCEL an XLSX, with further entries."""
    return packed({"[Content_Types].xml": content_types(main=kind), "main.xml": "<main/>", **entries})


def container() -> bytes:
    """An ASiC-E container with one document in it."""
    return packed({"mimetype": "application/vnd.etsi.asic-e+zip", "list.pdf": pdf(), "META-INF/signatures.xml": "<x/>"})
