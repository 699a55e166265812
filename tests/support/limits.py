"""Limits made small for a test, and where a try comes from."""

from dataclasses import replace

from feedback.bootstrap import Installation
from feedback.domain.limits import GuessLimit, OpeningLimit, Pace
from feedback.domain.networks import origin_of
from feedback.services.accounts.sign_in import Guard

SOMEWHERE = "192.0.2.1"


def guard_at(it: Installation, address: str = SOMEWHERE, device: bytes | None = None) -> Guard:
    """Return what bounds a try to sign in from an address."""
    return Guard(it.limiter, it.hashing, origin_of(address), device)


def after(limit: GuessLimit, misses: int) -> GuessLimit:
    """Return a limit that an address meets after so many misses."""
    return replace(limit, address=Pace(misses, limit.address.seconds))


def opened_after(limit: OpeningLimit, openings: int, free: int = 0) -> OpeningLimit:
    """Return a limit that an address meets after so many openings, of which so many of one code pass in any case."""
    return replace(limit, address=Pace(openings, limit.address.seconds), free=Pace(free, limit.free.seconds))
