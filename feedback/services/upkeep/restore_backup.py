"""Putting a backup back: into an empty place, all of it or nothing, and then what had to be forgotten is forgotten.

The private keys of sealed submissions are in no backup. What is sealed to a key that is not here can be read by nobody
any more; it is dropped, and the operator is told how many answers that were. Everybody signs in again: a sign-out since
then holds. What was withdrawn or published since then is in the journal: it is withdrawn again, and never drawn anew. A
shared answer that its client changed since then is gone, and its therapist is told so: what it says in the backup was
replaced, and what replaced it is lost. An unseen one counts as it is in the backup. Access that was taken away since is
taken away again (`revoke_again.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from feedback import paths
from feedback.domain.care import Chance
from feedback.domain.clock import Clock
from feedback.domain.copying import TableSum
from feedback.domain.response import WithdrawnBy
from feedback.persistence.accounts import accounts
from feedback.persistence.answers import responses, sealed_submissions
from feedback.persistence.answers.taken_back import note_taken_back
from feedback.persistence.clinic.clinics import list_zones
from feedback.persistence.database import Database, UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.persistence.upkeep import migrate
from feedback.security.keyring import Keyring
from feedback.services.accounts.keep_signed_in import end_sessions
from feedback.services.answers.comments import read_comment
from feedback.services.answers.erase_response import erase_response
from feedback.services.answers.replace_response import digest_of, stored_at
from feedback.services.answers.withdraw_response import withdraw_by_hash
from feedback.services.audit.record_audit import record_audit
from feedback.services.clinic.keep_instruments import keep_instruments
from feedback.services.figures.ledger_recovery import take_in_journal
from feedback.services.figures.open_submissions import withdrawn_submissions
from feedback.services.upkeep.fill_database import check_is_empty, filled_database
from feedback.services.upkeep.purge import purge
from feedback.services.upkeep.read_backup import check_backup, opened_backup
from feedback.services.upkeep.revoke_again import AccessEnded, revoke_again
from feedback.services.upkeep.rewrite_submissions import rewrite_submissions


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, table by table, how many sealed answers had to be given up, and what access ended again."""

    tables: tuple[TableSum, ...]
    dropped: int
    access: tuple[AccessEnded, ...]


def restore_backup(
    database: Database,
    clock: Clock,
    keyring: Keyring,
    chance: Chance,
    *,
    journal: Journal,
    file: Path,
    by: str,
    step: Callable[[str], None] = lambda _name: None,
) -> Restored:
    """Restore a backup into a database that is not there yet, or is empty; an older one is upgraded on the way.

    The database is in use only when what was taken back is taken back again; killed before, run it again. `step` is
    told the name of each step done. Raises `BackupWrong` when the backup is not in order or the database is in use;
    then nothing was touched.
    """
    sums = check_backup(keyring, file, migrate.revisions(paths.migrations()))
    check_is_empty(database)
    with (
        opened_backup(keyring, file) as backup,
        filled_database(database, backup.revision, backup.tables) as filled,
    ):
        _settle(filled, clock, keyring, by)
        access = _revoke_again(filled, clock, keyring, journal, by)
        step("revoked")
        _take_back_again(filled, clock, keyring, chance, journal)
        step("taken back")
        purge(filled, clock, chance, journal)
        step("purged")
        rewritten = rewrite_submissions(filled, clock, keyring, chance, drop_unreadable=True)
        step("rewritten")
    return Restored(sums, rewritten.dropped if rewritten else 0, access)


def _revoke_again(
    database: Database, clock: Clock, keyring: Keyring, journal: Journal, by: str
) -> tuple[AccessEnded, ...]:
    """Take away in every clinic what access the journal knows to have ended since."""
    with database.writing(None) as uow:
        return tuple(
            revoke_again(uow.within(clinic_id), clock, keyring, journal, by=by) for clinic_id in sorted(list_zones(uow))
        )


def _take_back_again(database: Database, clock: Clock, keyring: Keyring, chance: Chance, journal: Journal) -> None:
    """Take away what the journal knows to be withdrawn or replaced, and take in what it knows to be published."""
    with database.writing(None) as uow:
        known = list_zones(uow)
        for clinic_id, receipt_hash in journal.withdrawn():
            if clinic_id in known:
                withdraw_by_hash(uow.within(clinic_id), chance, receipt_hash)
                note_taken_back(uow.within(clinic_id), receipt_hash, f"{clock.now():%Y-%m}")
        for submission_id in withdrawn_submissions(keyring, journal):
            sealed_submissions.withdraw_submission(uow, submission_id)
        for (clinic_id, receipt_hash), digest in journal.replaced().items():
            if clinic_id in known:
                _forget_replaced(uow.within(clinic_id), keyring, chance, receipt_hash, digest)
        for clinic_id in sorted(known) if journal.is_begun else ():
            take_in_journal(uow.within(clinic_id), journal)


def _forget_replaced(uow: UnitOfWork, keyring: Keyring, chance: Chance, receipt_hash: bytes, digest: bytes) -> None:
    """Erase the shared answer of a receipt unless it says what its client said last."""
    place = responses.place_of_receipt(uow, receipt_hash)
    if place is None:
        return
    said = replace(stored_at(uow, place).response, comment=read_comment(uow, keyring, place))
    if digest_of(keyring, receipt_hash, said) != digest:
        erase_response(uow, chance, place=place, by=WithdrawnBy.RESTORE)


def _settle(database: Database, clock: Clock, keyring: Keyring, by: str) -> None:
    with database.writing(None) as uow:
        keep_instruments(uow)
        for clinic_id in list_zones(uow):
            inside = uow.within(clinic_id)
            end_sessions(inside, accounts.list_session_hashes(inside))
            record_audit(inside, clock, keyring, actor=by, action="database.restored", subject=clinic_id)
