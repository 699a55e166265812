"""The ledger of what was published, as rows and back. Rows are added, and never changed or taken away."""

from typing import Any

from sqlalchemy import Row, insert, select

from feedback.domain.figures.ledger import LedgerEntry
from feedback.domain.figures.period import Period
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import clinics, ledger

_ENTRIES = select(ledger).order_by(ledger.c.number)


def keep_others_from_closing(uow: UnitOfWork) -> None:
    """Wait until nobody else closes a period of this clinic. SQLite has one writer anyway."""
    uow.connection.execute(select(clinics.c.id).where(clinics.c.id == uow.clinic_id).with_for_update(key_share=True))


def add_entry(uow: UnitOfWork, entry: LedgerEntry) -> None:
    """Add a line. The database refuses a second one for the same place or period."""
    values = {name: getattr(entry, name) for name in ("clinic_id", "number", "content", "chain")}
    uow.connection.execute(insert(ledger).values(**values, period=str(entry.period)))


def find_entry(uow: UnitOfWork, period: Period) -> LedgerEntry | None:
    """Return the line of a period, or nothing while it is not closed."""
    row = uow.connection.execute(_ENTRIES.filter_by(clinic_id=uow.clinic_id, period=str(period))).first()
    return _entry(row) if row else None


def list_entries(uow: UnitOfWork) -> tuple[LedgerEntry, ...]:
    """Return the clinic's whole ledger, oldest line first."""
    return tuple(map(_entry, uow.connection.execute(_ENTRIES.filter_by(clinic_id=uow.clinic_id))))


def list_periods(uow: UnitOfWork) -> tuple[Period, ...]:
    """Return the closed periods in the order in which they were closed."""
    rows = select(ledger.c.period).filter_by(clinic_id=uow.clinic_id).order_by(ledger.c.number)
    return tuple(map(Period.read, uow.connection.scalars(rows)))


def last_entry(uow: UnitOfWork) -> LedgerEntry | None:
    """Return the newest line."""
    chosen = select(ledger).filter_by(clinic_id=uow.clinic_id).order_by(ledger.c.number.desc()).limit(1)
    row = uow.connection.execute(chosen).first()
    return _entry(row) if row else None


def _entry(row: Row[Any]) -> LedgerEntry:
    return LedgerEntry(row.clinic_id, row.number, Period.read(row.period), row.content, row.chain)
