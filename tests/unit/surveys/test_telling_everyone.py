"""What everyone may know of a figure of a wave: never what tells of a few."""

import pytest

from portal.surveys.rules.telling_everyone import may_tell_item, may_tell_number, may_tell_share


def asked(kind: str = "single", missing: dict[str, int] | None = None, **counts: int):
    return {"kind": kind, "n": sum(counts.values()), "counts": counts, "missing": missing or {}}


@pytest.mark.parametrize(
    ("told", "may"),
    [
        (asked(yes=20, no=23), True),
        (asked(yes=43, no=0), True),
        # 6.98 % of 43 are the three.
        (asked(yes=3, no=40), False),
        # Of 47 people four did not say: 20 and 23 are told by nobody.
        (asked(yes=20, no=23, missing={"none": 4}), False),
        (asked(yes=20, no=23, missing={"none": 10, "unasked": 30}), True),
        (asked("likert", **{"1": 0, "2": 15, "3": 15}), True),
        (asked("likert", **{"1": 2, "2": 15, "3": 15}), False),
        ({**asked("multiple", work=35, home=12), "n": 47}, True),
        # Five did not choose work.
        ({**asked("multiple", work=42, home=12), "n": 47}, False),
        ({"kind": "number", "n": 40, "counts": None, "missing": {"none": 12}}, True),
        ({"kind": "number", "n": 40, "counts": None, "missing": {"none": 2}}, False),
    ],
)
def test_a_figure_of_a_question_is_told_where_no_answer_is_that_of_a_few(told, may):
    assert may_tell_item(told) is may


@pytest.mark.parametrize(
    ("above", "n", "people", "may"),
    [
        (0.5, 40, 40, True),
        (0.05, 40, 40, False),
        (0.95, 40, 40, False),
        (0.5, 40, 45, False),
        (0.5, 40, 50, True),
        (0.0, 40, 40, True),
    ],
)
def test_a_share_of_a_scale_leaves_no_few_above_below_or_without(above, n, people, may):
    assert may_tell_share({"n": n, "above_middle": above}, people) is may


@pytest.mark.parametrize(("n", "people", "may"), [(40, 40, True), (40, 43, False), (40, 50, True)])
def test_of_how_many_a_mean_is_leaves_no_few(n, people, may):
    assert may_tell_number({"n": n}, people) is may
