"""What the address of an audit page asks for."""

from flask import request

from portal.audit.queries import AuditFilter
from portal.core.errors import InvalidInput
from portal.core.web.days import asked_day


def asked_filter() -> AuditFilter:
    """The entries that the address asks for; raise InvalidInput where it cannot be read."""
    number = request.args.get("subject_id", "").strip()
    if number and not (number.isascii() and number.isdigit() and len(number) < 10):
        raise InvalidInput("number-unreadable", where="subject_id", value=number)
    return AuditFilter(
        kind=request.args.get("kind", ""),
        subject_id=int(number) if number else None,
        subject=request.args.get("subject", "").strip()[:300],
        actor=request.args.get("actor", "").strip().lower(),
        first_day=asked_day("first_day"),
        last_day=asked_day("last_day"),
    )
