"""Sealing answers that nobody is to read: to a public key, by a process that holds no private one.

libsodium's sealed box (X25519, XSalsa20-Poly1305). Private keys are files in `KEYS_DIR/pool/`, which only filing opens.
"""

import json
from pathlib import Path
from typing import Any

from nacl.public import PrivateKey, PublicKey, SealedBox

from feedback.security.sealing import pad


def make_pool_key(folder: Path, key_id: str) -> bytes:
    """Draw a key pair, write the private half to `KEYS_DIR/pool/`, and give the public half."""
    pool = folder / "pool"
    pool.mkdir(mode=0o700, exist_ok=True)
    private = PrivateKey.generate()
    path = pool / f"{key_id}.key"
    path.touch(mode=0o600)
    path.write_text(bytes(private).hex() + "\n", encoding="ascii")
    path.chmod(0o400)
    return bytes(private.public_key)


def seal_for_pool(public_key: bytes, content: dict[str, Any]) -> bytes:
    """Pad an answer, so that its length tells nothing, and seal it."""
    plain = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    return bytes(SealedBox(PublicKey(public_key)).encrypt(pad(plain)))
