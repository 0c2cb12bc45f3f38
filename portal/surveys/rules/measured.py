"""What an indicator may look at in a survey, and what it names that the survey does not have. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from portal.core.errors import Problem
from portal.surveys.rules.documents import LIKERT, MULTIPLE, NUMBER, SINGLE, Instrument, Item

MEAN, SHARE = "mean", "share"
# A single choice between so many is a yes or a no, and has a mean.
TWO = 2


def statistics_of(item: Item) -> tuple[str, ...]:
    """What can be told of the answers to an item: of numbers no share, of choices no mean, of texts nothing."""
    if item.kind == LIKERT or (item.kind == SINGLE and len(item.choices) == TWO):
        return MEAN, SHARE
    if item.kind in (SINGLE, MULTIPLE):
        return (SHARE,)
    return (MEAN,) if item.kind == NUMBER else ()


def study_problem(key: str, there: Sequence[str]) -> Problem:
    """That the project has no study with this key; `there` are the keys of those it has."""
    code = "measured-study" if there else "measured-no-study"
    return Problem(code, "study", {"key": key, "keys": list(there)})


def measured_problems(
    measure: Mapping[str, Any], waves: Sequence[str], documents: Sequence[Instrument]
) -> Iterator[Problem]:
    """What the measure names that its study does not have, `where` being the option; each says what there is instead.

    `documents` are the versions that are looked at.
    """
    if measure["wave"] not in waves:
        code = "measured-wave" if waves else "measured-no-wave"
        yield Problem(code, "wave", {"key": measure["wave"], "keys": list(waves), "study": measure["study"]})
    if measure.get("scale"):
        yield from _scale_problems(measure, documents)
    else:
        yield from _item_problems(measure, documents)


def _scale_problems(measure: Mapping[str, Any], documents: Sequence[Instrument]) -> Iterator[Problem]:
    there = list(dict.fromkeys(each.key for document in documents for each in document.scales))
    if measure["scale"] not in there:
        code = "measured-scale" if there else "measured-no-scale"
        yield Problem(code, "scale", {"key": measure["scale"], "keys": there, "study": measure["study"]})
    elif measure["statistic"] == SHARE and not _has_middle(measure["scale"], documents):
        yield Problem("measured-without-share", "statistic", {"key": measure["scale"]})


def _has_middle(key: str, documents: Sequence[Instrument]) -> bool:
    """Whether the questions of the scale share their ends, in the first document that has it: else none is above it."""
    document, scale = next((each, scale) for each in documents for scale in each.scales if scale.key == key)
    return len({(item.least, item.most) for item in map(document.item, scale.items)}) == 1


def _item_problems(measure: Mapping[str, Any], documents: Sequence[Instrument]) -> Iterator[Problem]:
    items = {each.key: each for document in reversed(documents) for each in document.items}
    key = measure.get("item", "")
    if key not in items:
        code = "measured-item" if items else "measured-no-item"
        yield Problem(code, "item", {"key": key, "keys": list(items), "study": measure["study"]})
        return
    yield from _statistic_problems(items[key], measure["statistic"])


def _statistic_problems(item: Item, statistic: str) -> Iterator[Problem]:
    there = statistics_of(item)
    if not there:
        yield Problem("measured-text", "item", {"key": item.key})
    elif statistic not in there:
        code = "measured-without-mean" if statistic == MEAN else "measured-without-share"
        yield Problem(code, "statistic", {"key": item.key})
