"""Sentences: what a problem says, and one code for one sentence."""

from datetime import date

import pytest

from portal.core import sentences
from portal.core.errors import InvalidInput, InvalidInputs, Problem


@pytest.fixture(autouse=True)
def _own_sentences(monkeypatch):
    """What these tests register is over with them."""
    monkeypatch.setattr(sentences, "_sentences", {})
    sentences.register({"too-late": "%(day)s is after %(last)s.", "unknown": "“%(value)s” is none of: %(allowed)s."})


def test_a_problem_is_said_with_its_values():
    problem = Problem("too-late", "starts", {"day": date(2026, 6, 6), "last": "Friday"})
    assert sentences.sentence(problem) == "2026-06-06 is after Friday."


def test_a_list_of_values_is_said_as_a_list():
    problem = Problem("unknown", "kind", {"value": "party", "allowed": ["workshop", "training"]})
    assert sentences.sentence(problem) == "“party” is none of: workshop, training."


def test_a_value_with_a_per_cent_sign_is_said_as_it_is():
    assert (
        sentences.sentence(Problem("unknown", "", {"value": "%(x)s 5 %", "allowed": ()})) == "“%(x)s 5 %” is none of: ."
    )


def test_each_problem_of_an_error_is_said_in_order():
    found = [Problem("unknown", "kind", {"value": value, "allowed": ["c"]}) for value in "ab"]
    assert sentences.sentences(InvalidInputs(found)) == ["“a” is none of: c.", "“b” is none of: c."]
    assert sentences.sentences(InvalidInput("unknown", value="a", allowed=["c"])) == ["“a” is none of: c."]


def test_registering_the_same_sentences_again_changes_nothing():
    same = "Not there."
    sentences.register({"missing": same})
    sentences.register({"missing": same})
    assert sentences.known_codes() == {"too-late", "unknown", "missing"}


def test_a_sentence_that_counts_is_said_of_the_number():
    many = sentences.Counted("most", lambda number: f"{number} seat{'' if number == 1 else 's'}")
    sentences.register({"full": many})
    assert [sentences.sentence(Problem("full", "", {"most": number})) for number in (1, 2)] == ["1 seat", "2 seats"]
    assert sentences.sentence(Problem("full", "", {})) == str(many) == "10 seats"


def test_two_sentences_for_one_code_are_refused():
    with pytest.raises(ValueError, match="too-late"):
        sentences.register({"too-late": "Another sentence."})
