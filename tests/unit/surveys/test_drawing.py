"""Bars of answers lean to the side that more people chose; means and their intervals lie on the scale's axis."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.surveys.rules.drawing import FULL, MIDDLE, Axis, Piece, draw_likert, draw_span, tones_of, widest_axis


def test_everybody_at_one_end_fills_one_half():
    assert draw_likert([10, 0, 0, 0, 0]).pieces == (Piece(0, 500, "no-2"),)
    assert draw_likert([0, 0, 0, 0, 10]).pieces == (Piece(500, 500, "yes-2"),)


def test_the_middle_step_lies_on_both_sides():
    assert draw_likert([0, 0, 7, 0, 0]).pieces == (Piece(250, 500, "mid"),)
    assert draw_likert([1, 0, 2, 0, 1]).pieces == (
        Piece(250, 125, "no-2"),
        Piece(375, 250, "mid"),
        Piece(625, 125, "yes-2"),
    )


def test_an_even_scale_has_no_middle():
    assert draw_likert([1, 1, 1, 1]).pieces == (
        Piece(250, 125, "no-2"),
        Piece(375, 125, "no-1"),
        Piece(500, 125, "yes-1"),
        Piece(625, 125, "yes-2"),
    )


def test_without_answers_nothing_is_drawn():
    assert draw_likert([0, 0, 0]) is None
    assert draw_likert([]) is None


@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=11))
def test_a_bar_is_half_the_drawing_has_no_gaps_and_keeps_within(counts):
    bar = draw_likert(counts)
    if bar is None:
        assert sum(counts) == 0
        return
    assert abs(sum(piece.width for piece in bar.pieces) - MIDDLE) <= 1
    assert all(0 <= piece.x <= piece.x + piece.width <= FULL for piece in bar.pieces)
    for before, after in zip(bar.pieces, bar.pieces[1:], strict=False):
        assert before.x + before.width == after.x


@pytest.mark.parametrize(
    ("steps", "tones"),
    [
        (2, ["no-2", "yes-2"]),
        (3, ["no-2", "mid", "yes-2"]),
        (5, ["no-2", "no-1", "mid", "yes-1", "yes-2"]),
        (6, ["no-2", "no-1", "no-1", "yes-1", "yes-1", "yes-2"]),
        (7, ["no-2", "no-1", "no-1", "mid", "yes-1", "yes-1", "yes-2"]),
    ],
)
def test_the_ends_of_a_scale_are_strong(steps, tones):
    assert tones_of(steps) == tones


def test_a_mean_and_its_interval_lie_on_the_scale():
    span = draw_span(Axis(1, 5), 3.0, (2.0, 4.0))
    assert (span.low, span.mean, span.high, span.width) == (250, 500, 750, 500)
    assert span.ticks == (0, 250, 500, 750, 1000)


def test_what_lies_beyond_an_end_is_drawn_at_it():
    assert draw_span(Axis(1, 5), 1.1, (0.5, 1.7))[:3] == (0, 25, 175)


def test_many_or_broken_steps_are_marked_at_the_ends_only():
    assert draw_span(Axis(0, 99), 50, (40, 60)).ticks == (0, FULL)
    assert draw_span(Axis(0.5, 3), 1, (0.9, 1.1)).ticks == (0, FULL)


def test_a_scale_without_ends_reaches_as_far_as_its_intervals():
    assert widest_axis([(2.0, 3.0), (1.5, 2.5)]) == Axis(1.5, 3.0)
    assert widest_axis([(2.0, 2.0)]) == Axis(1.0, 3.0)
