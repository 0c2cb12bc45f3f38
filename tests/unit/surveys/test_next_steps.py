"""Whose the next step with a survey is."""

import pytest

from portal.surveys.rules.next_steps import NextStep, may_take, step_of_waves
from portal.surveys.rules.waves import WaveState


@pytest.mark.parametrize("step", NextStep)
def test_who_edits_surveys_takes_every_step(step: NextStep):
    assert may_take(step, edits=True, types_in=True)


def test_others_are_offered_what_they_may_do():
    assert [each for each in NextStep if may_take(each, edits=False, types_in=True)] == [
        NextStep.COLLECT,
        NextStep.READ,
    ]
    assert [each for each in NextStep if may_take(each, edits=False, types_in=False)] == [NextStep.READ]


@pytest.mark.parametrize(
    ("states", "has_answers", "step"),
    [
        ([], False, NextStep.ADD_WAVE),
        ([WaveState.PLANNED, WaveState.PLANNED], False, NextStep.OPEN_WAVE),
        ([WaveState.PLANNED, WaveState.PLANNED], True, NextStep.READ),
        ([WaveState.PLANNED, WaveState.OPEN], True, NextStep.COLLECT),
        ([WaveState.CLOSED, WaveState.PLANNED], False, NextStep.READ),
    ],
)
def test_answers_are_read_where_no_wave_takes_more(states: list[WaveState], has_answers: bool, step: NextStep):
    assert step_of_waves(states, has_answers=has_answers) == step
