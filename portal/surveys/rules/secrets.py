"""The codes that let somebody answer once, and how a sitting is known; of either only a hash is kept."""

import hashlib
import re
from typing import Final

# Without letters and digits that look alike on paper: 80 bits in 16 of them.
LETTERS: Final = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"
LENGTH: Final = 16
BLOCK: Final = 4
MOST_AT_ONCE: Final = 5_000
# A sitting that nobody has touched for so many days is deleted.
KEPT_DAYS: Final = 7

_CODE = re.compile(rf"[{LETTERS}]{{{LENGTH}}}")
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def normal_code(text: str) -> str:
    """The code as it is hashed, however it was typed: capitals, no spaces and strokes; '' for what is none."""
    plain = "".join(sign for sign in text[:100].upper() if sign not in "- –").translate(_ALIKE)
    return plain if _CODE.fullmatch(plain) else ""


def written_code(code: str) -> str:
    """The code as people read it: in blocks of four."""
    return "-".join(code[at : at + BLOCK] for at in range(0, len(code), BLOCK))


def code_hash(code: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256(code.encode()).hexdigest()


def sitting_hash(secret: str, token: str) -> str:
    """What is kept of a sitting: a hash of the browser's secret together with the link or code it began with.

    So that a sitting cannot be ended with another code, and no row tells which code a sitting began with.
    """
    return hashlib.sha256(f"survey sitting\n{token}\n{secret}".encode()).hexdigest()
