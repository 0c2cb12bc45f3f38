"""What an indicator may look at in a survey, what it names that is not there, and what its figure can be. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from portal.core.errors import Problem
from portal.surveys.rules.documents import LIKERT, MULTIPLE, NUMBER, SINGLE, Instrument, Item

MEAN, SHARE = "mean", "share"
# A single choice between so many is a yes or a no, and has a mean.
TWO = 2
# Questions whose share is of those who gave the first choice.
CHOSEN: Final = (SINGLE, MULTIPLE)
WHOLE: Final = Decimal(100)


class Ends(NamedTuple):
    """The least and the greatest that a figure can be; None where nothing says so."""

    least: Decimal | None
    most: Decimal | None


def statistics_of(item: Item) -> tuple[str, ...]:
    """What can be told of the answers to an item: of numbers no share, of choices no mean, of texts nothing."""
    if item.kind == LIKERT or (item.kind == SINGLE and len(item.choices) == TWO):
        return MEAN, SHARE
    if item.kind in CHOSEN:
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


def target_problem(measure: Mapping[str, Any], target: Decimal, documents: Sequence[Instrument]) -> Problem | None:
    """That what the measure says can never be the target, `where` being "target"; it names the ends of the figure.

    `documents` are the versions that are looked at; what none of them has is not judged.
    """
    ends = _ends(measure, documents)
    is_below = ends.least is not None and target < ends.least
    if not is_below and not (ends.most is not None and target > ends.most):
        return None
    values = {name: int(end) if end == int(end) else end for name, end in ends._asdict().items() if end is not None}
    code = "target-outside" if None not in ends else "target-below" if is_below else "target-above"
    return Problem(code, "target", values)


def _ends(measure: Mapping[str, Any], documents: Sequence[Instrument]) -> Ends:
    """Of a share 0 to 100; of a mean the widest that the documents have."""
    if measure["statistic"] == SHARE:
        return Ends(Decimal(0), WHOLE)
    items = [item for document in documents for item in _measured_items(measure, document)]
    found = [Ends(Decimal(0), Decimal(1)) if item.kind in CHOSEN else Ends(item.least, item.most) for item in items]
    lows, highs = [each.least for each in found], [each.most for each in found]
    least = min((each for each in lows if each is not None), default=None)
    most = max((each for each in highs if each is not None), default=None)
    return Ends(None if None in lows else least, None if None in highs else most)


def _measured_items(measure: Mapping[str, Any], document: Instrument) -> list[Item]:
    """The items of the scale, or the item, that the measure looks at."""
    key = measure.get("scale")
    keys = {part for scale in document.scales if scale.key == key for part in scale.items} if key else set()
    return [item for item in document.items if item.key in (keys if key else {measure.get("item")})]


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
