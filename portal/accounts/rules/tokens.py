"""What the database keeps of secrets that are held elsewhere: digests, never the secrets."""

import hashlib
import hmac


def digest(token: str) -> str:
    """The SHA-256 of a random token, in hex: enough for a secret that nobody can guess."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_digest(secret: str, kind: str, text: str) -> str:
    """A digest of what can be guessed, an e-mail or an address, that says nothing without the portal's `secret`."""
    return hmac.new(secret.encode(), f"{kind}\n{text}".encode(), hashlib.sha256).hexdigest()
