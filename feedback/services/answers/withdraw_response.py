"""Taking an answer back with its receipt. Nobody needs to say who they are, or why."""

from feedback.domain.care import Chance
from feedback.domain.clock import Clock
from feedback.domain.errors import TooManyTries
from feedback.domain.response import WithdrawnBy
from feedback.persistence import doors
from feedback.persistence.accounts import tries
from feedback.persistence.answers import pool, responses
from feedback.persistence.answers.taken_back import note_taken_back
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.security.keyring import Keyring
from feedback.security.receipts import receipt_hash
from feedback.services.answers.erase_response import erase_response

MOST_MISSES = 300
"""In ten minutes, for everybody together. A receipt has 55 random bits."""


def withdraw_response(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, chance: Chance, *, receipt: str, journal: Journal
) -> bool:
    """Withdraw the answer a well-formed receipt belongs to: shared, waiting in the pool, or filed (at the next filing).

    Says whether there was one; the person is told the same either way. A shared answer goes with its finding and a
    flag nobody has reviewed; its code opens again while it lives. The journal knows before the caller commits, so that
    no copy of the database can bring the answer back.
    """
    hashed = receipt_hash(keyring, receipt)
    behind = doors.clinics_behind(uow, "receipt", hashed)
    if not behind:
        return False
    month = f"{clock.now():%Y-%m}"
    withdraw_by_hash(uow.within(behind[0]), chance, hashed)
    note_taken_back(uow.within(behind[0]), hashed, month)
    journal.note_withdrawn(behind[0], hashed, month)
    return True


def withdraw_by_hash(uow: UnitOfWork, chance: Chance, receipt_hash: bytes) -> None:
    """Withdraw the answer whose receipt has this hash, if the clinic holds one."""
    place = responses.place_of_receipt(uow, receipt_hash)
    if place is not None:
        erase_response(uow, chance, place=place, by=WithdrawnBy.CLIENT)
    pool.take_back(uow, receipt_hash)


def check_receipt_tries(uow: UnitOfWork, clock: Clock) -> None:
    """Pass while few receipts were guessed wrong. Raises `TooManyTries`."""
    if tries.misses(uow, "receipt", clock.now()) >= MOST_MISSES:
        raise TooManyTries("Let us take a short break. Try again in 10 minutes.")


def count_receipt_miss(uow: UnitOfWork, clock: Clock) -> None:
    """Count a well-formed receipt that no answer belongs to."""
    tries.count_miss(uow, "receipt", clock.now())
