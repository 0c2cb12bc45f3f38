"""What tests of printed documents share: reading a PDF back, and an event with people whose names are hard to print."""

import io
from datetime import datetime
from typing import Any

from pypdf import PdfReader
from sqlalchemy import select

from portal.activities.models import Participation
from portal.core.db import db
from tests.make import make_event, make_people

HARD_NAMES = ("Žygimantas Ąžuolaitis ąčęėįšųūž", "Łucja Źrebięć ąćęłńóśźż")


def read_pdf(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def text_of_page(page: Any) -> str:
    """What a page says, with single spaces and without what only lets long words break."""
    text = page.extract_text().replace("\u200b", "").replace("\u00a0", " ").replace("\u202f", " ")
    return " ".join(text.split())


def text_of_pdf(content: bytes) -> str:
    return " ".join(text_of_page(page) for page in read_pdf(content).pages)


def make_training(**changes: Any) -> int:
    """A training of lps and ols in Olsztyn on 10 and 11 March 2026, 10:00 to 16:00 each day; return its id."""
    stated: dict[str, Any] = {
        "ref": "T1",
        "title": {"en": "Training", "lt": "Mokymai pareigūnams", "pl": "Szkolenie dla kuratorów"},
        "kind": "training",
        "country": "PL",
        "place": "Olsztyn",
        "starts": datetime(2026, 3, 10, 10, 0),
        "ends": datetime(2026, 3, 11, 16, 0),
    }
    return make_event(**{**stated, **changes})


def make_person(event_id: int, name: str, **facts: str) -> None:
    """Someone with this name at the event, under an address made of the name's letters."""
    letters = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())
    make_people(event_id, [f"{letters[:40]}@example.org"], name=name, **facts)


def id_of(name: str) -> int:
    """The id of the row of the person with this name."""
    return db.session.scalars(select(Participation.id).where(Participation.name == name)).one()
