"""Turns for hashing: bounded, fair between networks, and over at once where there is no room."""

import threading

import pytest

from feedback.domain.errors import TooManyTries
from feedback.domain.limits import PASSWORD_HASHES, REQUESTS, Turns
from feedback.domain.networks import origin_of
from feedback.security.fair_turns import FairTurns

ONE, FAR = origin_of("192.0.2.1"), origin_of("198.51.100.1")


class Line:
    """People who wait for turns, each in a thread of their own."""

    def __init__(self, turns):
        self.turns, self.order, self.refused, self.threads = turns, [], [], []

    def joins(self, origin, name):
        before = self.turns.waiting, len(self.refused)

        def waits():
            try:
                with self.turns.turn(origin):
                    self.order.append(name)
            except TooManyTries as told:
                self.refused.append((name, told.retry_after_seconds))

        self.threads.append(threading.Thread(target=waits))
        self.threads[-1].start()
        while (self.turns.waiting, len(self.refused)) == before and self.threads[-1].is_alive():
            self.threads[-1].join(0.001)

    def ends(self):
        for thread in self.threads:
            thread.join()


def test_turns_for_hashing_go_round_between_networks():
    line = Line(FairTurns(Turns(1, 8, 30.0)))
    with line.turns.turn(ONE):
        for name, origin in (("a", ONE), ("b", ONE), ("c", ONE), ("far", FAR)):
            line.joins(origin, name)
    line.ends()
    assert line.order == ["a", "far", "b", "c"]


def test_who_is_pushed_out_is_told_at_once():
    line = Line(FairTurns(Turns(1, 2, 30.0)))
    with line.turns.turn(ONE):
        for name, origin in (("a", ONE), ("b", ONE), ("far", FAR)):
            line.joins(origin, name)
        line.threads[1].join(10)
        assert line.refused == [("b", 5)]
    line.ends()
    assert line.order == ["a", "far"]


def test_patience_ends_and_the_turn_is_not_lost():
    turns = FairTurns(Turns(1, 2, 0.01))
    with turns.turn(ONE), pytest.raises(TooManyTries), turns.turn(FAR):
        pytest.fail("there was no turn")
    assert turns.waiting == 0
    with turns.turn(FAR):
        pass


def test_a_turn_is_given_back_by_work_that_fails():
    turns = FairTurns(Turns(1, 0, 0.01))
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), turns.turn(ONE):
            raise ZeroDivisionError


def test_a_turn_given_at_the_last_moment_is_taken_or_handed_on():
    """Waits end while turns are given back, over and over: no turn is ever lost."""
    turns = FairTurns(Turns(1, 4, 0.0005))
    line = Line(turns)
    for number in range(200):
        line.joins(ONE if number % 2 else FAR, number)
    line.ends()
    assert len(line.order) + len(line.refused) == 200
    assert (turns._queue.free, turns.waiting) == (1, 0)


def test_hashing_holds_half_of_the_threads_at_most():
    assert PASSWORD_HASHES.at_once + PASSWORD_HASHES.waiting <= REQUESTS.at_once // 2
