"""What most tables are made of."""

from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, ForeignKeyConstraint, PrimaryKeyConstraint, Table, Text

from feedback.domain.care import SEATS
from feedback.persistence.base import metadata, one_of


def clinic_key() -> Column[Any]:
    """Every row belongs to a clinic, and goes with it."""
    return Column("clinic_id", Text, ForeignKey("clinics.id", ondelete="CASCADE"), nullable=False)


def text(name: str, *, null: bool = False) -> Column[Any]:
    """A column of text, required unless said otherwise. Lengths are the domain's business."""
    return Column(name, Text, nullable=null)


def belongs_to(columns: str, table: str, referred: str | None = None) -> ForeignKeyConstraint:
    """Tie a row to its parent within the same clinic; the parent's end is the child's end."""
    own = ["clinic_id", *columns.split()]
    other = ["clinic_id", *(referred or columns).split()]
    return ForeignKeyConstraint(own, [f"{table}.{column}" for column in other], ondelete="CASCADE")


def clustered(name: str, key: str, *parts: Any, carried: str = "") -> Table:
    """Make a table clustered on its primary key: no insertion order is kept beside it on SQLite.

    On PostgreSQL the index of the key carries the columns named in `carried` as well: figures are counted from it.
    """
    primary = PrimaryKeyConstraint(*key.split(), postgresql_include=carried.split())
    return Table(name, metadata, *parts, primary, sqlite_with_rowid=False)


def seat_known() -> CheckConstraint:
    """Keep a seat to the letters that name one."""
    return one_of("seat", tuple(SEATS), "seat_known")
