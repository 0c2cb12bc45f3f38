"""What may be written, who may call a question done, which comment can go, and what a mail repeats of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.activities.rules.comments import (
    EXCERPT,
    LONGEST_COMMENT,
    check_removal,
    check_text,
    excerpt,
    may_remove,
    may_settle,
    quoted,
)
from portal.core.errors import Conflict, InvalidInput, NotAllowed

ONA, JAN = 1, 2


def test_a_text_is_kept_without_space_around_and_with_its_lines():
    assert check_text("  Who comes?\n\nAnd when?\n ") == "Who comes?\n\nAnd when?"


@pytest.mark.parametrize("text", ["", "   ", "\n\t\n"])
def test_an_empty_text_is_refused(text):
    with pytest.raises(InvalidInput) as refusal:
        check_text(text)
    assert (refusal.value.problem.code, refusal.value.problem.where) == ("comment-missing", "text")


def test_a_text_has_at_most_four_thousand_characters():
    assert len(check_text("ž" * LONGEST_COMMENT)) == 4000
    with pytest.raises(InvalidInput) as refusal:
        check_text("ž" * 4001)
    assert (refusal.value.problem.code, refusal.value.problem.values) == ("text-too-long", {"limit": 4000})


@pytest.mark.parametrize(
    ("asker", "reader", "answers_for_it", "allowed"),
    [(ONA, ONA, False, True), (ONA, JAN, False, False), (ONA, JAN, True, True), (ONA, ONA, True, True)],
)
def test_who_asked_and_who_answers_for_the_topic_call_a_question_done(asker, reader, answers_for_it, allowed):
    assert may_settle(asker, reader, answers_for_it=answers_for_it) is allowed


REMOVALS = [
    # author, reader, followed, manager, refused with
    (ONA, ONA, False, False, None),
    (ONA, ONA, True, False, Conflict),
    (ONA, JAN, False, False, NotAllowed),
    (ONA, JAN, True, False, NotAllowed),
    (ONA, JAN, False, True, None),
    (ONA, JAN, True, True, None),
    (ONA, ONA, True, True, None),
]


@pytest.mark.parametrize(("author", "reader", "followed", "manager", "refusal"), REMOVALS)
def test_ones_own_comment_goes_while_nothing_follows_it_and_any_at_the_managers_word(
    author, reader, followed, manager, refusal
):
    assert may_remove(author, reader, is_followed=followed, is_manager=manager) is (refusal is None)
    if refusal is None:
        check_removal(author, reader, is_followed=followed, is_manager=manager)
    else:
        with pytest.raises(refusal):
            check_removal(author, reader, is_followed=followed, is_manager=manager)


def test_a_mail_repeats_the_first_five_hundred_characters():
    assert excerpt("a" * 500) == "a" * 500
    assert excerpt("a" * 501) == "a" * 500 + "…"
    assert excerpt("a" * 499 + " and more") == "a" * 499 + "…"


@given(st.text())
def test_an_excerpt_is_never_much_longer_than_it_may_be(text):
    assert len(excerpt(text)) <= EXCERPT + 1


def test_each_line_of_a_quotation_is_marked():
    assert quoted("One\n\nhttps://example.org") == "> One\n>\n> https://example.org"


@given(st.text())
def test_no_line_of_a_quotation_passes_for_the_portals_own(text):
    assert all(line.startswith(">") for line in quoted(text).splitlines())
