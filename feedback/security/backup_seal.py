"""Sealing a backup while it is written, and reading it back piece by piece: whole and unaltered, or not at all.

libsodium's secret stream (XChaCha20-Poly1305): each piece is bound to its place, and the last one says that it is the
last, so a file that was cut short does not pass for a whole one.
"""

import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from nacl import bindings as sodium
from nacl.exceptions import CryptoError

from feedback.domain.errors import BackupWrong

MAGIC: Final = b"rapport backup 1\n"
_MOST_BYTES: Final = 1 << 20
_LENGTH_BYTES: Final = 4


def seal_lines(key: bytes, lines: Iterable[str], to: BinaryIO) -> None:
    """Write lines, compressed and sealed, to a file that is empty so far."""
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    to.write(MAGIC + sodium.crypto_secretstream_xchacha20poly1305_init_push(state, key))
    for piece in _pieces(lines):
        _write(state, to, zlib.compress(piece), sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE)
    _write(state, to, b"", sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL)


def unseal_lines(key: bytes, source: BinaryIO) -> Iterator[str]:
    """Return the lines back. Raises `BackupWrong` for another key, a change, a missing end, or another kind of file."""
    header_bytes = sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES
    if source.read(len(MAGIC)) != MAGIC:
        raise BackupWrong("This file is not a backup that this version can read.")
    header = source.read(header_bytes)
    if len(header) != header_bytes:
        raise BackupWrong("This backup is cut short. Take another copy of it.")
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
    is_last, is_first = False, True
    while not is_last:
        piece, is_last = _read(state, source, is_first=is_first)
        yield from piece.decode().split("\n")[:-1]
        is_first = False
    if source.read(1):
        raise BackupWrong("This backup goes on after its end: it was altered. Take another copy of it.")


def _pieces(lines: Iterable[str]) -> Iterator[bytes]:
    """Join lines to pieces of about a mebibyte, each of whole lines."""
    held: list[bytes] = []
    size = 0
    for line in lines:
        held.append(line.encode() + b"\n")
        size += len(held[-1])
        if size >= _MOST_BYTES:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


def _write(state: sodium.crypto_secretstream_xchacha20poly1305_state, to: BinaryIO, piece: bytes, tag: int) -> None:
    sealed = sodium.crypto_secretstream_xchacha20poly1305_push(state, piece, MAGIC, tag)
    to.write(len(sealed).to_bytes(_LENGTH_BYTES, "big") + sealed)


def _read(
    state: sodium.crypto_secretstream_xchacha20poly1305_state, source: BinaryIO, *, is_first: bool
) -> tuple[bytes, bool]:
    length = int.from_bytes(source.read(_LENGTH_BYTES), "big")
    sealed = source.read(min(length, 2 * _MOST_BYTES + 1024))
    if len(sealed) != length or not length:
        raise BackupWrong("This backup is cut short or altered. Take another copy of it.")
    try:
        piece, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, sealed, MAGIC)
    except (CryptoError, RuntimeError):
        key_too = "was made with another key (see FEEDBACK_KEYS_DIR, backups.key) or " if is_first else ""
        raise BackupWrong(f"This backup {key_too}is altered. Nothing was changed.") from None
    is_last = tag == sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
    return (zlib.decompress(piece) if piece else b""), is_last
