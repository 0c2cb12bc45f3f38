"""What two typings of a paper form come to."""

import pytest

from portal.core.errors import InvalidInput
from portal.surveys.rules.documents import Instrument, Item
from portal.surveys.rules.paper import Coding, PaperDraft, read_typed, settle

TEXT = {"en": "Say why."}
ASKED = Instrument(("en",), TEXT, TEXT, items=(Item("why", "text", TEXT), Item("how", "text", TEXT)))


def typing(**answers: str) -> dict[str, object]:
    """The form as somebody has typed it."""
    return read_typed(ASKED, PaperDraft({key: [text] for key, text in answers.items()}, {}, {}), Coding("s", "s"))


def test_a_form_on_which_nothing_is_answered_is_no_typing():
    with pytest.raises(InvalidInput) as refusal:
        typing(why="", how=" ")
    assert [each.code for each in refusal.value.problems] == ["paper-empty"]


def test_typings_are_not_settled_to_nothing():
    typings = (typing(why="So."), typing(how="Well."))
    with pytest.raises(InvalidInput) as refusal:
        settle(ASKED, typings, {"answer_why": "second", "answer_how": "first"}, {})
    assert [each.code for each in refusal.value.problems] == ["paper-empty"]
    both = settle(ASKED, typings, {"answer_why": "first", "answer_how": "second"}, {})
    assert both["answers"] == {"why": "So.", "how": "Well."}
