"""What a survey can see: with so many answers as it has, or with so many as are asked for.

numpy and scipy are loaded with the first question only.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from portal.surveys.queries.analyses import find_analysis

# Numbers of answers that surveys often have.
USUAL_NUMBERS: Final = (50, 100, 200, 400, 800)
USUAL_POWER: Final = 0.8


class Visible(NamedTuple):
    """The smallest change, in points, that so many answers of each wave show; None: none at all.

    `is_planned`: the second wave has too few answers yet, and was taken to have as many as the first.
    """

    scale: str
    first: int
    second: int
    spread: float
    change: float | None
    is_planned: bool


class Needed(NamedTuple):
    """How many answers each wave needs (None: no number is enough), and what usual numbers show."""

    number: int | None
    usual: Sequence[tuple[int, float | None]]


def needed_answers(
    *, difference: Decimal, spread: Decimal, power: Decimal, correlation: Decimal | None, comparisons: int
) -> Needed:
    """How many answers in each wave (the same people in both, with a correlation) show the difference this surely.

    So many scales or items are compared, and each is judged as strictly as the first of them.
    """
    from portal.surveys.rules.statistics import planning

    chances: dict[str, Any] = {
        "sd": float(spread),
        "power": float(power),
        "correlation": None if correlation is None else float(correlation),
        "level": planning.strictest_level(comparisons),
    }
    number = planning.responses_per_wave(float(difference), **chances)
    usual = [(each, planning.minimum_detectable_change(each, each, **chances)) for each in USUAL_NUMBERS]
    return Needed(number, usual)


def visible_changes(study_id: int) -> list[Visible]:
    """What the answers that were analysed last show of each scale; nothing of scales that too few answered.

    Taken to be different people, which asks for more answers than the same ones would; each scale is judged as strictly
    as the first of all of them.
    """
    kept = find_analysis(study_id)
    if kept is None:
        return []
    scales = kept.result["scales"]
    found = (_visible(scale, kept.result, len(scales)) for scale in scales)
    return [each for each in found if each is not None]


def _visible(scale: dict[str, Any], result: dict[str, Any], comparisons: int) -> Visible | None:
    from portal.surveys.rules.statistics.planning import minimum_detectable_change, strictest_level

    waves = [scale["waves"].get(wave["key"], {}) for wave in result["waves"]]
    told = [wave for wave in waves if wave.get("n") and wave.get("sd")]
    if not told:
        return None
    first, last = told[0], told[-1]
    change = minimum_detectable_change(
        first["n"], last["n"], sd=float(first["sd"]), power=USUAL_POWER, level=strictest_level(comparisons)
    )
    return Visible(scale["key"], first["n"], last["n"], float(first["sd"]), change, len(told) == 1)
