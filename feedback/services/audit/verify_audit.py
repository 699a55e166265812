"""Checking that a clinic's audit log is as it was written: nothing changed, taken out, swapped, added or cut off."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from feedback.persistence.audit import AuditRecord, Chain, end_of_log, end_parts, list_records
from feedback.persistence.database import UnitOfWork
from feedback.security.audit_chain import audit_chain
from feedback.security.keyring import Keyring

_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many records were found in order, and what is wrong with the first that is not; `why` is empty if none."""

    sound: int
    why: str = ""

    @property
    def is_whole(self) -> bool:
        """True when every record is in order and none is missing."""
        return not self.why


def verify_audit(uow: UnitOfWork, keyring: Keyring) -> Verdict:
    """Check the whole log of the clinic, record by record, up to its end mark."""
    return judge_log(_all_records(uow), end_of_log(uow), audit_chain(keyring), uow.clinic_id)


def judge_log(records: Iterable[AuditRecord], end: tuple[int, bytes] | None, chain: Chain, clinic_id: str) -> Verdict:
    """Judge records in the order of their numbers against the mark of the last one; names the first that is wrong."""
    link, sound = b"", 0
    for record in records:
        if record.number != sound + 1:
            return Verdict(sound, f"Record {sound + 1} is missing.")
        parts = (clinic_id, str(record.number), record.at.isoformat(), record.actor, record.action, record.subject)
        if chain(link, parts) != record.chain:
            return Verdict(sound, f"Record {record.number} is not as it was written.")
        link, sound = record.chain, record.number
    return Verdict(sound, _wrong_with_end(sound, end, chain(link, end_parts(clinic_id, sound))))


def _wrong_with_end(sound: int, end: tuple[int, bytes] | None, mark: bytes) -> str:
    if end is None:
        return f"Record {sound + 1} may be missing: nothing marks the end of the log."
    if end[0] > sound:
        return f"Record {sound + 1} is missing: the log is cut off before record {end[0]}."
    if end[0] < sound:
        return f"Record {end[0] + 1} stands behind the end of the log."
    return "" if end[1] == mark else f"Record {sound} is not the one the log ended with."


def _all_records(uow: UnitOfWork) -> Iterator[AuditRecord]:
    after = 0
    while found := list_records(uow, after, most=_AT_ONCE):
        yield from found
        after = found[-1].number
