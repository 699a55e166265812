"""Sealing words that only the product may read back: comments, repair notes, labels, codes still in use.

AES-256-GCM. The place a value belongs to is bound into the seal, so that nobody can move it to another row; the text
is padded, so that its length tells little. Envelope: version | mark of the key | nonce | ciphertext. What was sealed
before keys could be turned over has another version and no mark: every key of the ring is tried.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from feedback.domain.errors import KeysWrong
from feedback.security.keyring import Keyring
from feedback.security.rotating_data_key import MARK_BYTES, mark_of

_VERSION = b"\x02"
_UNMARKED = b"\x01\x01"
_HEAD = 1 + MARK_BYTES
_NONCE_BYTES = 12
_SIZES = (256, 512, 1024)


def seal(keyring: Keyring, text: str, *place: str) -> bytes:
    """Seal a text to its place (table, column, clinic, row); 256, 512, 1,024 bytes or multiples of 1,024 long."""
    key, nonce = keyring.ring.current(), os.urandom(_NONCE_BYTES)
    return _VERSION + mark_of(key) + nonce + AESGCM(key).encrypt(nonce, pad(text.encode()), _bound(place))


def unseal(keyring: Keyring, envelope: bytes, *place: str) -> str:
    """Open a sealed text at its own place. Raises `KeysWrong` when key or place is another one."""
    if envelope[: len(_UNMARKED)] == _UNMARKED:
        keys, body = keyring.ring.every(), envelope[len(_UNMARKED) :]
    else:
        named = keyring.ring.find(envelope[1:_HEAD]) if envelope[:1] == _VERSION else None
        keys, body = (named,) if named else (), envelope[_HEAD:]
    if not keys:
        raise KeysWrong("A sealed text was written under a key that is not in this key ring.")
    for key in keys:
        try:
            return unpad(AESGCM(key).decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], _bound(place))).decode()
        except (InvalidTag, ValueError):
            continue
    raise KeysWrong("A sealed text does not open here: the data key is another one.")


def head_of(keyring: Keyring) -> bytes:
    """Return the bytes with which everything begins that is sealed now."""
    return _VERSION + mark_of(keyring.ring.current())


def pad(content: bytes, *, least: int = _SIZES[0]) -> bytes:
    """Mark the end with one bit and fill with zeros to the next size of at least so many bytes."""
    needed = max(len(content) + 1, least)
    size = next((size for size in _SIZES if needed <= size), -(-needed // _SIZES[-1]) * _SIZES[-1])
    return content + b"\x80" + b"\x00" * (size - len(content) - 1)


def unpad(padded: bytes) -> bytes:
    """Take the filling off again."""
    return padded[: padded.rindex(b"\x80")]


def _bound(place: tuple[str, ...]) -> bytes:
    return "\x1f".join(place).encode()
