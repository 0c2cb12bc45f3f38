"""Hashing passwords and checking them. No other module knows how."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.accounts.rules.passwords import canonical

# What accounts without a password keep; no password has this hash.
NO_PASSWORD = ""

# 19 MiB, two passes, one lane: OWASP's first recommendation for argon2id.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Checked where there is no password, so that every answer takes the same time.
_NO_ONE = _hasher.hash("no one signs in with this")


def hash_password(password: str) -> str:
    """The argon2id hash of a password."""
    return _hasher.hash(canonical(password))


def is_right(password: str, password_hash: str) -> bool:
    """Whether the hash is of this password; it takes the same time where there is no hash."""
    try:
        _hasher.verify(_NO_ONE if password_hash == NO_PASSWORD else password_hash, canonical(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash != NO_PASSWORD


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than those of today."""
    return _hasher.check_needs_rehash(password_hash)
