"""Pictures: their size is read from the header before anything is decoded; a copy to share knows nothing of the camera.

One picture is decoded at a time, so that several people with large photos do not fill the memory together.
"""

import struct
import tempfile
import threading
from typing import BinaryIO

from PIL import ImageOps
from PIL.Image import Image
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from portal.core.files.contents import Unreadable
from portal.core.files.rules import JPEG, PNG, FileType

# What Pillow raises for a picture that is broken, by where it is broken.
BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, KeyError, TypeError, ArithmeticError)

# Opened by their own readers: no other format is tried, and no picture is decoded.
READERS: dict[FileType, type[ImageFile]] = {PNG: PngImageFile, JPEG: JpegImageFile}
MODES = {PNG: ("1", "L", "LA", "RGB", "RGBA", "I;16"), JPEG: ("L", "RGB")}
LONGEST_SIDE = 4096
QUALITY = 90

_decoding = threading.Lock()


def pixels_of(stream: BinaryIO, kind: FileType) -> int:
    """How many pixels the header says the picture has; raise Unreadable."""
    width, height = _open(stream, kind).size
    return width * height


def shareable(stream: BinaryIO, kind: FileType) -> BinaryIO:
    """A copy of the picture to share, upright and at most 4096 pixels long, without what the camera wrote into it.

    Raise Unreadable if the picture is broken. Whoever asks for the copy closes it.
    """
    with _decoding:
        picture = _open(stream, kind)
        try:
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            plain = _plain(_upright(picture), kind)
        except BROKEN as error:
            raise Unreadable from error
        copy = tempfile.TemporaryFile()  # noqa: SIM115  # closed by whoever asked for it
        plain.save(copy, format=kind.label, **({"quality": QUALITY} if kind is JPEG else {}))
    copy.seek(0)
    return copy


def _open(stream: BinaryIO, kind: FileType) -> ImageFile:
    stream.seek(0)
    try:
        return READERS[kind](stream)
    except BROKEN as error:
        raise Unreadable from error


def _upright(picture: Image) -> Image:
    try:
        return ImageOps.exif_transpose(picture)
    except BROKEN:
        # What the camera wrote about the picture is broken, the picture is not.
        return picture


def _plain(picture: Image, kind: FileType) -> Image:
    """The pixels alone, with the profile that says which colours they mean."""
    profile = picture.info.get("icc_profile")
    if picture.mode not in MODES[kind] or "transparency" in picture.info:
        picture = picture.convert("RGB" if kind is JPEG else "RGBA")
        profile = None
    plain = picture.copy()
    plain.info = {"icc_profile": profile} if profile else {}
    return plain
