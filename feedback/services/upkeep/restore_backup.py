"""Putting a backup back: into an empty place, all of it or nothing, and then what had to be forgotten is forgotten.

The private keys of sealed submissions are in no backup. What is sealed to a key that is not here can be read by nobody
any more; it is dropped, and the operator is told how many answers that were. Everybody signs in again: a sign-out since
then holds. What was taken back or published since then is in the journal: it is taken back again, and never drawn anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from feedback import paths
from feedback.domain.care import Chance
from feedback.domain.clock import Clock
from feedback.domain.copying import TableSum
from feedback.persistence.accounts import accounts
from feedback.persistence.answers.taken_back import note_taken_back
from feedback.persistence.clinic.clinics import list_zones
from feedback.persistence.database import Database
from feedback.persistence.figures.journal import Journal
from feedback.persistence.upkeep import migrate
from feedback.security.keyring import Keyring
from feedback.services.accounts.keep_signed_in import end_sessions
from feedback.services.answers.withdraw_response import withdraw_by_hash
from feedback.services.audit.record_audit import record_audit
from feedback.services.clinic.keep_instruments import keep_instruments
from feedback.services.figures.known_ledger import take_in_journal
from feedback.services.upkeep.fill_database import check_is_empty, filled_database
from feedback.services.upkeep.purge import purge
from feedback.services.upkeep.read_backup import check_backup, opened_backup
from feedback.services.upkeep.rewrite_submissions import rewrite_submissions


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, table by table, and how many sealed answers had to be given up."""

    tables: tuple[TableSum, ...]
    dropped: int


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
        _take_back_again(filled, clock, chance, journal)
        step("taken back")
        purge(filled, clock, chance, journal)
        step("purged")
        rewritten = rewrite_submissions(filled, clock, keyring, chance, drop_unreadable=True)
        step("rewritten")
    return Restored(sums, rewritten.dropped if rewritten else 0)


def _take_back_again(database: Database, clock: Clock, chance: Chance, journal: Journal) -> None:
    """Withdraw what the journal knows to be withdrawn, and take in what it knows to be published."""
    with database.writing(None) as uow:
        known = list_zones(uow)
        for clinic_id, receipt_hash in journal.withdrawn():
            if clinic_id in known:
                withdraw_by_hash(uow.within(clinic_id), chance, receipt_hash)
                note_taken_back(uow.within(clinic_id), receipt_hash, f"{clock.now():%Y-%m}")
        for clinic_id in sorted(known) if journal.is_begun else ():
            take_in_journal(uow.within(clinic_id), journal)


def _settle(database: Database, clock: Clock, keyring: Keyring, by: str) -> None:
    with database.writing(None) as uow:
        keep_instruments(uow)
        for clinic_id in list_zones(uow):
            inside = uow.within(clinic_id)
            end_sessions(inside, accounts.list_session_hashes(inside))
            record_audit(inside, clock, keyring, actor=by, action="database.restored", subject=clinic_id)
