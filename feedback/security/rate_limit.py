"""Pacing guesses and opened forms by the network they come from (rate limiting), in the memory of one process.

Leaky buckets under hashes whose key is drawn at the start and never written down: no address outlives the process, and
none can be read from its memory's content. A miss waits in the guesser's own bucket; nothing here sleeps.
"""

import hashlib
import math
import secrets
import threading
from dataclasses import dataclass, field
from heapq import nlargest

from feedback.domain.errors import TooManyForms, TooManyTries
from feedback.domain.limits import KNOWN_DEVICE, RESERVED_OF_NETWORK, GuessLimit, OpeningLimit, Pace
from feedback.domain.networks import Origin

MOST_BUCKETS = 65_536
"""About 20 MB. Beyond it the emptier half is forgotten: whoever missed most stays; nobody is refused for others."""

_SHOULD_WAIT = "Too many tries came from your network just now. Please wait {} and try again."
_OPENED_OFTEN = "Too many forms were opened from your network just now. Please wait {} and try again."


@dataclass(slots=True)
class _Bucket:
    """How full a bucket was at an instant, and how many seconds one drop takes to leak out."""

    level: float
    at: float
    seconds: float

    def level_at(self, now: float) -> float:
        return max(0.0, self.level - max(0.0, now - self.at) / self.seconds)


@dataclass(slots=True)
class Attempt:
    """A try that is counted as a miss until it is known to be right."""

    _limiter: "RateLimiter"
    _keys: tuple[bytes, ...]
    _is_taken_back: bool = field(default=False)

    def take_back(self) -> None:
        """Count the try no more: it was right, or was never judged."""
        if not self._is_taken_back:
            self._is_taken_back = True
            self._limiter.take_back(self._keys)


