"""Files that two accounts write: as open to the group as the folder they lie in, and never to anybody else.

The web and what is due at night may run under two accounts of one group. An operator says so by giving the data folder
to that group; everywhere else files stay with their owner.
"""

import stat
from pathlib import Path

_GROUP = stat.S_IRWXG


def is_shared(folder: Path) -> bool:
    """Return whether the group of a folder may write in it, and nobody else may do anything."""
    mode = folder.stat().st_mode
    return mode & _GROUP == _GROUP and not mode & stat.S_IRWXO


def file_mode(folder: Path) -> int:
    """Return the mode of a new file in a folder."""
    return 0o660 if is_shared(folder) else 0o600


def folder_mode(parent: Path) -> int:
    """Return the mode of a new folder in another one; a shared one hands its group on."""
    return 0o2770 if is_shared(parent) else 0o700


def share(file: Path) -> None:
    """Give a file of our own, made by a library that knows nothing of this, the mode it should have where it lies."""
    if is_shared(file.parent):
        file.chmod(file_mode(file.parent))
