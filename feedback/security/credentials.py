"""Passwords: Argon2id at 64 MiB, 3 passes, 1 lane (OWASP ASVS 5.0 §11.4, RFC 9106 second choice's memory)."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from feedback.domain.errors import PasswordTooWeak

SHORTEST = 15
"""Characters. A long phrase is easier to keep than a short riddle, and harder to guess."""


class Passwords:
    """Hashes and checks passwords. The parameters are fixed when it is made."""

    def __init__(self, *, memory_kib: int = 65536, passes: int = 3) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        self._decoy = self._hasher.hash("nobody has this password")

    @classmethod
    def insecure_for_tests(cls) -> "Passwords":
        """Give a hasher so cheap that a test suite can sign in a thousand times. Never for people."""
        return cls(memory_kib=8, passes=1)

    def hash(self, password: str) -> str:
        """Hash a password. Raises `PasswordTooWeak` when it is too short or easily guessed."""
        if len(password) < SHORTEST:
            raise PasswordTooWeak(f"Please use at least {SHORTEST} characters. Four or five words in a row work well.")
        if len(set(password.lower())) < 6:
            raise PasswordTooWeak("That password repeats itself. Four or five words in a row work well.")
        return self._hasher.hash(password)

    def matches(self, stored: str | None, password: str) -> bool:
        """Say whether a password fits; an unknown account costs the same work as a known one."""
        try:
            self._hasher.verify(stored or self._decoy, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
        return stored is not None
