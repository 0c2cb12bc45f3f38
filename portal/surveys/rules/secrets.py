"""The links and codes by which people answer, and how a sitting is known.

A link is open to everybody and stands on posters; of codes and sittings only hashes are kept.
"""

import hashlib
import hmac
import re
from typing import Final

# Without letters and digits that look alike on paper: 80 bits in 16 of them.
LETTERS: Final = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"
LENGTH: Final = 16
BLOCK: Final = 4
MOST_AT_ONCE: Final = 5_000
# A link is typed by hand from a poster: 50 bits, so that no survey is found by guessing, in two blocks of five.
LINK_LENGTH: Final = 10
LINK_BLOCK: Final = 5
# A sitting that nobody has touched for so many days is deleted.
KEPT_DAYS: Final = 7

_CODE = re.compile(rf"[{LETTERS}]{{{LENGTH}}}")
_LINK = re.compile(rf"[{LETTERS}]{{{LINK_LENGTH}}}")
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def normal_code(text: str) -> str:
    """The code as it is hashed, however it was typed: capitals, no spaces and strokes; '' for what is none."""
    plain = _plain(text)
    return plain if _CODE.fullmatch(plain) else ""


def written_code(code: str) -> str:
    """The code as people read it: in blocks of four."""
    return _in_blocks(code, BLOCK)


def normal_link(text: str) -> str:
    """What a wave's address ends with, however it was typed: small letters, no strokes; '' for what is none."""
    plain = _plain(text)
    return plain.lower() if _LINK.fullmatch(plain) else ""


def written_link(link: str) -> str:
    """What the address of a wave ends with as people read it: in blocks of five; any but a new one as it is."""
    return _in_blocks(link, LINK_BLOCK) if normal_link(link) == link else link


def code_hash(code: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256(code.encode()).hexdigest()


def thanks_mark(secret: str, study_id: int) -> str:
    """What shows that the portal itself gave out the address at which it thanks for answers to the study."""
    return hmac.new(secret.encode(), f"survey thanks\n{study_id}".encode(), "sha256").hexdigest()[:16]


def sitting_hash(secret: str, token: str) -> str:
    """What is kept of a sitting: a hash of the browser's secret together with the link or code it began with.

    So that a sitting cannot be ended with another code, and no row tells which code a sitting began with.
    """
    return hashlib.sha256(f"survey sitting\n{token}\n{secret}".encode()).hexdigest()


def _plain(text: str) -> str:
    """Capitals without spaces and strokes, and one letter for those that look alike."""
    return "".join(sign for sign in text[:100].upper() if sign not in "- –").translate(_ALIKE)


def _in_blocks(text: str, size: int) -> str:
    return "-".join(text[at : at + size] for at in range(0, len(text), size))
