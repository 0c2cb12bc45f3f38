"""The share that an indicator looks for: steps above the middle of agreement, else the first choice."""

import pytest

from portal.surveys.rules.documents import LIKERT, MULTIPLE, SINGLE
from portal.surveys.rules.shares import share_of_answers


@pytest.mark.parametrize(
    ("kind", "counts", "share"),
    [
        (LIKERT, {"1": 2, "2": 2, "3": 2, "4": 2, "5": 2}, 0.4),
        (LIKERT, {"-1": 5, "0": 3, "1": 2}, 0.2),
        # Choices whose keys are numbers are no steps.
        (SINGLE, {"1": 7, "2": 2, "3": 1}, 0.7),
        (MULTIPLE, {"work": 6, "family": 9}, 0.6),
        (SINGLE, None, None),
        (LIKERT, {}, None),
    ],
)
def test_the_share(kind: str, counts: dict[str, int] | None, share: float | None) -> None:
    assert share_of_answers(kind, counts, 10) == share


def test_of_nobody_there_is_none() -> None:
    assert share_of_answers(SINGLE, {"yes": 0}, 0) is None
