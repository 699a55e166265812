"""Nonces and receipts: the form's one-time key, and what lets a client take an answer back.

The nonce is CSRF defence and idempotency key in one: random, without a time in it, signed together with its code.
The receipt is derived from the nonce, which only the client's page ever held, so a therapist cannot compute it.
"""

import hmac

from feedback.domain.care import CROCKFORD, Chance, check_sign, fold
from feedback.domain.errors import NonceRefused
from feedback.security.keyring import Keyring

_RANDOM_LENGTH = 26
_MARK_LENGTH = 20
RECEIPT_LENGTH = 12


def make_nonce(keyring: Keyring, chance: Chance, token: str) -> str:
    """Draw a nonce for the form of one code: 26 random characters and a 20-character mark."""
    drawn = chance.text(_RANDOM_LENGTH)
    return drawn + _mark(keyring, drawn, token)


def check_nonce(keyring: Keyring, nonce: str, token: str) -> None:
    """Pass when this installation made the nonce for this code. Raises `NonceRefused`."""
    drawn, mark = nonce[:_RANDOM_LENGTH], nonce[_RANDOM_LENGTH:]
    if not hmac.compare_digest(mark.encode(), _mark(keyring, drawn, token).encode()):
        raise NonceRefused("This form is not from here, or was changed on its way. Open your code again.")


def nonce_hash(keyring: Keyring, nonce: str) -> bytes:
    """Give the hash by which a repeated send is known."""
    return keyring.hash("nonces", "nonce", nonce)


def make_receipt(keyring: Keyring, nonce: str) -> str:
    """Derive the receipt of a nonce: 11 characters (55 bits) and a check character."""
    body = _letters(keyring.hash("nonces", "receipt", nonce), RECEIPT_LENGTH - 1)
    return body + check_sign(body)


def read_receipt(typed: str) -> str | None:
    """Fold what somebody typed into a receipt, or give nothing when it is malformed."""
    plain = fold(typed)
    whole = len(plain) == RECEIPT_LENGTH and check_sign(plain[:-1]) == plain[-1]
    return plain if whole else None


def receipt_hash(keyring: Keyring, receipt: str) -> bytes:
    """Give the hash a stored answer is found by."""
    return keyring.hash("codes", "receipt", receipt)


def _mark(keyring: Keyring, drawn: str, token: str) -> str:
    return _letters(keyring.hash("nonces", "mark", drawn, fold(token)), _MARK_LENGTH)


def _letters(digest: bytes, length: int) -> str:
    return "".join(CROCKFORD[byte % 32] for byte in digest[:length])
