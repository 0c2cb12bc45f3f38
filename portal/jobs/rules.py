"""When a mail is tried again, and how much of it administrators see."""

import re
from datetime import timedelta

# After each failed attempt; a whole day in all. Then the mail has failed and waits for an administrator.
DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 480, 720))

# How long one attempt may take. Nobody else tries meanwhile, so it is far longer than the mail server may dawdle.
ATTEMPT = timedelta(minutes=10)

# How long a running job may be silent before it counts as dead, and how often a dead one is begun again.
SILENCE = timedelta(minutes=2)
MOST_ATTEMPTS = 3

# How long what is done and sent is kept.
KEPT = timedelta(days=30)

LINK = re.compile(r"(https?://[^/\s]+)/\S+")


def next_delay(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts; None if it was the last one."""
    return DELAYS[attempts - 1] if attempts <= len(DELAYS) else None


def masked(recipient: str) -> str:
    """The address with only the first letter of its name: a…@example.org."""
    name, _, host = recipient.rpartition("@")
    return f"{name[:1]}…@{host}"


def without_links(text: str) -> str:
    """The text with its links cut after the host, so that nobody else can follow them."""
    return LINK.sub(r"\1/…", text)
