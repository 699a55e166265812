"""The keys that words are sealed with: one that seals, and earlier ones that still open.

`data.key` seals. When it is turned over, the key before stays as `data.<its mark>.key` as long as its file lies there:
nothing is lost if that takes days, and a backup of earlier days can still be read. A server that runs meanwhile sees
that the file has changed and reads the ring anew.
"""

import hashlib
import secrets
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from feedback.security.key_files import KEY_BYTES, note_mark, write_key

MARK_BYTES = 4


def mark_of(key: bytes) -> bytes:
    """Return the four bytes by which an envelope names its key. They tell nothing of it."""
    return hashlib.sha256(b"feedback data key" + key).digest()[:MARK_BYTES]


class DataRing:
    """The ring in a folder. `read` reads and checks one key file."""

    def __init__(self, folder: Path, read: Callable[[Path], bytes]) -> None:
        self._folder, self._read, self._guard = folder, read, Lock()
        self._seen = self._look()
        self._keys = self._load()

    def current(self) -> bytes:
        """Return the key that seals now."""
        return self._fresh()[0]

    def find(self, mark: bytes) -> bytes | None:
        """Return the key an envelope names, or nothing when it is not in the ring."""
        return next((key for key in self._fresh() if mark_of(key) == mark), None)

    def every(self) -> tuple[bytes, ...]:
        """Return every key, the one that seals first."""
        return self._fresh()

    def turn_over(self) -> bytes:
        """Draw a new key that seals from now on; the one before stays and opens. Returns the new one's mark.

        In an order in which a power cut loses nothing: first the copy of the old key is on the disk, and the new one
        is known to be this installation's.
        """
        old, new = self.current(), secrets.token_bytes(KEY_BYTES)
        write_key(self._folder / f"data.{mark_of(old).hex()}.key", old)
        note_mark(self._folder, "data", old)
        note_mark(self._folder, "data", new)
        write_key(self._folder / "data.key", new)
        return mark_of(new)

    def _fresh(self) -> tuple[bytes, ...]:
        seen = self._look()
        if seen is not None and seen != self._seen:
            with self._guard:
                self._keys, self._seen = self._load(), seen
        return self._keys

    def _look(self) -> tuple[int, int] | None:
        """Tell one state of the file from another; nothing while the folder cannot be reached: then memory serves."""
        try:
            found = (self._folder / "data.key").stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino

    def _load(self) -> tuple[bytes, ...]:
        earlier = sorted(self._folder.glob("data.*.key"))
        return tuple(self._read(path) for path in (self._folder / "data.key", *earlier))
