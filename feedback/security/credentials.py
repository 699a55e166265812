"""Passwords: Argon2id at 64 MiB, 3 passes, 1 lane (OWASP ASVS 5.0 §11.4, RFC 9106 second choice's memory).

Accounts of one e-mail address share their salt, so that one computation answers for all of them: otherwise the time a
sign-in takes would tell a stranger that an address has several accounts. Nobody else has that salt.
"""

import base64
import hmac
import re
import secrets
import unicodedata
from collections.abc import Iterable, Sequence

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError
from argon2.low_level import hash_secret

from feedback.domain.errors import PasswordTooWeak

SHORTEST = 15
"""Characters. A long phrase is easier to keep than a short riddle, and harder to guess."""

LEAST_GUESSES = 10**13
"""By the estimate of zxcvbn (Wheeler, USENIX Security 2016), which calls 10**10 very unguessable. Three words of one's
own have 10**19, fifteen drawn characters 10**14, the longest of what everybody tries first 10**12."""

_KNOWN_PHRASES = ("correcthorsebatterystaple", "thequickbrownfoxjumps")
_WEIGHED = 72
"""Characters of a password that are weighed; zxcvbn takes no more."""

SALT_BYTES = 16
WEAK = "That is among the first things a guesser tries. Four or five words in a row that are not about you work well."


class Passwords:
    """Hashes and checks passwords. The parameters are fixed when it is made."""

    def __init__(self, *, memory_kib: int = 65536, passes: int = 3) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        self._decoy = _decoy(memory_kib, passes)

    @classmethod
    def insecure_for_tests(cls) -> "Passwords":
        """Return a hasher so cheap that a test suite can sign in a thousand times. Never for people."""
        return cls(memory_kib=8, passes=1)

    def hash(self, password: str, *, salt: bytes | None = None, about: Iterable[str] = ()) -> str:
        """Hash a password, under the 16 bytes of an address's salt or a drawn one.

        `about` are words about the person and the clinic, which count for nothing. Raises `PasswordTooWeak` when it
        is too short or easily guessed.
        """
        if len(password) < SHORTEST:
            raise PasswordTooWeak(f"Please use at least {SHORTEST} characters. Four or five words in a row work well.")
        if guesses(password, about) < LEAST_GUESSES:
            raise PasswordTooWeak(WEAK)
        return self._hasher.hash(_typed(password), salt=salt)

    def matches(self, stored: str | None, password: str) -> bool:
        """Return whether a password fits; an unknown account costs the same work as a known one."""
        return self.which_match((stored,), password)[0]

    def which_match(self, stored: Sequence[str | None], password: str) -> tuple[bool, ...]:
        """Say of each account whether a password fits: one computation for all that share a salt, and never none."""
        computed: dict[str, str] = {}
        fits = []
        for kept in stored or (None,):
            known = kept or self._decoy
            head = known.rpartition("$")[0]
            if head not in computed:
                computed[head] = _compute(known, password)
            fits.append(hmac.compare_digest(computed[head].encode(), known.encode()) and kept is not None)
        return tuple(fits[: len(stored)])


def guesses(password: str, about: Iterable[str] = ()) -> int:
    """Return how many guesses a password takes, by its beginning. `about` are words about the person and the clinic."""
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]  # noqa: PLC0415  10 MB of word lists, for the few requests that set a password

    words = [*about, *(part for text in about for part in re.split(r"\W+", text) if part), *_KNOWN_PHRASES]
    return int(zxcvbn(password[:_WEIGHED], user_inputs=words)["guesses"]) if password else 0


def _decoy(memory_kib: int, passes: int) -> str:
    """Write a hash that no password has: drawn, not computed, so that a server starts without waiting for it."""
    salt, hashed = (base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (SALT_BYTES, 32))
    return f"$argon2id$v=19$m={memory_kib},t={passes},p=1${salt}${hashed}"


def _compute(known: str, password: str) -> str:
    """Hash a password as a known hash was made; give nothing for one that is damaged."""
    try:
        made = extract_parameters(known)
        salt = known.split("$")[-2]
        return hash_secret(
            _typed(password).encode("utf-8", "surrogatepass"),
            base64.b64decode(salt + "=" * (-len(salt) % 4)),
            made.time_cost,
            made.memory_cost,
            made.parallelism,
            made.hash_len,
            made.type,
        ).decode()
    except (InvalidHashError, ValueError):
        return ""


def _typed(password: str) -> str:
    """Return the same characters whichever keyboard composed them (NFC); nothing is cut or trimmed."""
    return unicodedata.normalize("NFC", password)
