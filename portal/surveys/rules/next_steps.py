"""What comes next with a survey."""

from collections.abc import Sequence
from enum import StrEnum

from portal.surveys.rules.waves import WaveState


class NextStep(StrEnum):
    """The one thing to do next."""

    WRITE = "write"
    MEND = "mend"
    TRANSLATE = "translate"
    PUBLISH = "publish"
    ADD_WAVE = "add-wave"
    OPEN_WAVE = "open-wave"
    COLLECT = "collect"
    READ = "read"


def may_take(step: NextStep, *, edits: bool, types_in: bool) -> bool:
    """Whether the step is theirs to take who may edit surveys, type in paper forms, or neither."""
    if step == NextStep.COLLECT:
        return edits or types_in
    return edits or step == NextStep.READ


def step_of_draft(*, items: int, problems: int, missing: int) -> NextStep:
    """What comes next with a draft of so many items, with so much wrong with it and so many texts missing."""
    if not items:
        return NextStep.WRITE
    if problems:
        return NextStep.MEND
    return NextStep.TRANSLATE if missing else NextStep.PUBLISH


def step_of_waves(states: Sequence[WaveState], *, has_answers: bool) -> NextStep:
    """What comes next with a published questionnaire whose waves are in these states, in their order.

    `has_answers`: there are as many answers of a wave as may be told; those of a file may come before the wave opens.
    """
    if not states:
        return NextStep.ADD_WAVE
    if WaveState.OPEN in states:
        return NextStep.COLLECT
    return NextStep.OPEN_WAVE if states[0] == WaveState.PLANNED and not has_answers else NextStep.READ
