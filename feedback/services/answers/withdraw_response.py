"""Taking an answer back with its receipt. Nobody needs to say who they are, or why."""

from feedback.domain.care import Chance
from feedback.domain.clock import Clock
from feedback.domain.response import WithdrawnBy
from feedback.persistence import doors
from feedback.persistence.answers import pool, responses
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.security.keyring import Keyring
from feedback.security.receipts import receipt_hash
from feedback.services.answers.erase_response import erase_response


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
    withdraw_by_hash(uow.within(behind[0]), chance, hashed)
    journal.note_withdrawn(behind[0], hashed, f"{clock.now():%Y-%m}")
    return True


def withdraw_by_hash(uow: UnitOfWork, chance: Chance, receipt_hash: bytes) -> None:
    """Withdraw the answer whose receipt has this hash, if the clinic holds one."""
    place = responses.place_of_receipt(uow, receipt_hash)
    if place is not None:
        erase_response(uow, chance, place=place, by=WithdrawnBy.CLIENT)
    pool.take_back(uow, receipt_hash)
