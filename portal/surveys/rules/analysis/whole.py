"""The whole analysis of a study, as interfaces write it. Source: rules of surveys, analysis."""

import math
from typing import Any

from portal.core.money import FULL_RATE
from portal.surveys.rules.analysis.doubts import find_doubts
from portal.surveys.rules.analysis.families import settle_families
from portal.surveys.rules.analysis.inputs import Shape, StudyAnswers, WaveAnswers, suppressed, too_few
from portal.surveys.rules.analysis.items import describe_item
from portal.surveys.rules.analysis.scales import describe_scale
from portal.surveys.rules.analysis.scoring import score
from portal.surveys.rules.analysis.weighing import Weighed, weigh
from portal.surveys.rules.disclosure import is_few
from portal.surveys.rules.margins import Margin, sources_of
from portal.surveys.rules.statistics.weighting import kish


def describe_study(study: StudyAnswers) -> Shape:
    """The document; numbers in full precision, None for what the answers cannot give."""
    weighed = weigh(study)
    study = weighed.study
    scored = [score(study, scale) for scale in study.instrument.scales]
    compared = study.compared
    document: Shape = {
        "study": study.key,
        "instrument": {
            "number": study.number,
            "hash": study.content_hash,
            "languages": list(study.instrument.languages),
            "waves": {wave.key: wave.asked.number for wave in study.waves},
        },
        "waves": [_wave(wave) for wave in study.waves],
        "compared": None if compared is None else [each.key for each in compared],
        "pairing": _pairing(study),
        "weighting": _weighting(weighed),
        "scales": [describe_scale(study, each) for each in scored],
        "items": [describe_item(study, item) for item in study.instrument.items],
    }
    settle_families(document)
    document["warnings"] = [*find_doubts(study, scored, document), *weighed.doubts]
    finite: Shape = _finite(document)
    return finite


def _wave(wave: WaveAnswers) -> Shape:
    if wave.size and too_few(wave.size):
        return {"key": wave.key, **suppressed()}
    return {"key": wave.key, "n": wave.size}


def _pairing(study: StudyAnswers) -> Shape:
    """How many were found in both waves; not told where they are few, or where few answered in one of them.

    Both waves are twice the pairs and the others. So where few are ambiguous or unmatched, neither number is told; and
    none is where few of a wave, or of both together, are in no pair: else a withheld number would be what is left.
    """
    method = study.instrument.pairing.method
    waves = study.compared or study.waves
    if any(wave.size and too_few(wave.size) for wave in waves):
        return {"method": method, **suppressed()}
    found = study.pairing
    if found.matched and too_few(found.matched):
        return {"method": method, **suppressed()}
    alone = [wave.size - found.matched for wave in waves] if found.matched else []
    tells_rest = not any(map(is_few, (*alone, found.ambiguous + found.unmatched)))
    tells_split = tells_rest and not any(map(is_few, (found.ambiguous, found.unmatched)))
    return {
        "method": method,
        "matched": found.matched if tells_rest else suppressed(),
        "ambiguous": found.ambiguous if tells_split else suppressed(),
        "unmatched": found.unmatched if tells_split else suppressed(),
        "expected_false_matches": found.expected_false_matches,
    }


def _weighting(weighed: Weighed) -> Shape | None:
    """How many equally weighted respondents each wave is worth; None where no answer carries a weight.

    `margins`: the groups to whose known shares waves were weighted, with these `shares` and their `source`.
    """
    study, groups = weighed.study, weighed.groups
    if all(wave.weights is None for wave in study.waves):
        return None
    return {
        "margins": list(groups),
        "shares": {group: _shares(study.margins[group]) for group in groups},
        "source": sources_of(study.margins) if groups else None,
        "waves": {wave.key: _wave_weights(wave) for wave in study.waves},
    }


def _shares(margin: Margin) -> dict[str, float]:
    return {level: share / FULL_RATE for level, share in margin.shares.items()}


def _wave_weights(wave: WaveAnswers) -> Shape:
    if too_few(wave.size):
        return suppressed()
    if wave.weights is None:
        return {"n": wave.size, "n_eff": float(wave.size), "deff": 1.0}
    found = kish(wave.weights)
    return {"n": wave.size, "n_eff": found.n_effective, "deff": found.design_effect}


def _finite(value: Any) -> Any:
    """The document without NaN and infinity, which JSON does not know, and without numpy's own numbers."""
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_finite(each) for each in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value
