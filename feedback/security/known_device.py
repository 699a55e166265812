"""Device cookies: a browser that signed in to an account before is known to it again (OWASP, device cookies).

A mark opens nothing. It only gives wrong passwords typed there a count of their own, so that whoever guesses at the
account from elsewhere, or from the same address, does not slow down its owner. It names nobody: a drawn number, and an
HMAC over it and the account's e-mail address.
"""

import hmac

from feedback.domain.care import Chance
from feedback.security.keyring import Keyring

MOST_MARKS = 4
"""Of people who share a browser."""

_DRAWN = 26
_MARK = 32


def mark_device(keyring: Keyring, chance: Chance, cookie: str, email: str) -> str:
    """Return a browser's cookie with a fresh mark for an account, and those of others who signed in there."""
    drawn = chance.text(_DRAWN)
    others = [mark for mark in _marks(cookie) if not _fits(keyring, mark, email)]
    return ".".join([drawn + _sign(keyring, drawn, email), *others][:MOST_MARKS])


def device_of(keyring: Keyring, cookie: str, email: str) -> bytes | None:
    """Return what a browser's count for an account goes under, or nothing when it never signed in to that one."""
    found = next((mark for mark in _marks(cookie) if _fits(keyring, mark, email)), None)
    return found.encode() if found else None


def _marks(cookie: str) -> list[str]:
    parts = cookie[: MOST_MARKS * (_DRAWN + _MARK + 1)].split(".")
    return [part for part in parts if len(part) == _DRAWN + _MARK and part.isascii() and part.isalnum()]


def _fits(keyring: Keyring, mark: str, email: str) -> bool:
    return hmac.compare_digest(mark[_DRAWN:], _sign(keyring, mark[:_DRAWN], email))


def _sign(keyring: Keyring, drawn: str, email: str) -> str:
    return keyring.hash("staff-pages", "device", drawn, email).hex()[:_MARK]
