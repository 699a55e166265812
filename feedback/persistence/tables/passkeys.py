"""Passkeys of staff: the public half, which proves nothing to whoever steals it."""

from sqlalchemy import Column, Date, Integer, LargeBinary, UniqueConstraint

from feedback.persistence.tables.columns import belongs_to, clinic_key, clustered, text

passkeys = clustered(
    "passkeys",
    "clinic_id id",
    clinic_key(),
    text("id"),
    text("staff_id"),
    text("name"),
    Column("credential", LargeBinary, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("uses", Integer, nullable=False),
    Column("added_on", Date, nullable=False),
    belongs_to("staff_id", "staff", "id"),
    UniqueConstraint("clinic_id", "credential"),
)
"""`uses` is the authenticator's own count: one that goes back is a copy. Most keep it at 0."""
