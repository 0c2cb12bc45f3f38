"""Looking at what someone sends before any of it is kept: type by content and by name, size, pixels."""

from collections.abc import Collection, Sequence
from typing import BinaryIO, ClassVar, NamedTuple

from portal.core.errors import InvalidInput, InvalidInputs, Problem
from portal.core.files.contents import HoldsMacros, UnpacksTooLarge, Unreadable, type_of
from portal.core.files.images import pixels_of
from portal.core.files.rules import (
    FILE_TYPES,
    IMAGE_TYPES,
    LIST_TYPES,
    MEGABYTE,
    MOST_BYTES,
    MOST_PIXELS,
    MOST_UNPACKED_BYTES,
    TABLE_ENDINGS,
    TABLE_TYPES,
    TEXT_TYPES,
    FileType,
    ending_of,
    is_misleading,
    safe_name,
)


class Upload(NamedTuple):
    """A file as it is sent: the name it is said to have, its content, and the field of the form it came in."""

    name: str
    stream: BinaryIO
    where: str = "files"


class Checked(NamedTuple):
    """A file that may be kept, under the name it is kept by."""

    name: str
    kind: FileType
    stream: BinaryIO
    where: str


class WrongType(InvalidInput):
    """The file is of a type that is not taken."""

    status: ClassVar[int] = 415


class TooLarge(InvalidInput):
    """The file is larger than what is taken."""

    status: ClassVar[int] = 413


class WrongTypes(InvalidInputs):
    """All that is wrong is the type of files."""

    status: ClassVar[int] = 415


class AllTooLarge(InvalidInputs):
    """All that is wrong is the size of files."""

    status: ClassVar[int] = 413


REFUSALS: dict[int, type[InvalidInputs]] = {415: WrongTypes, 413: AllTooLarge}


def check_uploads(uploads: Sequence[Upload]) -> list[Checked]:
    """The files as they may be kept, each with its type and a safe name.

    Raise InvalidInputs with everything that is wrong with any of them, WrongTypes or AllTooLarge where it is only that.
    """
    checked: list[Checked] = []
    refusals: list[InvalidInput] = []
    for upload in uploads:
        try:
            checked.append(_check(_named(upload), FILE_TYPES))
        except InvalidInput as refusal:
            refusals.append(refusal)
    raise_all(refusals)
    return checked


def check_table(upload: Upload, endings: Collection[str] = TABLE_ENDINGS) -> Checked:
    """The table as it may be kept to be imported: a workbook, or what its name says is CSV; raise InvalidInput.

    `endings` are those that its name may have, with those of lists where these are taken too.
    """
    types = [each for each in (*TABLE_TYPES, *LIST_TYPES) if not set(each.endings).isdisjoint(endings)]
    return _check(_named(upload), types)


def _named(upload: Upload) -> Upload:
    """The upload under the name it is kept by; raise InvalidInput where its name is made to mislead."""
    name = safe_name(upload.name)
    if is_misleading(upload.name):
        raise InvalidInput("upload-name", where=upload.where, name=name)
    return upload._replace(name=name)


def raise_all(refusals: Sequence[InvalidInput]) -> None:
    """Raise all the refusals as one, with the status they share; nothing where there are none."""
    if refusals:
        statuses = {refusal.status for refusal in refusals}
        problems: list[Problem] = [problem for refusal in refusals for problem in refusal.problems]
        raise REFUSALS.get(statuses.pop() if len(statuses) == 1 else 0, InvalidInputs)(problems)


def _check(upload: Upload, types: Sequence[FileType]) -> Checked:
    name, stream, where = upload
    allowed = [each.label for each in types]
    size = stream.seek(0, 2)
    if size == 0:
        raise InvalidInput("upload-empty", where=where, name=name)
    if size > MOST_BYTES:
        raise TooLarge("upload-too-large", where=where, name=name, limit=MOST_BYTES // MEGABYTE)
    if not any(ending_of(name) in each.endings for each in types):
        raise WrongType("upload-type", where=where, name=name, allowed=allowed)
    kind = _kind(upload)
    if kind is None or kind not in types:
        raise WrongType("upload-not-what-it-says", where=where, name=name, allowed=allowed)
    if ending_of(name) not in kind.endings:
        raise WrongType("upload-ending", where=where, name=name, found=kind.label, endings=kind.endings)
    if kind in IMAGE_TYPES:
        _check_pixels(upload, kind)
    return Checked(name, kind, stream, where)


def _kind(upload: Upload) -> FileType | None:
    """What the file is by its content; what has no sign of its own is what its name says."""
    name, stream, where = upload
    try:
        return type_of(stream) or next((each for each in TEXT_TYPES if ending_of(name) in each.endings), None)
    except HoldsMacros as error:
        raise WrongType("upload-macros", where=where, name=name) from error
    except UnpacksTooLarge as error:
        limit = MOST_UNPACKED_BYTES // MEGABYTE
        raise TooLarge("upload-unpacks-too-large", where=where, name=name, limit=limit) from error
    except Unreadable as error:
        raise InvalidInput("upload-broken", where=where, name=name) from error


def _check_pixels(upload: Upload, kind: FileType) -> None:
    name, stream, where = upload
    try:
        pixels = pixels_of(stream, kind)
    except Unreadable as error:
        raise InvalidInput("upload-broken", where=where, name=name) from error
    if pixels > MOST_PIXELS:
        raise TooLarge("upload-pixels", where=where, name=name, limit=MOST_PIXELS // 1_000_000)
