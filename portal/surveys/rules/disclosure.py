"""What is told of answers at all, and when something new may be told of them.

Who compares what was told before with what is told now learns of those alone who came or went between.
Source: rules of surveys and of disclosure.
"""

from collections.abc import Iterable, Mapping
from typing import Final

# No figure is told of fewer respondents.
MIN_RESPONDENTS: Final = 10


def is_few(number: int) -> bool:
    """Whether these are people, and too few to tell anything of them: 1 to 9."""
    return 0 < number < MIN_RESPONDENTS


def number_changed(before: Mapping[str, int], after: Mapping[str, int]) -> int:
    """At least how many people's answers differ; both: where answers come from -> how many do.

    That is by how many there are more or fewer; where there are as many, how many came from somewhere else before.
    Answers that were taken back while as many others came from the same place are not seen, and answers that were taken
    back and brought again are taken for others.
    """
    apart = abs(sum(after.values()) - sum(before.values()))
    return apart or sum(abs(before.get(key, 0) - after.get(key, 0)) for key in {*before, *after}) // 2


def gives_away(changed: Iterable[int]) -> bool:
    """Whether what is told anew would tell, by comparison, of few people; `changed`: how many are, by wave."""
    return any(map(is_few, changed))
