"""Whose the next step with a survey is."""

import pytest

from portal.surveys.rules.next_steps import NextStep, may_take


@pytest.mark.parametrize("step", NextStep)
def test_who_edits_surveys_takes_every_step(step: NextStep):
    assert may_take(step, edits=True, types_in=True)


def test_others_are_offered_what_they_may_do():
    assert [each for each in NextStep if may_take(each, edits=False, types_in=True)] == [
        NextStep.COLLECT,
        NextStep.READ,
    ]
    assert [each for each in NextStep if may_take(each, edits=False, types_in=False)] == [NextStep.READ]
