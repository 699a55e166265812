"""So many at a time, first come first served."""

import threading
from collections import deque


class Turns:
    """Turns for so many at once. Where all are taken one waits, and is overtaken by nobody.

    A semaphore lets whoever happens to come by take the place of who has waited longest.
    """

    def __init__(self, most: int) -> None:
        self._guard = threading.Lock()
        self._queue: deque[threading.Lock] = deque()
        self.free = most

    def take(self, *, patience_seconds: float) -> bool:
        """Take a turn, waiting for it so long at most; say whether there was one."""
        with self._guard:
            if self.free:
                self.free -= 1
                return True
            mine = threading.Lock()
            mine.acquire()
            self._queue.append(mine)
        if mine.acquire(timeout=patience_seconds):
            return True
        with self._guard:
            if mine not in self._queue:  # it was given at the last moment
                return True
            self._queue.remove(mine)
            return False

    def give_back(self) -> None:
        """Hand the turn to who has waited longest, if anybody waits."""
        with self._guard:
            if self._queue:
                self._queue.popleft().release()
            else:
                self.free += 1
