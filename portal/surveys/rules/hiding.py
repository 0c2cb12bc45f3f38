"""Which levels of a group are told of: none of fewer people than may be, and none by which one of those could be found.

Who knows the figures of the whole and of all levels but one knows that one too. Source: rules of disclosure.
"""

from collections.abc import Mapping

from portal.surveys.rules.disclosure import MIN_RESPONDENTS, is_few


def hidden_levels(numbers: Mapping[str, int], total: int, overall: Mapping[str, int] | None = None) -> frozenset[str]:
    """The levels that are not told of, where `total` is told; `numbers`: respondents by level, in the levels' order.

    That nobody is in a level is no secret. Beside those that are too small the smallest of the others (the last of
    equals) is hidden as long as what is left of the whole, respondents without a level among it, stands for fewer
    people than may be told of.
    With `overall`, the numbers in all waves together, these say which is the smallest, so that waves hide the same.
    """
    sizes = numbers if overall is None else overall
    shown = [level for level, number in numbers.items() if number >= MIN_RESPONDENTS]
    while shown and is_few(total - sum(numbers[level] for level in shown)):
        shown.remove(min(reversed(shown), key=lambda level: sizes[level]))
    return frozenset(level for level, number in numbers.items() if number) - frozenset(shown)
