"""Who may read the private keys of what nobody is to read: the account that files, and not the one that serves.

No file is opened to find out.
"""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PoolAccess:
    """How `KEYS_DIR/pool/` looks from this account. `owner` is empty where there is no such folder yet."""

    folder: Path
    owner: str
    is_closed: bool
    is_readable: bool

    @property
    def warning(self) -> str:
        """Return one sentence where this account could read the keys, else nothing."""
        if not self.is_readable:
            return ""
        return (
            f"One account: the web process could read the private keys in {self.folder}, unless its unit shuts them "
            "off as deploy/systemd does. docs/for-operators.md shows two accounts."
        )


def look_at_pool(keys: Path) -> PoolAccess:
    """Return what this account may do with the private keys. Raises `OSError` where the folder of keys is closed."""
    folder = keys / "pool"
    try:
        status = folder.stat()
    except FileNotFoundError:
        return PoolAccess(folder, "", is_closed=True, is_readable=False)
    return PoolAccess(
        folder,
        _name(status.st_uid),
        is_closed=not stat.S_IMODE(status.st_mode) & 0o077,
        is_readable=os.access(folder, os.R_OK | os.X_OK),
    )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"account {uid}"


def account() -> str:
    """Name the account this process runs under."""
    return _name(os.geteuid())
