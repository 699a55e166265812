"""Taking an answer back with its receipt. Nobody needs to say who they are, or why."""

from feedback.domain.care import Chance
from feedback.domain.clock import Clock
from feedback.domain.errors import TooManyTries
from feedback.domain.response import WithdrawnBy
from feedback.persistence import doors, pool, responses, tries
from feedback.persistence.database import UnitOfWork
from feedback.security.keyring import Keyring
from feedback.security.receipts import receipt_hash
from feedback.services.erase_response import erase_response

MOST_MISSES = 300
"""In ten minutes, for everybody together. A receipt has 55 random bits."""


def withdraw_response(uow: UnitOfWork, keyring: Keyring, chance: Chance, *, receipt: str) -> bool:
    """Withdraw the answer a well-formed receipt belongs to: shared, waiting in the pool, or filed (at the next filing).

    Says whether there was one; the person is told the same either way. A shared answer goes with its finding and a
    flag nobody has reviewed; its code opens again while it lives.
    """
    hashed = receipt_hash(keyring, receipt)
    behind = doors.clinics_behind(uow, "receipt", hashed)
    if not behind:
        return False
    within = uow.within(behind[0])
    place = responses.place_of_receipt(within, hashed)
    if place is not None:
        erase_response(within, chance, place=place, by=WithdrawnBy.CLIENT)
    pool.take_back(within, hashed)
    return True


def check_receipt_tries(uow: UnitOfWork, clock: Clock) -> None:
    """Pass while few receipts were guessed wrong. Raises `TooManyTries`."""
    if tries.misses(uow, "receipt", clock.now()) >= MOST_MISSES:
        raise TooManyTries("Let us take a short break. Try again in 10 minutes.")


def count_receipt_miss(uow: UnitOfWork, clock: Clock) -> None:
    """Count a well-formed receipt that no answer belongs to."""
    tries.count_miss(uow, "receipt", clock.now())
