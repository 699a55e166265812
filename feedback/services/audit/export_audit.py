"""The audit log as a file that can be kept elsewhere, and held against the log later."""

import json
from collections.abc import Iterator

from feedback.persistence.audit import AuditRecord, list_records
from feedback.persistence.database import UnitOfWork

_AT_ONCE = 2000


def export_audit(uow: UnitOfWork) -> Iterator[str]:
    """Return the clinic's log line by line, oldest first: one JSON object per record, with its link of the chain."""
    after = 0
    while found := list_records(uow, after, most=_AT_ONCE):
        for record in found:
            yield json.dumps(as_data(record), ensure_ascii=False, sort_keys=True)
        after = found[-1].number


def as_data(record: AuditRecord) -> dict[str, object]:
    """Return a record in the words of the file; the instant is ISO 8601 in UTC, the link is hexadecimal."""
    return {
        "number": record.number,
        "at": record.at.isoformat(),
        "actor": record.actor,
        "action": record.action,
        "subject": record.subject,
        "chain": record.chain.hex(),
    }


def differs_from(uow: UnitOfWork, kept: Iterator[str]) -> int | None:
    """Return the number of the first record of an earlier export that the log does not hold as it was; None if all are.

    A whole log that somebody put back from an older copy is in order in itself; only this shows it. Raises
    `ValueError` or `KeyError` when a line is not of an export.
    """
    for line in kept:
        data = json.loads(line)
        found = list_records(uow, int(data["number"]) - 1, most=1)
        if not found or as_data(found[0]) != data:
            return int(data["number"])
    return None
