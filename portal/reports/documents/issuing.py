"""Drawing up the certificates of an event: each file is made once and kept, before what refers to it is stored."""

import io
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime

from portal.activities.models import Event
from portal.activities.queries.certificates import Reached, certified
from portal.activities.rules.certificates import CODE_BYTES, code_of
from portal.activities.services.certificates import CertificateDraft
from portal.core.files.checking import Upload
from portal.core.files.services import KeptUpload, keep_uploads
from portal.projects.models import Project
from portal.reports.documents.certificates import Attested, certificate_pdfs


def draw_up_certificates(
    project: Project,
    event: Event,
    reached: Reached,
    languages: Sequence[str],
    *,
    address_of: Callable[[str], str],
    now: datetime,
) -> list[CertificateDraft]:
    """A certificate for each person to whom one is due; `address_of` says where a code is checked.

    They are no more than are issued at once: whoever sends the form holds its key for so long.
    """
    says = certified(event)
    codes = [code_of(secrets.token_bytes(CODE_BYTES)) for _ in reached.due]
    whole = reached.of_minutes
    attested = [
        Attested(row.person.name, row.minutes, whole, code, address_of(code))
        for row, code in zip(reached.due, codes, strict=True)
    ]
    pdfs = certificate_pdfs(project, event, attested, languages, now=now)
    return [
        CertificateDraft(row.person.id, each.name, each.minutes, whole, each.code, says, _keep(each.code, pdf, now))
        for row, each, pdf in zip(reached.due, attested, pdfs, strict=True)
    ]


def _keep(code: str, pdf: bytes, now: datetime) -> KeptUpload:
    return keep_uploads([Upload(f"{code}.pdf", io.BytesIO(pdf))], now=now)[0]
