"""Answers that travel small: files of our own, and what is the same for all. Nothing that holds a secret is packed,
because the size of what is packed together with someone else's words tells of them.
"""

import gzip
from typing import Final

from flask import Flask, Response, request

from portal.core.web.headers import FILES, is_for_all

PACKED: Final = "gzip"
KINDS: Final = ("text/", "application/json", "application/javascript", "image/svg+xml")
FILE_LEVEL, ANSWER_LEVEL = 9, 6

# Packed files by endpoint and ETag, which a file gets from its path, its size and when it was changed.
_files: dict[tuple[str, str], bytes] = {}


def init_compression(app: Flask) -> None:
    """Pack what may be packed for those who say that they can unpack it."""
    app.after_request(_pack)


def _pack(response: Response) -> Response:
    is_file = request.endpoint in FILES
    # An answer of 304 says of which kind of content it speaks by its ETag alone.
    if not (is_file or is_for_all(response)) or response.status_code not in (200, 304):
        return response
    if response.status_code == 200 and not str(response.mimetype).startswith(KINDS):
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings.quality(PACKED):
        return response
    etag, _ = response.get_etag()
    if etag:
        # The same content in other bytes: equal, not identical.
        response.set_etag(etag, weak=True)
    if response.status_code == 200:
        # Read in any case, so that a file is closed again.
        response.direct_passthrough = False
        content = response.get_data()
        response.set_data(_packed_file(content, etag) if is_file and etag else _packed(content, ANSWER_LEVEL))
        response.headers["Content-Encoding"] = PACKED
        response.headers.pop("Accept-Ranges", None)
    return response


def _packed_file(content: bytes, etag: str) -> bytes:
    name = (str(request.endpoint), etag)
    if name not in _files:
        _files[name] = _packed(content, FILE_LEVEL)
    return _files[name]


def _packed(content: bytes, level: int) -> bytes:
    return gzip.compress(content, level, mtime=0)
