"""What an account shows after its password: a code from an app, or one of a few codes kept on paper."""

from sqlalchemy import Column, Integer, LargeBinary

from feedback.persistence.tables.columns import belongs_to, clinic_key, clustered, text

totp_seeds = clustered(
    "totp_seeds",
    "clinic_id staff_id",
    clinic_key(),
    text("staff_id"),
    Column("sealed_seed", LargeBinary, nullable=False),
    Column("last_step", Integer, nullable=False),
    belongs_to("staff_id", "staff", "id"),
)
"""`last_step` is the newest half-minute whose code was used: none up to it works again."""

recovery_codes = clustered(
    "recovery_codes",
    "clinic_id staff_id hash",
    clinic_key(),
    text("staff_id"),
    Column("hash", LargeBinary, nullable=False),
    belongs_to("staff_id", "staff", "id"),
)
