"""Nonces and receipts: the form's one-time key, and what lets a client take an answer back.

The nonce is CSRF defence and idempotency key in one: random, without a time in it, signed together with its code.
Which who-reads sentence stood on the form is part of what is signed, so an answer carries the one its sender saw.
The receipt is derived from the nonce, which only the client's page ever held, so a therapist cannot compute it.
"""

import hmac

from feedback.domain.care import Chance, check_sign, fold, in_letters
from feedback.domain.errors import NonceRefused
from feedback.domain.who_reads import READERS, WHO_READS_VERSION
from feedback.security.keyring import Keyring

_RANDOM_LENGTH = 26
_MARK_LENGTH = 20
RECEIPT_LENGTH = 18
FORMER_RECEIPT_LENGTH = 12
"""Of receipts given before version 0.2: 55 random bits. They stay valid as long as their answers."""


def make_nonce(keyring: Keyring, chance: Chance, token: str, sentence: int = WHO_READS_VERSION) -> str:
    """Draw a nonce for the form of one code: 26 random characters and a 20-character mark.

    `sentence` is the version of the who-reads sentence on that form.
    """
    drawn = chance.text(_RANDOM_LENGTH)
    return drawn + _mark(keyring, drawn, token, sentence)


def check_nonce(keyring: Keyring, nonce: str, token: str) -> int:
    """Return the who-reads sentence of the form this installation made the nonce for. Raises `NonceRefused`."""
    drawn, mark = nonce[:_RANDOM_LENGTH], nonce[_RANDOM_LENGTH:]
    for sentence in READERS:
        if hmac.compare_digest(mark.encode(), _mark(keyring, drawn, token, sentence).encode()):
            return sentence
    raise NonceRefused("This form is not from here, or was changed on its way. Open your code again.")


def nonce_hash(keyring: Keyring, nonce: str) -> bytes:
    """Return the hash by which a repeated send is known."""
    return keyring.hash("nonces", "nonce", nonce)


def make_receipt(keyring: Keyring, nonce: str) -> str:
    """Return the receipt of a nonce: 17 characters (85 bits) and a check character.

    So long a receipt cannot be guessed, so nobody's wrong guesses have to be counted against anybody else.
    """
    body = in_letters(keyring.hash("nonces", "receipt", nonce)[: RECEIPT_LENGTH - 1])
    return body + check_sign(body)


def read_receipt(typed: str) -> str | None:
    """Return what somebody typed folded into a receipt, or nothing when it is malformed."""
    plain = fold(typed)
    whole = len(plain) in {RECEIPT_LENGTH, FORMER_RECEIPT_LENGTH} and check_sign(plain[:-1]) == plain[-1]
    return plain if whole else None


def receipt_hash(keyring: Keyring, receipt: str) -> bytes:
    """Return the hash by which the answer is found that a therapist has."""
    return keyring.hash("codes", "receipt", receipt)


def submission_id(keyring: Keyring, receipt: str) -> bytes:
    """Return the id of the sealed submission of a receipt.

    It has nothing in common with `receipt_hash`: one cannot be computed from the other without the receipt.
    """
    return keyring.hash("codes", "submission", receipt)


def _mark(keyring: Keyring, drawn: str, token: str, sentence: int) -> str:
    """Sign what was drawn. Nonces from before there were several sentences stand for the first."""
    more = () if sentence == 1 else (str(sentence),)
    return in_letters(keyring.hash("nonces", "mark", drawn, fold(token), *more)[:_MARK_LENGTH])
