"""What pages have in common whose address is a secret."""

from flask import Response


def keep_private(response: Response) -> Response:
    """Tell no other site the address, and let no search engine list it; our own forms still say where they are."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
