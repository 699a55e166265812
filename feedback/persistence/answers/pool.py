"""The pool of answers that nobody reads. Rows go in and may be taken back; nothing here reads one out."""

from datetime import date

from sqlalchemy import bindparam, delete, insert, select, text, update

from feedback.persistence.database import UnitOfWork
from feedback.persistence.doors import close_door, open_door
from feedback.persistence.ready import Ready
from feedback.persistence.tables import anonymous_responses, pool, pool_keys

_NEWEST_KEY = Ready(
    select(pool_keys.c.id, pool_keys.c.public_key).order_by(pool_keys.c.made_on.desc(), pool_keys.c.id.desc()).limit(1)
)
_PUT = Ready(insert(pool), *pool.c.keys())
_MINE = delete(pool).where(pool.c.clinic_id == bindparam("clinic"))
_TAKE_BY_ID = Ready(_MINE.where(pool.c.id == bindparam("pool_id")).returning(pool.c.receipt_hash))
_TAKE_BY_RECEIPT = Ready(_MINE.where(pool.c.receipt_hash == bindparam("receipt")))
_MARK_FILED = Ready(
    update(anonymous_responses)
    .where(
        anonymous_responses.c.clinic_id == bindparam("clinic"),
        anonymous_responses.c.receipt_hash == bindparam("receipt"),
    )
    .values(withdrawn=True)
)


def add_pool_key(uow: UnitOfWork, key_id: str, public_key: bytes, made_on: date) -> None:
    """Let answers be sealed to a new public key from now on."""
    uow.connection.execute(insert(pool_keys).values(id=key_id, public_key=public_key, made_on=made_on))


def keep_filing_out(uow: UnitOfWork) -> None:
    """Let no filing begin until this unit of work ends, so that the key read next outlives what is sealed to it.

    SQLite has one writer anyway; on PostgreSQL those who put in do not wait for one another, only for a filing.
    """
    if uow.database == "postgresql":
        uow.connection.execute(text("LOCK TABLE pool IN ROW EXCLUSIVE MODE"))


def newest_pool_key(uow: UnitOfWork) -> tuple[str, bytes] | None:
    """Give the id and the bytes of the newest public key, however old."""
    row = _NEWEST_KEY.first(uow)
    return (row.id, row.public_key) if row else None


def put_in_pool(uow: UnitOfWork, pool_id: bytes, *, receipt_hash: bytes, key_id: str, sealed: bytes) -> None:
    """Put a sealed answer in the pool. A repeat for the same code and day, or of the same send, takes its place."""
    gone = _TAKE_BY_ID.first(uow, clinic=uow.clinic_id, pool_id=pool_id)
    close_door(uow, "receipt", gone.receipt_hash if gone else b"")
    _take_waiting(uow, receipt_hash)
    open_door(uow, "receipt", receipt_hash)
    _PUT.run(uow, clinic_id=uow.clinic_id, id=pool_id, receipt_hash=receipt_hash, key_id=key_id, sealed=sealed)


def leave_nothing_waiting(uow: UnitOfWork, pool_id: bytes, receipt_hash: bytes) -> None:
    """Take back the waiting answer of one code and day, and the counted one of a receipt, if there are any.

    A stand-in is put in first and taken back with them, so that a row goes in every case: when one went only where
    somebody had answered for the totals, a stopwatch told the two apart (.56 in benchmarks/twins.py, limit .55).
    """
    put_in_pool(uow, pool_id, receipt_hash=receipt_hash, key_id="", sealed=b"")
    take_back(uow, receipt_hash)


def take_back(uow: UnitOfWork, receipt_hash: bytes) -> None:
    """Take back the counted answer a receipt belongs to, if there is one: waiting, at once; filed, at the next filing.

    The same work in every case.
    """
    _take_waiting(uow, receipt_hash)
    _MARK_FILED.run(uow, clinic=uow.clinic_id, receipt=receipt_hash)


def _take_waiting(uow: UnitOfWork, receipt_hash: bytes) -> None:
    _TAKE_BY_RECEIPT.run(uow, clinic=uow.clinic_id, receipt=receipt_hash)
    close_door(uow, "receipt", receipt_hash)
