"""What the detector keeps and what became of it: states, findings, flags, reviews, repairs."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    UniqueConstraint,
    literal_column,
)

from feedback.domain.rupture import OPEN_STATUSES, FlagStatus, Level
from feedback.persistence.base import one_of
from feedback.persistence.tables.columns import belongs_to, clinic_key, clustered, seat_known, text

detector_states = clustered(
    "detector_states",
    "clinic_id case_code seat",
    clinic_key(),
    text("case_code"),
    text("seat"),
    text("method"),
    text("version"),
    Column("last_session", Integer, nullable=False),
    Column("last_place", Integer, nullable=False),
    Column("state", LargeBinary, nullable=False),
    belongs_to("case_code", "cases", "code"),
    seat_known(),
)

findings = clustered(
    "findings",
    "clinic_id case_code session_number seat",
    clinic_key(),
    text("case_code"),
    Column("session_number", Integer, nullable=False),
    text("seat"),
    text("method"),
    text("version"),
    Column("probability", Float, nullable=False),
    Column("flag", Boolean(create_constraint=True, name="flag_is_bool"), nullable=False),
    text("level"),
    Column("forms", Integer, nullable=False),
    Column("value", Float),
    Column("expected_low", Float),
    Column("expected_high", Float),
    text("evidence"),
    belongs_to("case_code session_number seat", "responses"),
    CheckConstraint("probability BETWEEN 0 AND 1", name="probability_range"),
    one_of("level", Level, "level_known"),
)

rupture_flags = clustered(
    "rupture_flags",
    "clinic_id id",
    clinic_key(),
    text("id"),
    text("case_code"),
    Column("session_number", Integer, nullable=False),
    text("seat"),
    text("status"),
    Column("held_on", Date, nullable=False),
    text("finding", null=True),
    Column("direct", Float),
    Column("fell_by", Float),
    UniqueConstraint("clinic_id", "case_code", "session_number", "seat", postgresql_include=["status"]),
    belongs_to("case_code session_number", "therapy_sessions", "case_code number"),
    one_of("status", FlagStatus, "status_known"),
    seat_known(),
    CheckConstraint("(finding IS NULL) = (direct IS NULL)", name="direct_of_finding"),
    CheckConstraint("(finding IS NULL) = (fell_by IS NULL)", name="fell_by_of_finding"),
)
"""`finding` is the flag's own copy of what was found; it goes when the answer behind a reviewed flag is withdrawn, and
what it weighs with it (`findings.weight_of`): the first page puts all open flags in order and reads few of them.
"""

FLAG_IS_OPEN = rupture_flags.c.status.in_([literal_column(f"'{status}'") for status in sorted(OPEN_STATUSES)])
"""Chooses the flags that are open: then the client is asked whether the two of them have talked. Written out, in one
order: else no index over these alone would be used."""

Index(
    None, rupture_flags.c.clinic_id, rupture_flags.c.case_code, sqlite_where=FLAG_IS_OPEN, postgresql_where=FLAG_IS_OPEN
)

flag_reviews = clustered(
    "flag_reviews",
    "clinic_id flag_id number",
    clinic_key(),
    text("flag_id"),
    Column("number", Integer, nullable=False),
    text("old_status"),
    text("new_status"),
    text("by_staff"),
    Column("on_day", Date, nullable=False),
    Column("undoes", Boolean(create_constraint=True, name="undoes_is_bool"), nullable=False),
    belongs_to("flag_id", "rupture_flags", "id"),
    one_of("old_status", FlagStatus, "old_status_known"),
    one_of("new_status", FlagStatus, "new_status_known"),
)

repair_notes = clustered(
    "repair_notes",
    "clinic_id flag_id",
    clinic_key(),
    text("flag_id"),
    Column("talked_on", Date, nullable=False),
    Column("sealed_note", LargeBinary),
    belongs_to("flag_id", "rupture_flags", "id"),
)
"""The therapist's own note on the talk, sealed. Whether it held is computed from what the client says next."""
