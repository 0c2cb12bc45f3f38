"""How people are named: their e-mail and their name."""

import re

from portal.core.errors import Problem

LONGEST_EMAIL = 254
LONGEST_NAME = 200
# What mail servers and our own mails handle everywhere; quoted local parts and non-ASCII domains are left out.
EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z0-9-]*[a-z][a-z0-9-]*")


def plain_email(text: str) -> str:
    """The e-mail as accounts are known by it: in lower case, without space around."""
    return text.strip().lower()


def email_problems(email: str) -> list[Problem]:
    """What is wrong with a plain e-mail."""
    if len(email) <= LONGEST_EMAIL and EMAIL.fullmatch(email):
        return []
    return [Problem("email-malformed", "email")]


def name_problems(name: str) -> list[Problem]:
    """What is wrong with a person's name."""
    if not name.strip():
        return [Problem("name-missing", "name")]
    if len(name) > LONGEST_NAME or not name.isprintable():
        return [Problem("name-malformed", "name", {"limit": LONGEST_NAME})]
    return []


def account_label(number: int) -> str:
    """What the audit calls an account: its number, which names nobody."""
    return f"account {number}"


def account_number(label: str) -> int | None:
    """The account that the audit calls this; None where it is something else."""
    kind, _, number = label.partition(" ")
    return int(number) if kind == "account" and number.isdecimal() else None
