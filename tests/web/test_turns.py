"""Turns: so many at once, in the order in which people came."""

import threading

import pytest

from feedback.web.turns import Turns

LONG = 30
"""Seconds, for what is sure to come."""


def in_line(turns, order, name):
    """Let somebody queue, and wait until they stand in line; gives their thread."""

    def waits():
        assert turns.take(patience_seconds=LONG)
        order.append(name)
        turns.give_back()

    before = len(turns._queue)
    thread = threading.Thread(target=waits)
    thread.start()
    while len(turns._queue) == before:
        thread.join(0.001)
    return thread


@pytest.mark.parametrize("most", [1, 3])
def test_so_many_and_no_more(most):
    turns = Turns(most)
    assert [turns.take(patience_seconds=0) for _ in range(most + 1)] == [True] * most + [False]
    turns.give_back()
    assert turns.take(patience_seconds=0)


def test_who_waits_is_served_in_order_and_overtaken_by_nobody():
    turns, order = Turns(1), []
    assert turns.take(patience_seconds=0)
    threads = [in_line(turns, order, name) for name in "abcd"]
    turns.give_back()
    for thread in threads:
        thread.join()
    assert order == [*"abcd"]
    assert turns.free == 1


def test_a_turn_given_up_on_is_nobodys():
    turns = Turns(1)
    assert turns.take(patience_seconds=0)
    assert not turns.take(patience_seconds=0.001)
    assert not turns._queue
    turns.give_back()
    assert turns.free == 1
