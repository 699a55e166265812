"""Making the ledger whole again from the journal, or from a copy of either, before anything new is drawn.

A database restored from a copy knows less than was published. Whatever a journal knows comes back as it was; when
there is no journal that accounts for the database, nothing may be drawn until somebody says what was published.
"""

from collections.abc import Iterable, Sequence

from feedback.domain.errors import LedgerBroken
from feedback.domain.figures.ledger import LedgerEntry, check_chain
from feedback.persistence.audit import has_action
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures import ledger
from feedback.persistence.figures.journal import Journal

RESTORED = "database.restored"
"""What the audit log calls it when a database was put back from a copy."""


def take_in_journal(uow: UnitOfWork, journal: Journal) -> int:
    """Take lines that only the journal knows into the ledger, and give how many they were.

    Raises `LedgerBroken` when either is damaged, when they tell different stories, or when the journal is missing.
    """
    kept, noted = ledger.list_entries(uow), journal.entries(uow.clinic_id)
    if not journal.is_begun and (kept or has_action(uow, RESTORED)):
        raise LedgerBroken(
            "The journal is missing, so it is not known what was published before. Nothing was drawn. "
            "Give it back with: feedback release import FILE, or see docs/for-operators.md."
        )
    if len(noted) < len(kept):
        raise LedgerBroken(
            f"The journal knows {len(noted)} of {len(kept)} lines of the ledger. Nothing was drawn. "
            "Run: feedback release import FILE with a copy of the journal, or see docs/for-operators.md."
        )
    return _add_missing(uow, kept, noted)


def import_ledger(uow: UnitOfWork, journal: Journal, lines: Iterable[str]) -> int:
    """Take lines from a copy of the journal into ledger and journal, and give how many were new to the ledger.

    No lines at all say that the ledger is whole as it stands. Lines of other clinics are passed over. Raises
    `LedgerBroken`.
    """
    ledger.keep_others_from_closing(uow)
    given = {entry.number: entry for entry in map(LedgerEntry.read, lines) if entry.clinic_id == uow.clinic_id}
    kept = ledger.list_entries(uow)
    known = {entry.number: entry for entry in journal.entries(uow.clinic_id)}
    known |= {entry.number: entry for entry in kept} | given
    whole = [known[number] for number in sorted(known)]
    check_chain(whole)
    _check_same(kept, whole)
    noted = {entry.number for entry in journal.entries(uow.clinic_id)}
    journal.add_entries(entry for entry in whole if entry.number not in noted)
    return _add_missing(uow, kept, whole)


def check_ledger(uow: UnitOfWork, journal: Journal) -> str:
    """Return the head of the ledger when it, its chain and the journal are in order. Raises `LedgerBroken`."""
    kept = ledger.list_entries(uow)
    head = check_chain(kept)
    _check_same(kept, journal.entries(uow.clinic_id))
    return head


def _add_missing(uow: UnitOfWork, kept: Sequence[LedgerEntry], whole: Sequence[LedgerEntry]) -> int:
    _check_same(kept, whole)
    missing = whole[len(kept) :]
    if missing:
        check_chain(whole)
    for entry in missing:
        ledger.add_entry(uow, entry)
    return len(missing)


def _check_same(kept: Sequence[LedgerEntry], other: Sequence[LedgerEntry]) -> None:
    for mine, theirs in zip(kept, other, strict=False):
        if mine != theirs:
            raise LedgerBroken(
                f"Line {mine.number} of the ledger says another thing than the journal. Nothing was drawn. "
                "Find out which of the two was changed: docs/for-operators.md."
            )
