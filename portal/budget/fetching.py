"""Fetching the Commission's rates from the address that the portal is configured with: one request, nothing else.

The answer is bounded in time and size, and never taken from another place than the configured one.
"""

import http.client
import time
import urllib.error
import urllib.request
from typing import IO, NamedTuple
from urllib.parse import urlsplit

from portal.budget.imports.rates import MEGABYTE, MOST_BYTES
from portal.core.errors import InvalidInput

CHUNK_BYTES = 64 * 1024
MOST_REDIRECTS = 3


class RatesAddress(NamedTuple):
    """Where rates are fetched: an address with {year} and {month} in it, and after how many seconds it is given up."""

    template: str
    timeout_seconds: int

    def of(self, month: str) -> str:
        """The address for a month written like 2026-07; `{month}` is its number in two digits."""
        year, number = month.split("-")
        return self.template.replace("{year}", year).replace("{month}", number)


class _SamePlace(urllib.request.HTTPRedirectHandler):
    """Follows an answer only to the host, the port and the scheme that were asked."""

    max_redirections = MOST_REDIRECTS

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if _place(newurl) != _place(req.full_url):
            raise InvalidInput("rates-fetch-elsewhere")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(address: RatesAddress, month: str) -> bytes:
    """What the address answers for the month.

    Raise InvalidInput (rates-fetch-late, rates-fetch-refused, rates-fetch-elsewhere, rates-fetch-unreachable,
    rates-too-large) where that is no answer that could be read.
    """
    until = time.monotonic() + address.timeout_seconds
    request = urllib.request.Request(address.of(month), headers={"Accept": "application/json"})  # noqa: S310  configured
    opener = urllib.request.build_opener(_SamePlace())
    try:
        with opener.open(request, timeout=address.timeout_seconds) as answer:
            return _read(answer, until)
    except urllib.error.HTTPError as error:
        raise InvalidInput("rates-fetch-refused") from error
    except TimeoutError as error:
        raise InvalidInput("rates-fetch-late") from error
    except urllib.error.URLError as error:
        late = isinstance(error.reason, TimeoutError)
        raise InvalidInput("rates-fetch-late" if late else "rates-fetch-unreachable") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise InvalidInput("rates-fetch-unreachable") from error


def _read(answer: http.client.HTTPResponse, until: float) -> bytes:
    """The answer's content, as long as it comes in time and is not too large."""
    content = bytearray()
    while part := answer.read1(CHUNK_BYTES):
        content += part
        if len(content) > MOST_BYTES:
            raise InvalidInput("rates-too-large", limit=MOST_BYTES // MEGABYTE)
        if time.monotonic() > until:
            raise TimeoutError
    return bytes(content)


def _place(address: str) -> tuple[str, str, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname or "", parts.port
