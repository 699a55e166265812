"""Who somebody is at the organisation's own sign-in: a keyed hash of issuer and subject, never either of them."""

from sqlalchemy import Boolean, Column, Date, Index, LargeBinary

from feedback.persistence.tables.columns import belongs_to, clinic_key, clustered, text

identities = clustered(
    "identities",
    "clinic_id staff_id",
    clinic_key(),
    text("staff_id"),
    Column("hash", LargeBinary, nullable=False),
    Column("since", Date, nullable=False),
    Column("keeps_password", Boolean(create_constraint=True, name="keeps_password_is_bool"), nullable=False),
    belongs_to("staff_id", "staff", "id"),
    Index(None, "clinic_id", "hash"),
)
"""An account has one at most; one person may have several accounts. `keeps_password`: it may sign in here as well."""
