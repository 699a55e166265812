"""Turning the data key over: a new one seals from now on, and what was sealed before is sealed anew, batch by batch."""

from collections.abc import Callable

from feedback.persistence.database import Database
from feedback.persistence.upkeep.sealed_columns import SEALED, replace_sealed, sealed_otherwise
from feedback.security.keyring import Keyring
from feedback.security.sealing import head_of, seal, unseal

BATCH = 200
"""Values in one transaction: others wait for their turn a moment, never for all of it."""


def is_under_way(database: Database, keyring: Keyring) -> bool:
    """Return whether an earlier turn was broken off: there is an earlier key, and something it sealed."""
    if len(keyring.ring.every()) == 1:
        return False
    with database.reading(None) as uow:
        return any(sealed_otherwise(uow, where, head_of(keyring), 1) for where in SEALED)


def rotate_data_key(
    database: Database, keyring: Keyring, *, after_batch: Callable[[int], None] = lambda _count: None
) -> int:
    """Draw a new data key unless a turn is under way, seal everything anew, and give how many values that were.

    Safe to stop at any moment, and while the clinic works: what is not done is done by the next run, and the earlier
    key stays in its file. `after_batch` is told how many values are done. Raises `KeysWrong` for a value that no key
    of the ring opens.
    """
    if not is_under_way(database, keyring):
        keyring.ring.turn_over()
    count = 0
    for where in SEALED:
        while True:
            with database.writing(None) as uow:
                values = sealed_otherwise(uow, where, head_of(keyring), BATCH)
                for value in values:
                    text = unseal(keyring, value.sealed, *value.place)
                    replace_sealed(uow, where, value, seal(keyring, text, *value.place))
            if not values:
                break
            count += len(values)
            after_batch(count)
    return count
