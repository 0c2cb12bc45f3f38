"""Indicators that are entered by hand, and figures of theirs."""

import io
from datetime import date
from typing import Any

from portal.core.files.checking import Upload
from portal.core.files.services import KeptUpload, keep_uploads
from portal.projects.queries import get_project
from portal.projects.rules.contract import Reason
from portal.projects.rules.figures import FigureDraft
from portal.projects.services.structure import Edit, save_row
from tests.conftest import NOW
from tests.files import pdf
from tests.make import PROJECT

LEAFLETS = "leaflets"
DAY = date(2026, 3, 10)
DRAFT = FigureDraft(DAY, 300, "Printed and handed out; the receipts of the libraries.")


def edit_now() -> Edit:
    """A change of LTPL00388 as it is now, with a reason."""
    return Edit(get_project(PROJECT).version, Reason("Agreed with the programme.", DAY))


def make_indicator(key: str = LEAFLETS, *, measure: dict[str, Any] | None = None, stored: bool = False) -> str:
    """An indicator with a target of 1,000, entered by hand unless a measure is given; `stored`: it is there already."""
    stated = {"key": key, "name": {"en": "Leaflets"}, "target": 1_000, "measure": measure or {"kind": "manual"}}
    return save_row(PROJECT, "indicators", stated, edit=edit_now(), now=NOW, key=key if stored else "")


def keep(text: str = "receipts") -> KeptUpload:
    """A PDF that lies in the store."""
    return keep_uploads([Upload(f"{text}.pdf", io.BytesIO(pdf(text)))], now=NOW)[0]
