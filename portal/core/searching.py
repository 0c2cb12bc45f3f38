"""Finding words in texts as people type them: capitals, diacritics and kinds of dashes make no difference.

Texts are folded here rather than by the database, so that SQLite and PostgreSQL find the same.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

LONGEST_QUERY: Final = 200
FEWEST_LETTERS: Final = 2

_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")
# Letters that Unicode does not take apart, and signs that keyboards have only one of.
_PLAIN: Final = str.maketrans(
    {
        **dict(zip("łøđðħŧıȷŋ", "loddhtijn", strict=True)),
        **dict(zip("æœþ", ("ae", "oe", "th"), strict=True)),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("’‘ʼ‛", "'"),
        **dict.fromkeys("“”„‟«»", '"'),
    }
)


def fold(text: str) -> str:
    """The text in small letters without diacritics: Łódź and LODZ fold alike, and so do ž and z."""
    return _NOT_ASCII.sub(_fold_match, text.lower())


def search_words(query: str) -> tuple[str, ...]:
    """The folded words of what was typed, each once, in order."""
    return tuple(dict.fromkeys(fold(query).split()))


def long_enough(words: Iterable[str]) -> bool:
    """Whether the words say enough to look for: one single letter is in every text."""
    return sum(map(len, words)) >= FEWEST_LETTERS


def holds_all(words: Iterable[str], *texts: str) -> bool:
    """Whether each of the folded words stands somewhere in the texts, also inside a longer word."""
    folded = fold("\n".join(texts))
    return all(word in folded for word in words)


def _fold_match(found: re.Match[str]) -> str:
    return _fold_letter(found.group())


@lru_cache(maxsize=4096)
def _fold_letter(letter: str) -> str:
    """One letter taken apart by compatibility, without the marks that combine; remembered: texts have few kinds."""
    return _bare(_bare(letter).casefold()).translate(_PLAIN)


def _bare(letter: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(each))
