"""Taking an answer back with its receipt. Nobody needs to say who they are, or why."""

from feedback.domain.care import Chance
from feedback.domain.clock import Clock
from feedback.domain.response import WithdrawnBy
from feedback.persistence.answers import responses, sealed_submissions
from feedback.persistence.answers.taken_back import note_taken_back
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.persistence.tenant_lookup import clinics_behind
from feedback.security.keyring import Keyring
from feedback.security.receipts import FORMER_RECEIPT_LENGTH, receipt_hash, submission_id
from feedback.security.sealed_box import NOTE_BYTES, seal_to
from feedback.services.answers.erase_response import erase_response


def withdraw_response(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, chance: Chance, *, receipt: str, journal: Journal
) -> bool:
    """Withdraw what was sent under a well-formed receipt, whether the therapist has it or nobody reads it.

    Return whether there was something; the person is told the same either way. What the therapist had goes with its
    finding and a flag nobody has reviewed; its code opens again while it lives. The journal knows before the caller
    commits, so that no copy of the database can bring the answer back.
    """
    month, hashed, own = f"{clock.now():%Y-%m}", receipt_hash(keyring, receipt), submission_id(keyring, receipt)
    behind = clinics_behind(uow, "receipt", hashed)
    for clinic_id in behind:
        withdraw_by_hash(uow.within(clinic_id), chance, hashed)
    unseen = sealed_submissions.withdraw_submission(uow, own)
    found = {*behind, *([unseen] if unseen else ())}
    for clinic_id in found:
        journal.note_withdrawn(clinic_id, hashed, month)
        note_taken_back(uow.within(clinic_id), hashed, month)
    if found:
        note_not_counted(uow, journal, own, month)
    elif len(receipt) == FORMER_RECEIPT_LENGTH:
        note_not_counted(uow, journal, hashed, month)  # sealed inside what version 0.1 kept, so it cannot be looked up
    return bool(found)


def note_not_counted(uow: UnitOfWork, journal: Journal, named: bytes, month: str) -> None:
    """Note in the journal what is not to be counted, sealed so that only the making of figures reads it.

    `named` is the id of a sealed submission, or the hash of the receipt of the form that it was sent with.
    """
    key = sealed_submissions.newest_submission_key(uow)
    if key is not None:
        key_id, public_key = key
        sealed = seal_to(public_key, {"withdrawn": named.hex()}, length=NOTE_BYTES)
        journal.note_withdrawn_unseen(key_id, sealed, month)


def withdraw_by_hash(uow: UnitOfWork, chance: Chance, receipt_hash: bytes) -> None:
    """Withdraw the answer that a therapist has whose receipt has this hash, if the clinic holds one."""
    place = responses.place_of_receipt(uow, receipt_hash)
    if place is not None:
        erase_response(uow, chance, place=place, by=WithdrawnBy.CLIENT)
