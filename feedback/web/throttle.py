"""Slowing down who guesses, per network, in memory only: nothing of an address outlives the process.

The counter in the database bounds all guessing together; this one keeps a guesser from using that bound up for
everybody else. A network is a /24 or a /48, hashed under a key that is drawn at the start and never written down.
"""

import hashlib
import ipaddress
import secrets
import threading
from collections import Counter

from feedback.domain.clock import Clock
from feedback.domain.errors import TooManyTries

WINDOW_SECONDS = 600
MOST_MISSES = 30
MOST_NETWORKS = 20_000


class NetworkTries:
    """Misses by network in the present window of ten minutes."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._guard = threading.Lock()
        self._window = 0
        self._misses: Counter[bytes] = Counter()

    def check(self, address: str | None, clock: Clock) -> None:
        """Pass while few misses came from this network. Raises `TooManyTries`."""
        with self._guard:
            self._turn(clock)
            if self._misses[self._name(address)] >= MOST_MISSES:
                raise TooManyTries("Let us take a short break. Try again in 10 minutes, or ask for a new code.")

    def count(self, address: str | None, clock: Clock) -> None:
        """Count a miss."""
        with self._guard:
            self._turn(clock)
            if len(self._misses) < MOST_NETWORKS:
                self._misses[self._name(address)] += 1

    def _turn(self, clock: Clock) -> None:
        window = int(clock.now().timestamp()) // WINDOW_SECONDS
        if window != self._window:
            self._window = window
            self._misses.clear()

    def _name(self, address: str | None) -> bytes:
        try:
            known = ipaddress.ip_address(address or "")
        except ValueError:
            return b""
        network = ipaddress.ip_network((known, 24 if known.version == 4 else 48), strict=False)
        return hashlib.blake2b(network.network_address.packed, key=self._key, digest_size=16).digest()
