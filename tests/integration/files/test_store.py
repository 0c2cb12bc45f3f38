"""The store of files: written whole, shared by content, healed, found damaged, and swept a day later."""

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.activities.services.evidence import add_evidence
from portal.core.db import db, transaction
from portal.core.errors import Conflict, InvalidInputs, NotFound
from portal.core.files import store
from portal.core.files.checking import Upload
from portal.core.files.models import StoredFile
from portal.core.files.queries import find_fault, list_unknown, read_file, store_folder
from portal.core.files.services import Kept, KeptUpload, add_rows, keep_uploads, remove_rows, sweep
from tests.conftest import NOW
from tests.files import HTML, jpeg, pdf
from tests.make import make_event, make_project

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def folder(in_app, tmp_path, monkeypatch) -> Path:
    """An empty store."""
    monkeypatch.setitem(in_app.config, "DATA_DIR", tmp_path)
    return store_folder()


def keep(content: bytes, now=NOW, name: str = "list.pdf", *, share: bool = False) -> KeptUpload:
    return keep_uploads([Upload(name, io.BytesIO(content))], now=now, share=share)[0]


def attach(content: bytes, event_id: int, now=NOW) -> KeptUpload:
    kept = keep(content, now)
    add_evidence(event_id, "agenda", [kept], now=now)
    return kept


def on_disk(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def known() -> list[str]:
    return list(db.session.scalars(select(StoredFile.sha256)))


def test_a_file_lies_under_its_hash_readable_by_its_owner_alone(folder):
    kept = keep(pdf()).original
    assert on_disk(folder) == [f"{kept.sha256[:2]}/{kept.sha256[2:4]}/{kept.sha256}", "swept"]
    path = store.path_of(folder, kept.sha256)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (pdf(), 0o600)
    assert kept == Kept(kept.sha256, len(pdf()), "application/pdf")


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63])
def test_what_is_no_hash_is_no_place_in_the_store(folder, name):
    with pytest.raises(ValueError, match="SHA-256"):
        store.path_of(folder, name)


def test_the_file_and_the_folders_on_its_way_are_synced_before_it_is_called_kept(folder, monkeypatch):
    synced: list[str] = []
    sync = os.fsync

    def note(number: int) -> None:
        synced.append(Path(f"/proc/self/fd/{number}").readlink().name)
        sync(number)

    monkeypatch.setattr(os, "fsync", note)
    sha256 = store.keep(folder, io.BytesIO(pdf()), now=NOW).sha256
    assert len(synced[0]) == 32
    assert synced[1:] == [sha256[2:4], sha256[:2], folder.name, folder.parent.name]


def test_a_write_that_fails_leaves_nothing(folder, monkeypatch):
    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        keep(pdf())
    assert on_disk(folder) == ["swept"]


def test_one_bad_file_keeps_all_of_them_out(folder):
    with pytest.raises(InvalidInputs):
        keep_uploads([Upload("a.pdf", io.BytesIO(pdf())), Upload("b.pdf", io.BytesIO(HTML))], now=NOW)
    assert on_disk(folder) == []


def test_a_photo_that_cannot_be_decoded_keeps_all_of_them_out(folder):
    cut = jpeg(400, 200)[:-300]
    with pytest.raises(InvalidInputs) as refusal:
        keep_uploads([Upload("a.jpg", io.BytesIO(jpeg())), Upload("b.jpg", io.BytesIO(cut))], now=NOW, share=True)
    assert [problem.values["name"] for problem in refusal.value.problems] == ["b.jpg"]
    assert list(store.list_stored(folder)) == []


def test_the_same_content_is_kept_once_and_heals_a_damaged_copy(folder):
    path = store.path_of(folder, keep(pdf()).original.sha256)
    path.write_bytes(pdf()[:-1] + b"!")
    keep(pdf(), name="again.pdf")
    assert path.read_bytes() == pdf()
    assert len(on_disk(folder)) == 2


def test_a_flipped_byte_and_a_missing_file_are_found_and_never_handed_out(folder):
    make_project()
    sha256 = attach(pdf(), make_event()).original.sha256
    file, path = db.session.get_one(StoredFile, sha256), store.path_of(folder, sha256)
    assert read_file(sha256) == pdf()
    assert find_fault(file) == ""
    content = bytearray(path.read_bytes())
    content[9] ^= 1
    path.write_bytes(content)
    assert find_fault(file) == "damaged"
    with pytest.raises(NotFound):
        read_file(sha256)
    path.unlink()
    assert find_fault(file) == "missing"
    with pytest.raises(NotFound):
        read_file(sha256)


def test_a_row_is_not_written_for_a_file_that_is_gone(folder):
    kept = keep(pdf())
    store.path_of(folder, kept.original.sha256).unlink()
    with pytest.raises(Conflict), transaction() as session:
        add_rows(session, [kept], now=NOW)
    assert known() == []


def test_a_row_goes_only_when_nothing_refers_to_its_file(folder):
    make_project()
    used, unused = attach(pdf(), make_event()).original, keep(pdf("2"))
    with transaction() as session:
        add_rows(session, [unused], now=NOW)
    with transaction() as session:
        remove_rows(session, [used.sha256, unused.original.sha256])
    assert known() == [used.sha256]


def test_what_nothing_refers_to_is_deleted_a_day_later_and_the_rest_stays(folder):
    make_project()
    used, left = attach(pdf(), make_event()).original.sha256, keep(pdf("2")).original.sha256
    half = folder / "incoming" / "half"
    half.write_bytes(b"%PDF-")
    os.utime(half, (NOW.timestamp(), NOW.timestamp()))
    sweep(now=NOW + DAY)
    assert (list_unknown(), half.exists()) == ([left], True)
    fresh = keep(pdf("3"), NOW + DAY + HOUR).original.sha256
    assert list_unknown() == [fresh]
    assert [path.name for path in store.list_stored(folder)] == sorted([used, fresh])
    assert not half.exists()


def test_sending_the_same_content_again_begins_its_day_anew(folder):
    keep(pdf())
    kept = keep(pdf(), NOW + DAY - HOUR)
    sweep(now=NOW + DAY + HOUR)
    assert list_unknown() == [kept.original.sha256]


def test_a_photo_is_kept_as_it_was_with_a_copy_to_share_beside_it(folder):
    kept = keep(jpeg(turned=True), name="IMG_1.jpg", share=True)
    assert kept.shared
    assert store.path_of(folder, kept.original.sha256).read_bytes() == jpeg(turned=True)
    assert b"Exif" not in store.path_of(folder, kept.shared.sha256).read_bytes()
