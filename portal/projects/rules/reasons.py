"""The reasons that are kept beside figures: of what was entered by hand, and of events that are not to count."""

import unicodedata
from collections.abc import Iterator
from typing import Final

from portal.core.errors import Problem

LONGEST_REASON: Final = 2_000


def reason_problems(reason: str) -> Iterator[Problem]:
    """Why a reason cannot be kept as it is, at its field; that there is one at all is for others to ask for."""
    if len(reason) > LONGEST_REASON:
        yield Problem("text-too-long", "reason", {"limit": LONGEST_REASON})
    elif any(unicodedata.category(each) == "Cc" and each not in "\n\t" for each in reason):
        yield Problem("text-unprintable", "reason")
