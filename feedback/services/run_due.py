"""Everything that is due, for a timer to ask for. Asking again, or twice at once, does nothing more."""

from feedback.domain.care import Chance
from feedback.domain.clock import Clock
from feedback.persistence.database import Database
from feedback.security.keyring import Keyring
from feedback.services.file_pool import Filing, file_pool


def run_due(database: Database, clock: Clock, keyring: Keyring, chance: Chance) -> Filing | None:
    """File the pool unless today's filing is done; gives what became of it, or nothing when it was not due.

    Raises what `file_pool` raises.
    """
    return file_pool(database, clock, keyring, chance, only_if_due=True)
