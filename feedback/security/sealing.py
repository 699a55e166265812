"""Sealing words that only the product may read back: comments, repair notes, labels, codes still in use.

AES-256-GCM. The place a value belongs to is bound into the seal, so that nobody can move it to another row; the text
is padded, so that its length tells little. Envelope: version | key id | nonce | ciphertext.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from feedback.domain.errors import KeysWrong
from feedback.security.keyring import Keyring

_VERSION = b"\x01"
_KEY_ID = b"\x01"
_NONCE_BYTES = 12
_SIZES = (256, 512, 1024)


def seal(keyring: Keyring, text: str, *place: str) -> bytes:
    """Seal a text to its place (table, column, clinic, row); 256, 512, 1,024 bytes or multiples of 1,024 long."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(keyring.keys["data"]).encrypt(nonce, pad(text.encode()), _bound(place))
    return _VERSION + _KEY_ID + nonce + sealed


def unseal(keyring: Keyring, envelope: bytes, *place: str) -> str:
    """Open a sealed text at its own place. Raises `KeysWrong` when key or place is another one."""
    nonce, sealed = envelope[2 : 2 + _NONCE_BYTES], envelope[2 + _NONCE_BYTES :]
    if envelope[:2] != _VERSION + _KEY_ID:
        raise KeysWrong("A sealed text was written under a key that is not in this key ring.")
    try:
        return unpad(AESGCM(keyring.keys["data"]).decrypt(nonce, sealed, _bound(place))).decode()
    except InvalidTag:
        raise KeysWrong("A sealed text does not open here: the data key is another one.") from None


def pad(content: bytes) -> bytes:
    """Mark the end with one bit and fill with zeros to the next size."""
    needed = len(content) + 1
    size = next((size for size in _SIZES if needed <= size), -(-needed // _SIZES[-1]) * _SIZES[-1])
    return content + b"\x80" + b"\x00" * (size - needed)


def unpad(padded: bytes) -> bytes:
    """Take the filling off again."""
    return padded[: padded.rindex(b"\x80")]


def _bound(place: tuple[str, ...]) -> bytes:
    return "\x1f".join(place).encode()
