"""A queue that is fair between networks: turns go round-robin, and an overflow costs the longest line its newest.

Whoever floods waits behind themselves (fair queueing with longest-queue drop, RFC 7806 and RFC 970). Between networks
first, then between the addresses of one network, so that one host can neither crowd out other networks nor its
neighbours. This module decides only; `security/fair_turns.py` waits with threads, `web/load_shedding.py` with futures.
"""

from collections import deque
from dataclasses import dataclass
from typing import Generic, TypeVar

from feedback.domain.networks import DEVICE, Origin

W = TypeVar("W")


@dataclass(frozen=True, slots=True)
class Entered(Generic[W]):
    """What became of who came: a turn at once, or a place in the queue. `dropped` lost theirs; it may be who came."""

    has_turn: bool
    dropped: W | None = None


class FairQueue(Generic[W]):
    """So many turns, and so many who may wait for one."""

    def __init__(self, turns: int, waiting: int) -> None:
        self.free = turns
        self.waiting = 0
        self._most_waiting = waiting
        self._networks: dict[str, dict[str, deque[W]]] = {}  # in the order of their next turns

    def enter(self, origin: Origin, waiter: W) -> Entered[W]:
        """Return whether there is a turn at once; else who came waits, or somebody has to go."""
        if self.free and not self.waiting:
            self.free -= 1
            return Entered(has_turn=True)
        self._networks.setdefault(origin.network, {}).setdefault(origin.address, deque()).append(waiter)
        self.waiting += 1
        if self.waiting <= self._most_waiting:
            return Entered(has_turn=False)
        return Entered(has_turn=False, dropped=self._drop(origin))

    def leave(self) -> W | None:
        """Return who gets the turn that was given back: the oldest of the network, and of its address, next in turn."""
        if not self.waiting:
            self.free += 1
            return None
        network = next(iter(self._networks))
        addresses = self._networks.pop(network)
        address = next(iter(addresses))
        line = addresses.pop(address)
        waiter = line.popleft()
        self.waiting -= 1
        if line:
            addresses[address] = line
        if addresses:
            self._networks[network] = addresses
        return waiter

    def give_up(self, origin: Origin, waiter: W) -> bool:
        """Take back a place in the queue; return False when the turn was given or lost meanwhile."""
        line = self._networks.get(origin.network, {}).get(origin.address, ())
        if waiter not in line:
            return False
        self._remove(origin.network, origin.address, waiter)
        return True

    def _drop(self, came: Origin) -> W:
        """Remove and return the newest of the longest line; among equals whoever has just come, known devices last."""

        def weight(network: str) -> tuple[bool, int, bool]:
            return not network.startswith(DEVICE), self._length(network), network == came.network

        network = max(self._networks, key=weight)
        lines = self._networks[network]
        address = max(lines, key=lambda each: (len(lines[each]), each == came.address))
        newest = lines[address][-1]
        self._remove(network, address, newest)
        return newest

    def _length(self, network: str) -> int:
        return sum(map(len, self._networks[network].values()))

    def _remove(self, network: str, address: str, waiter: W) -> None:
        lines = self._networks[network]
        lines[address].remove(waiter)
        self.waiting -= 1
        if not lines[address]:
            del lines[address]
        if not lines:
            del self._networks[network]
