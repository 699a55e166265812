"""Sealing answers until figures are made of them: to a public key, by a process that does not have the private one.

libsodium's sealed box (X25519, XSalsa20-Poly1305). Private keys are files in `KEYS_DIR/pool/`, one for each quarter,
which only the process that does the due work opens; the web process need not be able to read that folder.
"""

import json
import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

from nacl.bindings import crypto_box_SEALBYTES
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from feedback.domain.errors import KeysWrong
from feedback.security.key_files import check_closed
from feedback.security.sealing import pad, unpad

SUBMISSION_BYTES = 9 * 1024
"""To which every answer is padded, whatever its questionnaire: the largest that is accepted, 200 questions with names
of 32 characters each, takes some 8,700. An answer to the built-in form has about 300; who knows which case is followed
with which questionnaire must not know the row by its length."""

NOTE_BYTES = 512
"""To which a note of a withdrawal is padded."""


def submission_keys_folder(folder: Path) -> Path:
    """Return `KEYS_DIR/pool/`, made if it is not there."""
    keys = folder / "pool"
    keys.mkdir(mode=0o700, exist_ok=True)
    return keys


def make_submission_key(folder: Path, key_id: str) -> bytes:
    """Draw a key pair, write the private half to `KEYS_DIR/pool/`, and return the public half.

    The file is on the disk when this returns: an answer sealed to a key that a power cut took would be lost.
    """
    keys = submission_keys_folder(folder)
    private = PrivateKey.generate()
    path = keys / f"{key_id}.key"
    path.touch(mode=0o600)
    _write(path, (bytes(private).hex() + "\n").encode())
    path.chmod(0o400)
    _sync(keys)
    return bytes(private.public_key)


def read_submission_key(folder: Path, key_id: str) -> PrivateKey | None:
    """Return the private half of a key, or nothing when its file is gone.

    Raises `KeysWrong` when it is damaged or others can read it.
    """
    path = folder / "pool" / f"{key_id}.key"
    if not path.exists():
        return None
    check_closed(path)
    try:
        return PrivateKey(bytes.fromhex(path.read_text(encoding="ascii")))
    except (ValueError, CryptoError):
        raise KeysWrong(f"The key {path} is damaged. What was sealed to it cannot be read without it.") from None


def has_submission_key(folder: Path, key_id: str) -> bool:
    """Return whether the private half of a key is on this machine."""
    return (folder / "pool" / f"{key_id}.key").exists()


def destroy_submission_keys(folder: Path, *, but: Collection[str]) -> None:
    """Overwrite and delete every other private key. What was sealed to them can never be opened again."""
    keys = submission_keys_folder(folder)
    for path in sorted(keys.glob("*.key")):
        if path.stem not in but:
            path.chmod(0o600)
            _write(path, os.urandom(path.stat().st_size))
            path.unlink()
    _sync(keys)


def seal_to(public_key: bytes, content: dict[str, Any], *, length: int = SUBMISSION_BYTES) -> bytes:
    """Return JSON values padded to so many bytes, so that their length tells nothing, and sealed.

    Raises `ValueError` for what is longer.
    """
    plain = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    if len(plain) >= length:
        raise ValueError(f"{len(plain)} bytes do not fit into {length}")
    return bytes(SealedBox(PublicKey(public_key)).encrypt(pad(plain, least=length)))


def sealed_length(length: int = SUBMISSION_BYTES) -> int:
    """Return how many bytes are stored of what was padded to so many."""
    return length + crypto_box_SEALBYTES


def open_sealed(private: PrivateKey, sealed: bytes) -> dict[str, Any]:
    """Return what was sealed, once or (by migration 0018) twice. Raises `KeysWrong` when it was to another key."""
    try:
        content: dict[str, Any] = json.loads(unpad(SealedBox(private).decrypt(sealed)))
    except CryptoError:
        raise KeysWrong("A sealed answer does not open with the key it names.") from None
    return open_sealed(private, bytes.fromhex(content["sealed"])) if "sealed" in content else content


def _write(path: Path, content: bytes) -> None:
    """Write over what is there, in place, and wait until it is on the disk."""
    with path.open("r+b") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
