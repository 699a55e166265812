"""Request bodies that arrive slowly: each has a deadline, and one network can have only so many under way.

They are read in the event loop, so none holds a thread. Where there are too many, the oldest of the network with most
goes: a body that is there in whole is read at once and never meets that.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from feedback.domain.limits import BODY_SECONDS, CLIENT_BODY, LARGE_BODIES, SMALL_BODIES, Bodies

Receive = Callable[[], Awaitable[bytes]]


class _UnderWay:
    """Bodies of one size class, by network, oldest first."""

    def __init__(self, limit: Bodies) -> None:
        self._limit = limit
        self._of: dict[str, deque[asyncio.Task[bytes]]] = {}
        self.count = 0

    def add(self, network: str, task: asyncio.Task[bytes]) -> None:
        """Count a body, and end the oldest of its network, or of the one with most, where there are too many."""
        self._of.setdefault(network, deque()).append(task)
        self.count += 1
        if len(self._of[network]) > self._limit.of_network:
            self._end_oldest(network)
        elif self.count > self._limit.most:
            self._end_oldest(max(self._of, key=lambda each: len(self._of[each])))

    def remove(self, network: str, task: asyncio.Task[bytes]) -> None:
        """Count a body no more that is there, late or given up; twice does no harm."""
        line = self._of.get(network)
        if line and task in line:
            line.remove(task)
            self.count -= 1
            if not line:
                del self._of[network]

    def _end_oldest(self, network: str) -> None:
        oldest = self._of[network][0]
        self.remove(network, oldest)
        oldest.cancel()


class SlowBodies:
    """The bodies under way of one process. Of one event loop only."""

    def __init__(self, seconds: float = BODY_SECONDS) -> None:
        self._seconds = seconds
        self._small, self._large = _UnderWay(SMALL_BODIES), _UnderWay(LARGE_BODIES)

    @property
    def count(self) -> int:
        """Return how many are under way."""
        return self._small.count + self._large.count

    async def read(self, network: str, length: int, receive: Receive) -> bytes | None:
        """Return the body, or nothing when it came too slowly, too many did, or the sender went away."""
        under_way = self._large if length > CLIENT_BODY else self._small

        async def whole() -> bytes:
            return await receive()

        task = asyncio.ensure_future(whole())
        under_way.add(network, task)
        try:
            done, _ = await asyncio.wait((task,), timeout=self._seconds)
        finally:
            under_way.remove(network, task)
            task.cancel()
        if not done or task.cancelled() or task.exception():
            return None
        return task.result()
