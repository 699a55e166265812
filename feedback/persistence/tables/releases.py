"""What was published: the ledger, which only grows."""

from sqlalchemy import Column, Integer, UniqueConstraint

from feedback.persistence.tables.columns import clinic_key, clustered, text

ledger = clustered(
    "ledger",
    "clinic_id number",
    clinic_key(),
    Column("number", Integer, nullable=False),
    text("period"),
    text("content"),
    text("chain"),
    UniqueConstraint("clinic_id", "period"),
)
"""One row for each closed month and quarter. The constraint on the period is what lets each be drawn only once."""
