"""200 people press the button in the same second: 50 have a seat, 150 a place in one queue, nobody an error page."""

from tests.races.scenes import come_and_go, rush


def test_fifty_of_two_hundred_have_a_seat_and_the_others_wait_in_one_order(served):
    rush(served.app, served.servers)


def test_a_process_that_is_killed_meanwhile_loses_nobody_and_keeps_nobody_twice(served):
    rush(served.app, served.servers, kill=True)


def test_leaving_lapsing_and_coming_at_once_keep_the_order_of_the_queue(served):
    come_and_go(served.app, served.servers)