class RateLimiter:
    """Misses by address, network, account and device; opened forms by address, network and code."""

    def __init__(self, most_buckets: int = MOST_BUCKETS) -> None:
        self._key = secrets.token_bytes(32)
        self._most = most_buckets
        self._guard = threading.Lock()
        self._buckets: dict[bytes, _Bucket] = {}

    def __len__(self) -> int:
        return len(self._buckets)

    def begin(self, limit: GuessLimit, origin: Origin, now: float, subject: bytes = b"") -> Attempt:
        """Count a try beforehand, so that many at once are no more than one after another.

        `now` in seconds since 1970; `subject` is a hash of the account that is tried. Raises `TooManyTries` with the
        seconds until this address may try again.
        """
        with self._guard:
            bounds = self._bounds(limit, origin, now, subject)
            wait = max(self._wait(key, pace, now, room) for key, pace, room in bounds)
            if wait > 0:
                raise TooManyTries(_SHOULD_WAIT.format(_spoken(wait)), math.ceil(wait))
            keys = tuple(self._add(key, pace.seconds, now) for key, pace, _ in bounds)
            if limit.pressure:
                pressure = self._name(limit.name, "all", subject)
                most = 2 * limit.pressure.burst
                keys += (self._add(pressure, limit.pressure.seconds, now, most=most),)
            return Attempt(self, keys)

    def count_opening(self, limit: OpeningLimit, origin: Origin, now: float, code: bytes) -> None:
        """Count one form that is given out under a new key.

        `now` in seconds since 1970; `code` is a keyed hash of the code. Address and network are asked one after the
        other: each lets pass what fits its own pace, or that of this code from there. Raises `TooManyForms` with the
        seconds until both let this code pass.
        """
        places = [(origin.network, limit.network)] + ([(origin.address, limit.address)] if origin.is_known else [])
        pairs = [
            ((self._name(limit.name, place, b""), pace), (self._name(limit.name, place, code), limit.free))
            for place, pace in places
        ]
        with self._guard:
            wait = max(min(self._wait(key, pace, now, pace.burst) for key, pace in pair) for pair in pairs)
            if wait > 0:
                raise TooManyForms(_OPENED_OFTEN.format(_spoken(wait)), math.ceil(wait))
            for key, pace in (bucket for pair in pairs for bucket in pair):
                # A free opening adds nothing to a full bucket: the wait of all others there stays as it was told.
                self._add(key, pace.seconds, now, most=pace.burst)

    def begin_on_device(self, device: bytes, now: float) -> Attempt | None:
        """Count a try of a known device in its own bucket; return nothing when that is full."""
        key = self._name("device", "", device)
        with self._guard:
            if self._wait(key, KNOWN_DEVICE, now, KNOWN_DEVICE.burst) > 0:
                return None
            return Attempt(self, (self._add(key, KNOWN_DEVICE.seconds, now),))

    def take_back(self, keys: tuple[bytes, ...]) -> None:
        """Take one drop out of each bucket again."""
        with self._guard:
            for key in keys:
                bucket = self._buckets.get(key)
                if bucket:
                    bucket.level = max(0.0, bucket.level - 1)

    def _bounds(self, limit: GuessLimit, origin: Origin, now: float, subject: bytes) -> list[tuple[bytes, Pace, float]]:
        """Return each bucket of a try, its pace, and to which level it may be filled.

        Where no address is known, one sender cannot be told from another, and only the network's bound is left.
        """
        network = self._name(limit.name, origin.network, b"")
        if not origin.is_known:
            return [(network, limit.network, limit.network.burst)]
        address = self._name(limit.name, origin.address, b"")
        is_little = self._level(address, now) < limit.free
        room = limit.network.burst - (0 if is_little else RESERVED_OF_NETWORK)
        slow = self._is_pressed(limit, now, subject)
        bounds = [(network, limit.network, float(room))]
        if limit.subject:
            own = _slowed(limit.subject, limit, slow=slow)
            bounds.append((self._name(limit.name, origin.address, subject), own, own.burst))
            bounds.append((address, limit.address, limit.address.burst))
        else:
            own = _slowed(limit.address, limit, slow=slow)
            bounds.append((address, own, own.burst))
        return bounds

    def _is_pressed(self, limit: GuessLimit, now: float, subject: bytes) -> bool:
        if limit.pressure is None:
            return False
        return self._level(self._name(limit.name, "all", subject), now) >= limit.pressure.burst

    def _level(self, key: bytes, now: float) -> float:
        bucket = self._buckets.get(key)
        return bucket.level_at(now) if bucket else 0.0

    def _wait(self, key: bytes, pace: Pace, now: float, room: float) -> float:
        """Return in how many seconds one more fits: none where it fits now."""
        bucket = self._buckets.get(key)
        if bucket is not None:
            bucket.level, bucket.at, bucket.seconds = bucket.level_at(now), now, pace.seconds
        return max(0.0, (bucket.level if bucket else 0.0) + 1 - room) * pace.seconds

    def _add(self, key: bytes, seconds: float, now: float, *, most: float = math.inf) -> bytes:
        bucket = self._buckets.get(key)
        if bucket is None:
            self._make_room(now)
            bucket = self._buckets[key] = _Bucket(0.0, now, seconds)
        bucket.level, bucket.at = min(most, bucket.level_at(now) + 1), now
        return key

    def _make_room(self, now: float) -> None:
        """Forget the emptier half where there is no room: an attacker's many addresses push out one another."""
        if len(self._buckets) >= self._most:
            fullest = nlargest(self._most // 2, self._buckets.items(), key=lambda entry: entry[1].level_at(now))
            self._buckets = dict(fullest)

    def _name(self, name: str, place: str, subject: bytes) -> bytes:
        message = b"\x1f".join((name.encode(), place.encode(), subject))
        return hashlib.blake2b(message, key=self._key, digest_size=16).digest()


def _slowed(pace: Pace, limit: GuessLimit, *, slow: bool) -> Pace:
    return Pace(pace.burst, limit.slowed) if slow else pace


def _spoken(seconds: float) -> str:
    return f"{math.ceil(seconds)} seconds" if seconds < 100 else f"{math.ceil(seconds / 60)} minutes"
