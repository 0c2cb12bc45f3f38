"""Handing out stored files: always to be saved, never shown, never kept by anyone in between."""

import io

from flask import Response, send_file


def attachment(content: bytes, *, name: str, media_type: str) -> Response:
    """The answer that hands out the content under this name (RFC 6266, letters of every language intact)."""
    answer = send_file(
        io.BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name, conditional=False, etag=False
    )
    answer.headers["Cache-Control"] = "no-store"
    # Should a browser show it all the same, it may neither load nor run anything.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return answer
