"""Key files: written whole or not at all, mode 0400 (0440 in a shared folder), and read only when in order."""

import hashlib
import os
import stat
from collections import defaultdict
from pathlib import Path

from feedback.domain.errors import KeysWrong

KEY_BYTES = 32
MARKS = "marks.txt"
"""Beside the keys, four bytes of a hash of each: a key of another installation, or a newly drawn one in place of a lost
one, is known as such. An installation older than this file gets it at the next `feedback keys init` or `rotate`."""

FEWEST_DIFFERENT = 8
"""Bytes. Of 32 random ones about 30 differ; an example such as all zeros has one."""


def read_key(path: Path) -> bytes:
    """Read a key file. Raises `KeysWrong` when it is missing, damaged, an example, or readable by others."""
    remedy = "Put the key back from your copy, or run `feedback keys init` for a new installation."
    if not path.exists():
        raise KeysWrong(f"The key {path} is missing. {remedy}")
    check_closed(path)
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except (UnicodeDecodeError, ValueError):
        key = b""
    if len(key) != KEY_BYTES or len(set(key)) < FEWEST_DIFFERENT:
        raise KeysWrong(f"The key {path} is damaged or an example. {remedy}")
    return key


def check_closed(path: Path) -> None:
    """Pass when nobody but its owner may read a file, or its group where the folder is open to that to be read.

    Raises `KeysWrong` with the command that closes it.
    """
    mode = key_mode(path.parent)
    if stat.S_IMODE(path.stat().st_mode) & 0o077 & ~mode:
        raise KeysWrong(f"The key {path} can be read by others. Run `chmod {mode:o} {path}`.")


def key_mode(folder: Path) -> int:
    """Return the mode of a key in a folder: readable by the group where an operator lets that read the folder.

    So two accounts can share the keys: one that owns them, and the web's, which is in its group.
    """
    return 0o440 if folder.stat().st_mode & 0o077 == stat.S_IRGRP | stat.S_IXGRP else 0o400


def write_key(path: Path, key: bytes) -> None:
    """Write a key file, replacing one that is there, and wait until it is on the disk."""
    _write(path, key.hex() + "\n")


def read_marks(folder: Path) -> dict[str, set[str]]:
    """Return the marks of keys that belong to this installation, by purpose; none in an older installation."""
    known: dict[str, set[str]] = defaultdict(set)
    path = folder / MARKS
    for line in path.read_text(encoding="ascii").splitlines() if path.exists() else ():
        purpose, _, mark = line.partition(" ")
        known[purpose].add(mark)
    return known


def note_mark(folder: Path, purpose: str, key: bytes, *, alone: bool = False) -> None:
    """Write down that a key belongs to this installation; `alone` when none before it does any more."""
    known = read_marks(folder)
    known[purpose] = {_mark(purpose, key)} | (set() if alone else known[purpose])
    lines = sorted(f"{name} {mark}\n" for name, marks in known.items() for mark in marks)
    _write(folder / MARKS, "".join(lines))


def check_mark(folder: Path, purpose: str, key: bytes) -> None:
    """Pass a key whose mark is known, or of whose purpose none is. Raises `KeysWrong`."""
    known = read_marks(folder).get(purpose)
    if known and _mark(purpose, key) not in known:
        raise KeysWrong(
            f"The key {folder / purpose}.key is not the one this installation was made with. Put that back from your "
            f"copy, {MARKS} with it; if it is lost for good, see `feedback keys init --help`."
        )


def _mark(purpose: str, key: bytes) -> str:
    return hashlib.sha256(f"feedback key {purpose} ".encode() + key).hexdigest()[:8]


def _write(path: Path, text: str) -> None:
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        os.fchmod(handle, key_mode(path.parent))
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
