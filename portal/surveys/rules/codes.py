"""The code that people build of themselves, so that their answers in two waves can be told to be the same person's.

Each element is kept as a keyed hash only, made with the portal's secret and the study's salt: neither the element nor
the same one in another study can be told from it.
"""

import hmac
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from portal.core.errors import InvalidInput, InvalidInputs, Problem

# Nothing longer is looked at.
LONGEST_ELEMENT: Final = 40
# What fits into the box of an element on a page: a number, or a letter that was typed as two signs.
LONGEST_TYPED: Final = 2
# The elements that ask for a whole number, from the least to the greatest; all others ask for one letter.
NUMBERS: Final[Mapping[str, tuple[int, int]]] = {"c3": (1, 31), "c4": (0, 20), "c7": (1, 12)}
# Hexadecimal digits of a hash: 64 bits tell a few letters apart.
LENGTH: Final = 16
_DIGITS = re.compile(r"[0-9]{1,2}")
# Letters that are no other letter with a mark.
_PLAIN = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "s"})


def normal_element(text: str) -> str:
    """The element as it is compared: small letters without marks and digits only, no zeros in front of a number.

    What somebody types on a phone as "S" and a year later as "š" is the same. Raise InvalidInput if it is too long.
    """
    if len(text) > LONGEST_ELEMENT:
        raise InvalidInput("code-too-long", most=LONGEST_ELEMENT)
    parts = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    plain = "".join(sign for sign in parts if sign.isalnum())
    return (plain.lstrip("0") or "0") if plain.isdecimal() else plain


def element_hashes(secret: str, salt: str, elements: Sequence[str], stated: Mapping[str, str]) -> list[str]:
    """One keyed hash for each of the elements (c1 …) in their order, '' where nothing is stated; [] for nothing at all.

    `secret` is the portal's own, `salt` the study's. Raise InvalidInputs at the elements that are too long, and for
    elements that are not asked.
    """
    problems = [Problem("code-not-asked", key[:LONGEST_ELEMENT]) for key in stated if key not in elements]
    hashes = []
    for key in elements:
        try:
            hashes.append(_hash(secret, salt, key, normal_element(stated.get(key, ""))))
        except InvalidInput as error:
            problems += [problem._replace(where=key) for problem in error.problems]
    if problems:
        raise InvalidInputs(problems)
    return hashes if any(hashes) else []


def check_typed(stated: Mapping[str, str]) -> None:
    """Refuse, at its element, what is neither empty nor the one letter or the number that is asked for.

    Of a whole name nothing is kept, not even a hash: names can be tried out until their hash is the same.
    """
    problems = []
    for key, text in stated.items():
        typed = unicodedata.normalize("NFKC", text[:LONGEST_ELEMENT]).strip(" .\t\n")
        if key in NUMBERS:
            least, most = NUMBERS[key]
            if text.strip() and not (_DIGITS.fullmatch(typed) and least <= int(typed) <= most):
                problems.append(Problem("code-not-number", key, {"least": least, "most": most}))
        elif text.strip() and not (len(typed) == 1 and typed.isalpha()):
            problems.append(Problem("code-not-letter", key))
    if problems:
        raise InvalidInputs(problems)


def _hash(secret: str, salt: str, key: str, element: str) -> str:
    if not element:
        return ""
    text = f"survey pairing\n{salt}\n{key}\n{element}"
    return hmac.new(secret.encode(), text.encode(), "sha256").hexdigest()[:LENGTH]
