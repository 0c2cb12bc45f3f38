"""How many answers a study needs, and what it can see with those it has. Two-sided tests at a level, 5 % unless told.

Differences are in the unit of `sd`: in standard deviations with the 1 that stands there, in points with that of the
answers. With a `correlation` (−1 to 1) of both answers the same people answer twice; without, different people do.
"""

import math
from typing import Final

from scipy import optimize, stats

from portal.surveys.rules.judging import LEVEL

POWER: Final = 0.8
# Beyond this the t distribution is the normal curve, and the number need not be exact to the person.
LARGE: Final = 100_000
# A distance at which the normal curve has ended.
FAR: Final = 5
# More people than there are to ask.
MOST_RESPONSES: Final = 10**9


def strictest_level(comparisons: int) -> float:
    """The level at which the first of so many comparisons is judged, where all are corrected together.

    A change that shows at this level shows whatever the others do. Raise ValueError below 1. Source: Holm 1979.
    """
    if comparisons < 1:
        raise ValueError("There is one comparison at least.")
    return LEVEL / comparisons


def responses_per_wave(
    difference: float,
    *,
    sd: float = 1.0,
    power: float = POWER,
    correlation: float | None = None,
    level: float = LEVEL,
) -> int | None:
    """The answers needed in each wave (pairs, with a `correlation`) to find `difference` with this power.

    None where there is no difference or no spread, and beyond a thousand million.
    Raise ValueError unless power is above the level and below 1 and the correlation within −1 and 1.
    Source: Cohen 1988; power by the noncentral t.
    """
    spread = _spread(sd, power, correlation, level)
    effect = abs(difference) / spread if spread else 0.0
    at_once = 2 if correlation is None else 1
    near = _normal_distance(power, level) / effect if effect > 0 else math.inf
    if not at_once * near * near < MOST_RESPONSES:
        return None
    number = max(2, math.floor(at_once * near * near))
    if number >= LARGE:
        return number + 1
    # The t distribution asks for a few more than the normal curve.
    while _power(effect * (number / at_once) ** 0.5, at_once * (number - 1), level) < power:
        number += 1
    return number


def minimum_detectable_change(
    n_first: int,
    n_second: int,
    *,
    sd: float = 1.0,
    power: float = POWER,
    correlation: float | None = None,
    level: float = LEVEL,
) -> float | None:
    """The smallest change, in the unit of `sd`, that waves of these sizes find with this power.

    With a `correlation`, the number of pairs is the smaller of both. None for fewer than two answers in a wave or no
    spread. Raise ValueError as above. Source: Cohen 1988; power by the noncentral t.
    """
    spread = _spread(sd, power, correlation, level)
    if not spread or min(n_first, n_second) < 2:
        return None
    if correlation is None:
        size, df = math.sqrt(n_first * n_second / (n_first + n_second)), n_first + n_second - 2
    else:
        size, df = math.sqrt(min(n_first, n_second)), min(n_first, n_second) - 1
    return _noncentrality(df, power, level) / size * spread


def _spread(sd: float, power: float, correlation: float | None, level: float) -> float | None:
    """The standard deviation of what is compared: the answers, or the differences of both answers of a person."""
    if not level < power < 1:
        raise ValueError("Power lies between the level of the test and 1.")
    if correlation is not None and not -1 <= correlation <= 1:
        raise ValueError("A correlation lies between -1 and 1.")
    spread = sd if correlation is None else sd * math.sqrt(2 * (1 - correlation))
    return spread if 0 < spread < math.inf else None


def _normal_distance(power: float, level: float) -> float:
    return float(stats.norm.isf(level / 2) + stats.norm.ppf(power))


def _power(noncentrality: float, df: float, level: float) -> float:
    """How often a two-sided t-test finds an effect with this noncentrality (0 or above)."""
    limit = float(stats.t.isf(level / 2, df))
    if noncentrality > FAR * (1 + limit):
        return 1.0
    # Far from 0 the wrong side is reached less than once in a hundred million times. It is that of the mirrored test:
    # the lower tail of the noncentral t is not finite everywhere.
    wrong_side = float(stats.nct.sf(limit, df, -noncentrality)) if noncentrality < FAR else 0.0
    return float(stats.nct.sf(limit, df, noncentrality)) + wrong_side


def _noncentrality(df: float, power: float, level: float) -> float:
    """The noncentrality that a two-sided t-test finds with this power."""
    if df >= LARGE:
        return _normal_distance(power, level)
    most = 1.0
    while _power(most, df, level) < power:
        most *= 2
    return float(optimize.brentq(lambda each: _power(each, df, level) - power, 0.0, most))
