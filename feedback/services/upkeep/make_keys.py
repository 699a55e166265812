"""Drawing the keys of a new installation, and never new ones where a database was written under others."""

from collections.abc import Collection
from pathlib import Path

from feedback.domain.errors import KeysWrong
from feedback.persistence.database import Database
from feedback.persistence.upkeep.examining import has_tables
from feedback.security.keyring import Keyring


def make_keys(database: Database, folder: Path, *, lost: Collection[str] = ()) -> Keyring:
    """Draw every key that this installation never had, then load them.

    Where there is a database, the folder must be known as that of its keys: a key that a new version brings is drawn
    there, and one that is said to be `lost`. An empty folder, as after a wrong mount, or one without its marks is left
    as it is. Raises `KeysWrong`, or `DatabaseWrong` when the database does not answer and so is not known to be new.
    """
    unknown = Keyring.unknown_in(folder, lost=lost)
    if unknown and has_tables(database):
        raise KeysWrong(
            f"There is a database at {database.shown}, and the key {folder / unknown[0]}.key that it was written under "
            "is missing. New keys could read nothing in it, so none were drawn: set FEEDBACK_KEYS_DIR to the folder of "
            "its keys, or put them back from your copy, marks.txt with them."
        )
    return Keyring.create(folder, lost=lost)
