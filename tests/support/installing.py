"""An installation for a test: real keys and tables, a clock that stands still, passwords that cost nothing."""

from pathlib import Path
from unittest.mock import patch

from feedback.bootstrap import Installation
from feedback.domain.care import Chance
from feedback.domain.clock import Clock, FixedClock
from feedback.persistence.database import Database
from feedback.security import key_files
from feedback.security.credentials import Passwords
from feedback.security.keyring import Keyring
from feedback.settings import Settings
from tests.support.chance import SeededChance

MONDAY_NOON = FixedClock.on("2026-03-02")


def install(
    database: Database,
    folder: Path,
    *,
    clock: Clock = MONDAY_NOON,
    chance: Chance | None = None,
    base_url: str = "https://hl.example",
) -> Installation:
    """Join a migrated database with fresh keys in a folder; there is no clinic yet.

    Drawing the keys waits for no disk: nobody cuts the power, and thirty waits were the longest part of a small test.
    """
    keys = folder / "keys"
    with patch.object(key_files.os, "fsync", lambda _handle: None):
        keyring = Keyring.create(keys)
    return Installation(
        settings=Settings(data_dir=folder, keys_dir=keys, base_url=base_url),
        database=database,
        keyring=keyring,
        passwords=Passwords.insecure_for_tests(),
        clock=clock,
        chance=chance or SeededChance(),
    )
