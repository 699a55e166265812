"""The keys, one file each, outside the data folder. A thief of the database alone has none of them.

Every purpose has its own key, so that losing one says nothing about the others. Files are mode 0400.
"""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from feedback.domain.errors import KeysWrong
from feedback.security.key_files import KEY_BYTES, check_mark, note_mark, read_key, read_marks, write_key
from feedback.security.key_uses import PURPOSES, USES
from feedback.security.rotating_data_key import DataRing


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys of an installation by purpose, the folder they lie in, and the ring of those that seal words."""

    folder: Path
    keys: dict[str, bytes] = field(repr=False)
    ring: DataRing = field(repr=False, compare=False)

    @classmethod
    def create(cls, folder: Path, *, lost: Collection[str] = ()) -> "Keyring":
        """Draw every key that this installation never had, then load them.

        One that it had and that is gone is not drawn anew unless it is said to be `lost`; a lost one's file, if there
        is one, counts as right from now on. Raises `KeysWrong`.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for purpose in PURPOSES:
            path = folder / f"{purpose}.key"
            if not path.exists():
                _check_never_had(path, purpose, lost)
                write_key(path, secrets.token_bytes(KEY_BYTES))
            if purpose in lost or purpose not in read_marks(folder):
                note_mark(folder, purpose, read_key(path), alone=True)
        return cls.load(folder)

    @staticmethod
    def unknown_in(folder: Path, *, lost: Collection[str] = ()) -> tuple[str, ...]:
        """Name the keys that would be drawn although nothing says that this folder never held them.

        A folder whose marks name other keys is an installation's own, and one that they do not name is new to it.
        """
        if read_marks(folder):
            return ()
        return tuple(name for name in PURPOSES if name not in lost and not (folder / f"{name}.key").exists())

    @classmethod
    def load(cls, folder: Path) -> "Keyring":
        """Read every key. Raises `KeysWrong` when one is missing, damaged, readable by others, or another one."""
        keys = {purpose: read_key(folder / f"{purpose}.key") for purpose in PURPOSES}
        for purpose, key in keys.items():
            check_mark(folder, purpose, key)
        return cls(folder, keys, DataRing(folder, read_key))

    def hash(self, purpose: str, *parts: str) -> bytes:
        """Return HMAC-SHA-256 of the parts under one purpose's key; parts cannot run into one another."""
        message = "\x1f".join(parts).encode("utf-8", "surrogatepass")
        return hmac.digest(self.keys[purpose], message, hashlib.sha256)


def _check_never_had(path: Path, purpose: str, lost: Collection[str]) -> None:
    """Pass a key that was never drawn here, or that is given up as lost."""
    if purpose in read_marks(path.parent) and purpose not in lost:
        given_up = f" If it is lost for good: feedback keys init --lost {purpose}"
        raise KeysWrong(
            f"The key {path} is missing. Put the key back from your copy."
            f"{given_up if USES[purpose].may_be_replaced else ''}"
        )
