"""The secrets in the links that people are given; none of them is in a table."""

import hmac

from portal.accounts.rules.tokens import keyed_digest

NONCE = 16
# Hex letters of a digest: 128 bits.
LENGTH = 32


def personal_secret(key: str, nonce: str) -> str:
    """What the address of the person's own page ends with, made from the portal's `key` and their `nonce`."""
    return nonce + keyed_digest(key, "registration", nonce)[:LENGTH]


def mailed_secret(key: str, nonce: str) -> str:
    """What only the links in mails carry besides: whoever has it reads the mails of that address."""
    return keyed_digest(key, "registration mailed", nonce)[:LENGTH]


def nonce_of(key: str, secret: str) -> str | None:
    """The nonce that a personal secret was made from; None if it is no such secret."""
    nonce = secret[:NONCE]
    is_ours = len(nonce) == NONCE and hmac.compare_digest(secret.encode(), personal_secret(key, nonce).encode())
    return nonce if is_ours else None


def was_mailed(key: str, nonce: str, secret: str) -> bool:
    """Whether `secret` is the one of the mails to the person with this nonce."""
    return hmac.compare_digest(secret.encode(), mailed_secret(key, nonce).encode())
