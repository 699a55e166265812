"""Turns for threads at work that is dear, such as hashing a password: bounded, and fair between networks."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from feedback.domain.errors import TooManyTries
from feedback.domain.fair_queue import FairQueue
from feedback.domain.limits import Turns
from feedback.domain.networks import Origin

_RETRY_SECONDS = 5


@dataclass(eq=False, slots=True)
class _Waiter:
    has_turn: bool = False
    told: threading.Event = field(default_factory=threading.Event)

    def tell(self, *, has_turn: bool) -> None:
        self.has_turn = has_turn
        self.told.set()


class FairTurns:
    """So many turns at once in this process; whoever waits is overtaken by nobody of the same address."""

    def __init__(self, limit: Turns) -> None:
        self._limit = limit
        self._guard = threading.Lock()
        self._queue: FairQueue[_Waiter] = FairQueue(limit.at_once, limit.waiting)

    @property
    def waiting(self) -> int:
        """Return how many wait."""
        return self._queue.waiting

    @contextmanager
    def turn(self, origin: Origin) -> Iterator[None]:
        """Hold a turn for the block. Raises `TooManyTries` where too many wait already, or after the patience."""
        if not self._take(origin):
            raise TooManyTries(
                "Many people are signing in just now. Please try again in a few seconds.", _RETRY_SECONDS
            )
        try:
            yield
        finally:
            self._give_back()

    def _take(self, origin: Origin) -> bool:
        mine = _Waiter()
        with self._guard:
            entered = self._queue.enter(origin, mine)
            if entered.dropped:
                entered.dropped.tell(has_turn=False)
        if entered.has_turn or mine.told.wait(self._limit.patience_seconds):
            return entered.has_turn or mine.has_turn
        with self._guard:
            return not self._queue.give_up(origin, mine) and mine.has_turn

    def _give_back(self) -> None:
        with self._guard:
            following = self._queue.leave()
            if following:
                following.tell(has_turn=True)
