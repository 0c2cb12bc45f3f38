"""Contracts as the tests enter them; each needs an app context."""

import io
from datetime import date

from portal.budget.rules.contracts import ContractDraft
from portal.core.files.checking import Upload
from portal.core.files.services import KeptUpload, keep_uploads
from portal.core.money import Cents
from tests.conftest import NOW
from tests.make import PROJECT

CONTRACTS = f"/projects/{PROJECT}/contracts"
CATERING = ContractDraft(
    reference="C-1",
    name="Catering of the workshops",
    signed_on=date(2026, 3, 1),
    amount_cents=Cents(100000),
    currency="EUR",
    supplier="Catering and Sons",
    vat_number="LT100001234",
    beneficial_owners="",
    note="",
)


def keep(*files: tuple[str, bytes]) -> list[KeptUpload]:
    """The files, kept."""
    return keep_uploads([Upload(name, io.BytesIO(content)) for name, content in files], now=NOW)
