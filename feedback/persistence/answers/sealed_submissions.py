"""Sealed submissions: what clients sent without the therapist seeing it.

The web adds a row, replaces its own or deletes its own, each found by the keyed hash of its own receipt. It cannot
read what is sealed (on PostgreSQL it has no right to that column), and no query of it looks for a case, code or day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, insert, select, text, update

from feedback.persistence.counters import inserting
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import sealed_submissions, submission_keys

_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class SealedSubmission:
    """One row. `id` is the keyed hash of a receipt (`security.receipts.submission_id`)."""

    id: bytes
    clinic_id: str
    key_id: str
    sealed: bytes


def add_submission_key(uow: UnitOfWork, key_id: str, public_key: bytes, made_on: date) -> None:
    """Store a new public key, to which answers are sealed from now on."""
    uow.connection.execute(
        insert(submission_keys).values(id=key_id, public_key=public_key, made_on=made_on, rewritten_on=made_on)
    )


def newest_submission_key(uow: UnitOfWork) -> tuple[str, bytes] | None:
    """Return the id and the bytes of the newest public key, however old."""
    newest = select(submission_keys.c.id, submission_keys.c.public_key).order_by(
        submission_keys.c.made_on.desc(), submission_keys.c.id.desc()
    )
    row = uow.connection.execute(newest.limit(1)).first()
    return (row.id, row.public_key) if row else None


def put_submission(uow: UnitOfWork, row: SealedSubmission) -> None:
    """Store a row, in place of the one that has its id."""
    content = {"key_id": row.key_id, "sealed": row.sealed}
    put = inserting(uow.database, sealed_submissions).values(id=row.id, clinic_id=row.clinic_id, **content)
    uow.connection.execute(put.on_conflict_do_update(index_elements=["id"], set_=content))


def withdraw_submission(uow: UnitOfWork, submission_id: bytes) -> str | None:
    """Delete the row with an id, and return whose clinic's it was, or nothing where there is none."""
    gone = delete(sealed_submissions).where(sealed_submissions.c.id == submission_id)
    clinic_id: str | None = uow.connection.scalar(gone.returning(sealed_submissions.c.clinic_id))
    return clinic_id


def has_submission(uow: UnitOfWork, submission_id: bytes) -> bool:
    """Return whether there is a row with an id."""
    mine = select(sealed_submissions.c.id).where(sealed_submissions.c.id == submission_id)
    return uow.connection.execute(mine).first() is not None


def list_submissions(uow: UnitOfWork, key_ids: frozenset[str] | None = None) -> Iterator[SealedSubmission]:
    """Return the clinic's rows, or those of all clinics under some keys."""
    if key_ids is None:
        chosen = select(sealed_submissions).where(sealed_submissions.c.clinic_id == uow.clinic_id)
    else:
        chosen = select(sealed_submissions).where(sealed_submissions.c.key_id.in_(sorted(key_ids)))
    with uow.connection.execute(chosen.execution_options(yield_per=_AT_ONCE)) as rows:
        for row in rows:
            yield SealedSubmission(**row._mapping)


def list_of_other_length(uow: UnitOfWork, length: int) -> tuple[SealedSubmission, ...]:
    """Return the rows of all clinics that are not so many bytes long."""
    chosen = select(sealed_submissions).where(func.length(sealed_submissions.c.sealed) != length)
    return tuple(SealedSubmission(**row._mapping) for row in uow.connection.execute(chosen))


def delete_submissions(uow: UnitOfWork, ids: list[bytes]) -> None:
    """Delete rows: their quarter's figures are made, or nobody can read them."""
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        uow.connection.execute(delete(sealed_submissions).where(sealed_submissions.c.id.in_(some)))


def list_keys(uow: UnitOfWork) -> dict[str, date]:
    """Return the day on which each key was made, by id, oldest first."""
    chosen = select(submission_keys.c.id, submission_keys.c.made_on).order_by(submission_keys.c.made_on)
    return {row.id: row.made_on for row in uow.connection.execute(chosen)}


def keys_in_use(uow: UnitOfWork) -> frozenset[str]:
    """Return the ids of the keys to which something is sealed."""
    return frozenset(uow.connection.scalars(select(sealed_submissions.c.key_id).distinct()))


def forget_keys(uow: UnitOfWork, key_ids: frozenset[str]) -> None:
    """Delete public keys."""
    uow.connection.execute(delete(submission_keys).where(submission_keys.c.id.in_(sorted(key_ids))))


def rewritten_on(uow: UnitOfWork) -> date | None:
    """Return the local day of the last rewrite, or nothing before the first key is made."""
    day: date | None = uow.connection.scalar(
        select(submission_keys.c.rewritten_on).order_by(submission_keys.c.rewritten_on.desc()).limit(1)
    )
    return day


def rewrite(uow: UnitOfWork, today: date) -> None:
    """Give every row the same transaction, and note the day. `erasing.vacuum` then puts them in the order of their ids.

    Until then PostgreSQL keeps with each row the number of the transaction that wrote it, which follows the order in
    which clients sent.
    """
    if uow.database == "postgresql":
        uow.connection.execute(text("LOCK TABLE sealed_submissions IN SHARE ROW EXCLUSIVE MODE"))
        uow.connection.execute(update(sealed_submissions).values(key_id=sealed_submissions.c.key_id))
    uow.connection.execute(update(submission_keys).values(rewritten_on=today))
