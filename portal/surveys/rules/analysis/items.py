"""What the answers say of a single item: how often each was given, and whether that has changed."""

from typing import Final

from portal.surveys.rules.analysis.changes import NUMBER, ORDINAL, YES_NO, Measure, find_change, interval
from portal.surveys.rules.analysis.inputs import Shape, StudyAnswers, WaveAnswers, suppressed, too_few
from portal.surveys.rules.documents import LIKERT, SINGLE, Item
from portal.surveys.rules.documents import NUMBER as NUMBER_ITEM
from portal.surveys.rules.statistics.descriptives import describe

# A single choice between so many is a yes or a no.
TWO: Final = 2


def measure_kind(item: Item) -> str:
    """What is compared of the item's answers; '' where nothing is."""
    if item.kind == LIKERT:
        return ORDINAL
    if item.kind == NUMBER_ITEM:
        return NUMBER
    return YES_NO if item.kind == SINGLE and len(item.choices) == TWO else ""


def describe_item(study: StudyAnswers, item: Item) -> Shape:
    """The item as interfaces write it, with the waves that asked it."""
    return {
        "key": item.key,
        "kind": item.kind,
        "waves": {wave.key: _wave(item, wave) for wave in study.waves if item.key in wave.asked.items},
        "change": _change(study, item),
    }


def _wave(item: Item, wave: WaveAnswers) -> Shape:
    number = wave.answered[item.key]
    if too_few(number):
        return suppressed()
    counts = wave.counts[item.key]
    found, is_share = describe(wave.numbers[item.key]), measure_kind(item) == YES_NO
    return {
        "n": number,
        "counts": None if counts is None else dict(counts),
        "mean": found.mean,
        "sd": None if is_share else found.sd,
        "quartiles": None if is_share or found.quartiles is None else list(found.quartiles),
        "ci": interval(found.ci),
        "missing": dict(wave.missing[item.key]),
    }


def _change(study: StudyAnswers, item: Item) -> Shape | None:
    kind = measure_kind(item)
    if study.compared is None or not kind:
        return None
    first, last = study.compared
    if item.key not in first.asked.items or item.key not in last.asked.items:
        return None
    numbers = first.numbers[item.key], last.numbers[item.key]
    is_pairing = study.instrument.pairing.method != "none"
    weights, cells = (first.weights, last.weights), (first.cells, last.cells)
    return find_change(Measure(kind, *numbers, study.pairing.pairs, is_pairing, *weights, *cells)).shape
