"""Which passwords are good enough. Length counts, not kinds of characters; what is guessed first is refused.

Source: NIST SP 800-63B 5.1.1.2 (length, a list of common ones, nothing of the person, no rules of composition).
"""

import re
import unicodedata
from collections.abc import Iterator

from portal.accounts.rules.common_words import ROWS, WORDS
from portal.core.errors import Problem

SHORTEST = 12
LONGEST = 200
# A password must hold this many letters or digits that are no common word, no year and no run of keys.
LEAST_OF_ITS_OWN = 4
# A person's name counts from this length on: shorter ones are parts of ordinary words.
SHORTEST_NAME = 4
SHORTEST_RUN = 4
DOUBLED = 2

_LEET = str.maketrans("0134578@$!|€", "oieastbasile")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_SEPARATORS = re.compile(r"[\W_]+")
_REPEATED = re.compile(r"(.{1,12}?)\1+")
_COMMON = re.compile("|".join(sorted(map(re.escape, WORDS), key=lambda word: (-len(word), word))))


def canonical(password: str) -> str:
    """The password as it is hashed: the same letters are the same, whichever keyboard composed them."""
    return unicodedata.normalize("NFC", password)


def password_problems(password: str, *, name: str, email: str) -> list[Problem]:
    """What is wrong with a password that the person called `name` with this e-mail chooses; empty if nothing is."""
    length = len(canonical(password))
    if length < SHORTEST:
        return [Problem("password-short", "password", {"least": SHORTEST, "length": length})]
    if length > LONGEST:
        return [Problem("password-long", "password", {"most": LONGEST})]
    if any(part in reading for part in _personal(name, email) for reading in _readings(password)):
        return [Problem("password-personal", "password")]
    if is_common(password):
        return [Problem("password-common", "password")]
    return []


def is_common(password: str) -> bool:
    """Whether the password is made of what is tried first: common words, years, keyboard runs and repetitions.

    Capitals, diacritics and digits that stand for letters make no difference.
    """
    return any(len(_own_part(reading)) < LEAST_OF_ITS_OWN for reading in _readings(password))


def _readings(password: str) -> Iterator[str]:
    """The ways of reading a password as words: as it is, without what is hung on, with digits as letters."""
    plain = _fold(password)
    without_years = _YEAR.sub(" ", plain)
    for text in dict.fromkeys((plain, without_years, _ENDS.sub("", plain), _ENDS.sub("", without_years))):
        yield text
        yield text.translate(_LEET)
        yield text.translate(_LEET).replace("i", "l")
        # Separated letters are still a word.
        yield _SEPARATORS.sub("", text.translate(_LEET))


def _fold(text: str) -> str:
    """The text in small letters without diacritics."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l").replace("ß", "ss"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _own_part(text: str) -> str:
    """What is left of a reading when everything common is taken out of it."""
    return min((_rest(text), _rest(_once(_SEPARATORS.sub("", text)))), key=len)


def _rest(text: str) -> str:
    text = _without_runs(_YEAR.sub(" ", _COMMON.sub(" ", text)))
    return _once(_SEPARATORS.sub("", text))


def _once(text: str) -> str:
    """Whatever is said several times on end, said once; a doubled letter stays."""
    return _REPEATED.sub(lambda match: match[0] if len(match[0]) == DOUBLED else match[1], text)


def _without_runs(text: str) -> str:
    """The text without stretches of a keyboard's row or of the alphabet."""
    for row in ROWS:
        for line in (row, row[::-1]):
            text = _without_stretches(text, line + line if line.isdigit() else line)
    return text


def _without_stretches(text: str, line: str) -> str:
    for length in range(min(len(text), len(line)), SHORTEST_RUN - 1, -1):
        for start in range(len(line) - length + 1):
            text = text.replace(line[start : start + length], " ")
    return text


def _personal(name: str, email: str) -> list[str]:
    """What of a person a password must not hold, folded."""
    local, _, domain = _fold(email).partition("@")
    parts = [*re.split(r"[\W\d_]+", _fold(name)), *re.split(r"[\W_]+", local), local, _fold(name).replace(" ", "")]
    parts += domain.split(".")[:-1]
    return [part for part in dict.fromkeys(parts) if len(part) >= SHORTEST_NAME]
