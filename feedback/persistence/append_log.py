"""A text file that only grows by whole lines, each on the disk before anybody is told that it is there."""

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path

from feedback.persistence.sharing import file_mode, folder_mode


def append_lines(file: Path, lines: Iterable[str]) -> None:
    """Add lines, and return when they are on the disk. A line that a power cut left half-written is cut off first."""
    is_new = not file.exists()
    if not file.parent.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.parent.chmod(folder_mode(file.parent.parent))
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, file_mode(file.parent)), "ab+") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        handle.seek(0)
        handle.truncate(handle.read().rfind(b"\n") + 1)
        handle.write("".join(f"{line}\n" for line in lines).encode())
        handle.flush()
        os.fsync(handle.fileno())
    if is_new:
        sync_folder(file.parent)


def read_lines(file: Path) -> list[str]:
    """Return the whole lines of a file, none when it is not there. A half-written last one was never acknowledged."""
    if not file.exists():
        return []
    whole, _, _ = file.read_text(encoding="utf-8").rpartition("\n")
    return whole.split("\n") if whole else []


def sync_folder(folder: Path) -> None:
    """Return when a folder's own list of files is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
