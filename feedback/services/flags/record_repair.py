"""Keeping the therapist's own note on a repair, sealed."""

from dataclasses import dataclass, field
from datetime import date

from feedback.domain.errors import Refused
from feedback.domain.rupture import FlagStatus
from feedback.persistence.database import UnitOfWork
from feedback.persistence.flags import flags
from feedback.security.keyring import Keyring
from feedback.security.sealing import seal, unseal

NOTE_LENGTH = 1000
TALK_STATUSES = frozenset({FlagStatus.TALKED, FlagStatus.SETTLED, FlagStatus.MORE_TO_DO})
"""Marks that say a talk took place."""


@dataclass(frozen=True, slots=True)
class Repair:
    """The day a talk was marked (or, before any talk, the day of the note), and the note."""

    talked_on: date
    note: str = field(default="", repr=False)


def record_repair(
    uow: UnitOfWork, keyring: Keyring, *, flag_id: str, status: FlagStatus, note: str, today: date
) -> None:
    """Keep the day of the first talk and the latest note; without a new note the one before stays.

    Raises `Refused` for a note over 1,000 characters.
    """
    if len(note) > NOTE_LENGTH:
        raise Refused(f"A note has at most {NOTE_LENGTH} characters. This one has {len(note)}.")
    before = read_repair(uow, keyring, flag_id)
    if not note and status not in TALK_STATUSES:
        return
    talked_before = before is not None and flags.get_flag(uow, flag_id).status in TALK_STATUSES
    day = before.talked_on if before is not None and talked_before else today
    kept = note or (before.note if before else "")
    sealed = seal(keyring, kept, "repairs", "note", uow.clinic_id, flag_id) if kept else None
    flags.put_repair(uow, flag_id, day, sealed)


def read_repair(uow: UnitOfWork, keyring: Keyring, flag_id: str) -> Repair | None:
    """Return what is kept about the repair of a flag."""
    row = flags.get_repair(uow, flag_id)
    return _open(uow, keyring, flag_id, *row) if row else None


def read_case_repairs(uow: UnitOfWork, keyring: Keyring, case_code: str) -> dict[str, Repair]:
    """Return what is kept about the repairs of a case, by flag, in one query."""
    rows = flags.list_case_repairs(uow, case_code)
    return {flag_id: _open(uow, keyring, flag_id, *row) for flag_id, row in rows.items()}


def _open(uow: UnitOfWork, keyring: Keyring, flag_id: str, talked_on: date, sealed: bytes | None) -> Repair:
    return Repair(talked_on, unseal(keyring, sealed, "repairs", "note", uow.clinic_id, flag_id) if sealed else "")
