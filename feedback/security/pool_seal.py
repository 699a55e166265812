"""Sealing answers that nobody is to read: to a public key, by a process that holds no private one.

libsodium's sealed box (X25519, XSalsa20-Poly1305). Private keys are files in `KEYS_DIR/pool/`, which only filing opens.
"""

import json
import os
from pathlib import Path
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from feedback.domain.errors import KeysWrong
from feedback.security.key_files import check_closed
from feedback.security.sealing import pad, unpad


def pool_folder(folder: Path) -> Path:
    """Give `KEYS_DIR/pool/`, made if it is not there."""
    pool = folder / "pool"
    pool.mkdir(mode=0o700, exist_ok=True)
    return pool


def make_pool_key(folder: Path, key_id: str) -> bytes:
    """Draw a key pair, write the private half to `KEYS_DIR/pool/`, and give the public half.

    The file is on the disk when this returns: an answer sealed to a key that a power cut took would be lost.
    """
    pool = pool_folder(folder)
    private = PrivateKey.generate()
    path = pool / f"{key_id}.key"
    path.touch(mode=0o600)
    _write(path, (bytes(private).hex() + "\n").encode())
    path.chmod(0o400)
    _sync(pool)
    return bytes(private.public_key)


def read_pool_key(folder: Path, key_id: str) -> PrivateKey | None:
    """Give the private half of a key, or nothing when its file is gone.

    Raises `KeysWrong` when it is damaged or others can read it.
    """
    path = folder / "pool" / f"{key_id}.key"
    if not path.exists():
        return None
    check_closed(path)
    try:
        return PrivateKey(bytes.fromhex(path.read_text(encoding="ascii")))
    except (ValueError, CryptoError):
        raise KeysWrong(f"The key {path} is damaged. What waits in the pool cannot be read without it.") from None


def has_pool_key(folder: Path, key_id: str) -> bool:
    """Say whether the private half of a key is on this machine."""
    return (folder / "pool" / f"{key_id}.key").exists()


def destroy_pool_keys(folder: Path, *, but: str) -> None:
    """Overwrite and delete every private key except one. What was sealed to them can never be opened again."""
    pool = pool_folder(folder)
    for path in sorted(pool.glob("*.key")):
        if path.stem != but:
            path.chmod(0o600)
            _write(path, os.urandom(path.stat().st_size))
            path.unlink()
    _sync(pool)


def seal_for_pool(public_key: bytes, content: dict[str, Any]) -> bytes:
    """Pad an answer, so that its length tells nothing, and seal it."""
    plain = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    return bytes(SealedBox(PublicKey(public_key)).encrypt(pad(plain)))


def open_from_pool(private: PrivateKey, sealed: bytes) -> dict[str, Any]:
    """Open a sealed answer. Raises `KeysWrong` when it was sealed to another key."""
    try:
        content: dict[str, Any] = json.loads(unpad(SealedBox(private).decrypt(sealed)))
    except CryptoError:
        raise KeysWrong("An answer in the pool does not open with the key it names.") from None
    return content


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
