"""Finding access codes by hash, and showing them again while they live.

A database holds only HMAC-SHA-256 of token and typed code, plus both sealed, so that a stolen file opens no form.
"""

import secrets

from feedback.domain.care import fold, in_letters
from feedback.security.keyring import Keyring
from feedback.security.sealing import seal, unseal


class SystemChance:
    """The machine's own randomness."""

    def text(self, length: int) -> str:
        """Draw `length` characters of Crockford's base 32 from `secrets`: 5 bits each."""
        return in_letters(secrets.token_bytes(length))


def token_hash(keyring: Keyring, token: str) -> bytes:
    """Return the hash a link is found by, however it was written."""
    return keyring.hash("codes", "token", fold(token))


def typed_hash(keyring: Keyring, typed: str) -> bytes:
    """Return the hash a typed code is found by, however it was typed."""
    return keyring.hash("codes", "typed", fold(typed))


def seal_code(keyring: Keyring, code: str, column: str, clinic_id: str, code_id: str) -> bytes:
    """Seal a token or typed code to its own row and column."""
    return seal(keyring, code, "access_codes", column, clinic_id, code_id)


def unseal_code(keyring: Keyring, sealed: bytes, column: str, clinic_id: str, code_id: str) -> str:
    """Open a token or typed code that was sealed to this row and column."""
    return unseal(keyring, sealed, "access_codes", column, clinic_id, code_id)
