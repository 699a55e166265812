"""The keys, one file each, outside the data folder. A thief of the database alone has none of them.

Every purpose has its own key, so that losing one says nothing about the others. Files are mode 0400.
"""

import hashlib
import hmac
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

from feedback.domain.errors import KeysWrong
from feedback.security.data_ring import KEY_BYTES, DataRing

PURPOSES = ("codes", "nonces", "data", "audit", "pool-ids", "staff-pages", "backups")


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys of an installation by purpose, the folder they lie in, and the ring of those that seal words."""

    folder: Path
    keys: dict[str, bytes] = field(repr=False)
    ring: DataRing = field(repr=False, compare=False)

    @classmethod
    def create(cls, folder: Path) -> "Keyring":
        """Draw every key that is not there yet, then load them."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for purpose in PURPOSES:
            path = folder / f"{purpose}.key"
            if not path.exists():
                path.touch(mode=0o600)
                path.write_text(secrets.token_hex(KEY_BYTES) + "\n", encoding="ascii")
                path.chmod(0o400)
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> "Keyring":
        """Read every key. Raises `KeysWrong` when one is missing, damaged or readable by others."""
        keys = {purpose: _read(folder / f"{purpose}.key") for purpose in PURPOSES}
        return cls(folder, keys, DataRing(folder, _read))

    def hash(self, purpose: str, *parts: str) -> bytes:
        """Give HMAC-SHA-256 of the parts under one purpose's key; parts cannot run into one another."""
        message = "\x1f".join(parts).encode("utf-8", "surrogatepass")
        return hmac.digest(self.keys[purpose], message, hashlib.sha256)


def _read(path: Path) -> bytes:
    remedy = "Put the key back from your copy, or run `feedback keys init` for a new installation."
    if not path.exists():
        raise KeysWrong(f"The key {path} is missing. {remedy}")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise KeysWrong(f"The key {path} can be read by others. Run `chmod 400 {path}`.")
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except (UnicodeDecodeError, ValueError):
        key = b""
    if len(key) != KEY_BYTES or len(set(key)) < 8:
        raise KeysWrong(f"The key {path} is damaged or an example. {remedy}")
    return key
