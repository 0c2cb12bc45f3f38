"""What may be said once it is known how many tests were made: p of each family by Holm, and a verdict.

The families: the changes of all scales; those of all items; those of all levels of a group; the contrasts of a group.
Source: rules of surveys, analysis; Holm 1979.
"""

from collections.abc import Iterable
from typing import Any

from portal.surveys.rules.analysis.inputs import Shape, is_suppressed
from portal.surveys.rules.judging import judge
from portal.surveys.rules.statistics.families import holm


def settle_families(document: Shape) -> None:
    """Write into the analysis the corrected p of every test, and what each change and contrast lets us say."""
    scales, items = document["scales"], document["items"]
    _settle_changes(each["change"] for each in scales)
    _settle_changes(each["change"] for each in items)
    for group in {group: None for each in scales for group in each["groups"]}:
        _settle_changes(level.get("change") for each in scales for level in each["groups"][group].values())
        _settle_contrasts([each for scale in scales for each in scale["contrasts"] if each["by"] == group])


def _settle_changes(stated: Iterable[Shape | None]) -> None:
    """A change is tested once; `tests` holds that test."""
    changes: list[Any] = [each for each in stated if each and not is_suppressed(each)]
    corrected = holm([each["tests"][0]["p"] for each in changes])
    for change, p in zip(changes, corrected, strict=True):
        change["tests"][0]["p_holm"] = p
        change["verdict"] = judge(change["ci"], p)


def _settle_contrasts(stated: Iterable[Shape]) -> None:
    contrasts = [each for each in stated if not is_suppressed(each)]
    for each, p in zip(contrasts, holm([each["p"] for each in contrasts]), strict=True):
        each["p_holm"] = p
        each["verdict"] = judge(each["ci"], p)
