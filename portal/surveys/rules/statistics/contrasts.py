"""Whether one group changed more than another."""

from portal.surveys.rules.statistics.differing import Difference, tested
from portal.surveys.rules.statistics.independent import welch_satterthwaite


def contrast(first: Difference, second: Difference) -> Difference:
    """The first level's change less the second's; `n_first` and `n_second` are the people behind each.

    For paired changes this is Welch's test of the differences; for independent waves the difference of both changes
    with Welch-Satterthwaite over the four cells; partially overlapping waves keep the degrees of freedom of each.
    Source: Welch 1947; Satterthwaite 1946; rules of surveys, contrasts.
    """
    known = Difference(_people(first), _people(second), 0, None)
    if first.estimate is None or second.estimate is None:
        return known
    known = known._replace(estimate=first.estimate - second.estimate)
    if first.standard_error is None or second.standard_error is None or first.df is None or second.df is None:
        return known
    parts = first.standard_error**2, second.standard_error**2
    return tested(known, standard_error=sum(parts) ** 0.5, df=welch_satterthwaite(parts, (first.df, second.df)))


def _people(change: Difference) -> int:
    return change.n_first + change.n_second - change.n_pairs
