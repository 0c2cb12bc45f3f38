"""What readers must know before they believe an analysis: warnings as codes, each with the place and its values.

No warning tells a figure of too few people.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from portal.surveys.rules.analysis.inputs import Shape, StudyAnswers, WaveAnswers, count, is_suppressed, share, too_few
from portal.surveys.rules.analysis.scoring import ScoredScale, bounds_of
from portal.surveys.rules.disclosure import MIN_RESPONDENTS, is_few
from portal.surveys.rules.statistics.descriptives import ends
from portal.surveys.rules.statistics.reliability import item_total_correlations, wrongly_reversed

# Means of fewer people move far by chance.
FEW: Final = 30
# Below it the items of a scale hardly measure one thing. Source: Nunnally & Bernstein 1994.
LEAST_ALPHA: Final = 0.7
# More people than this at an end of a scale leave no room for change. Source: Terwee et al. 2007.
MOST_AT_END: Final = 0.15
# Scores of so few items stand at an end often.
ITEMS_WITH_ENDS: Final = 3
# More people than this without an answer make those who gave one doubtful.
MOST_MISSING: Final = 0.2
# More pairs than this that are none spoil what is said of the same people.
MOST_FALSE: Final = 0.05
# A correlation is told apart from none if it is so many times 1 / √n.
CLEARLY: Final = 2.0


def find_doubts(study: StudyAnswers, scored: Sequence[ScoredScale], document: Shape) -> list[Shape]:
    """The warnings, those of the whole study first."""
    return [
        *_of_waves(study),
        *_of_versions(study),
        *_of_pairing(study, document["pairing"]),
        *(
            doubt
            for each, shape in zip(scored, document["scales"], strict=True)
            for doubt in _of_scale(study, each, shape)
        ),
        *_of_missing(study),
        *_of_levels(document),
    ]


def _doubt(code: str, where: str, **values: Any) -> Shape:
    return {"code": code, "where": where, "values": values}


def _of_waves(study: StudyAnswers) -> Iterator[Shape]:
    for wave in study.waves:
        if is_few(wave.size):
            yield _doubt("wave-too-small", wave.key, least=MIN_RESPONDENTS)
        elif 0 < wave.size < FEW:
            yield _doubt("few-answers", wave.key, n=wave.size)


def _of_versions(study: StudyAnswers) -> Iterator[Shape]:
    """Waves that were asked other things than the last version asks."""
    if study.compared is None:
        return
    first, last = (wave.asked for wave in study.compared)
    if first.number == last.number:
        return
    items = [item.key for item in study.instrument.items]
    apart = [key for key in items if key not in first.items or key not in last.items]
    yield _doubt("instruments-differ", "", first=first.number, second=last.number, items=apart)
    reworded = [key for key in items if key not in apart and first.items[key] != last.items[key]]
    if reworded:
        yield _doubt("items-reworded", "", items=reworded)


def _of_pairing(study: StudyAnswers, told: Shape) -> Iterator[Shape]:
    """Pairs that are few, or many of which may be none; `told` is what is said of them."""
    found = study.pairing
    if not found.matched or any(too_few(wave.size) for wave in study.compared or ()):
        return
    if too_few(found.matched):
        yield _doubt("few-pairs", "", least=MIN_RESPONDENTS)
    elif found.expected_false_matches > MOST_FALSE * found.matched:
        yield _doubt("false-matches", "", expected=found.expected_false_matches, matched=told["matched"])


def _of_scale(study: StudyAnswers, scored: ScoredScale, shape: Shape) -> Iterator[Shape]:
    scale = scored.scale
    waves = [wave for wave in study.waves if wave.size]
    changed = sorted({key for wave in waves for key in scale.items if key not in wave.asked.items})
    if changed:
        yield _doubt("scale-items-differ", scale.key, items=changed)
    if any(wave.asked.scales.get(scale.key, now) != now for now in [frozenset(scale.items)] for wave in waves):
        yield _doubt("scale-redefined", scale.key, number=study.number)
    for wave in scored.waves:
        if not is_suppressed(shape["waves"][wave.key]):
            yield from _of_scores(study, scored, shape, wave)
    yield from _of_reversed(study, scored)


def _of_scores(study: StudyAnswers, scored: ScoredScale, shape: Shape, wave: WaveAnswers) -> Iterator[Shape]:
    """A scale that does not hold together in a wave, or where many stand at an end."""
    scale, number = scored.scale, shape["waves"][wave.key]["n"]
    alpha = None if shape["alpha"] is None else shape["alpha"][wave.key].get("value")
    if alpha is not None and alpha < LEAST_ALPHA:
        yield _doubt("low-alpha", scale.key, wave=wave.key, alpha=alpha, n=number)
    least, most = bounds_of(study.instrument, scale)
    if least is None or most is None or len(scale.items) < ITEMS_WITH_ENDS:
        return
    found = ends(scored.scores[wave.key], least, most)
    for code, part in (("floor", found.floor), ("ceiling", found.ceiling)):
        if part is not None and part > MOST_AT_END:
            yield _doubt(code, scale.key, wave=wave.key, share=part, n=number)


def _of_reversed(study: StudyAnswers, scored: ScoredScale) -> Iterator[Shape]:
    """Items that clearly go against the others of their scale, in each wave where they do."""
    for wave in study.waves:
        number = count(scored.scores[wave.key])
        if too_few(number) or len(scored.scale.items) < ITEMS_WITH_ENDS:
            continue
        answers = scored.answers[wave.key]
        found = item_total_correlations(answers)
        for column in wrongly_reversed(answers):
            key, against = scored.scale.items[column], found[column]
            answered = count(answers[:, column])
            is_clear = against is not None and against < -CLEARLY / np.sqrt(max(answered, 1))
            if is_clear and not too_few(answered):
                values = {"scale": scored.scale.key, "wave": wave.key, "correlation": against, "n": answered}
                yield _doubt("looks-reversed", key, **values)


def _of_missing(study: StudyAnswers) -> Iterator[Shape]:
    """Items that everybody was asked and many did not answer."""
    for item in study.instrument.items:
        for wave in study.waves:
            missing = share(wave.size - wave.answered[item.key], wave.size)
            is_asked = item.show_if is None and item.kind != "text" and item.key in wave.asked.items
            if is_asked and missing > MOST_MISSING and not too_few(wave.answered[item.key]):
                yield _doubt("many-missing", item.key, wave=wave.key, share=missing, n=wave.size)


def _of_levels(document: Shape) -> Iterator[Shape]:
    """Groups of which some levels are not told of."""
    hidden = {
        group
        for scale in document["scales"]
        for group, levels in scale["groups"].items()
        for level in levels.values()
        if is_suppressed(level) or any(is_suppressed(each) for each in level["waves"].values())
    }
    for group in sorted(hidden):
        yield _doubt("levels-hidden", group, least=MIN_RESPONDENTS)
