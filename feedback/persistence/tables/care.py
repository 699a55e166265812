"""Cases, therapy sessions, the codes that lead to their forms, and the forms themselves."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    UniqueConstraint,
)

from feedback.domain.access import AccessCodeKind
from feedback.domain.care import SEATS
from feedback.persistence.base import one_of
from feedback.persistence.tables.columns import belongs_to, clinic_key, clustered, seat_known, text

cases = clustered(
    "cases",
    "clinic_id code",
    clinic_key(),
    text("code"),
    text("therapist_id"),
    Column("opened_on", Date, nullable=False),
    Column("closed_on", Date),
    Column("seats", Integer, nullable=False),
    text("instrument_id"),
    Column("sealed_label", LargeBinary),
    text("language", null=True),
    Column("last_held_on", Date),
    ForeignKeyConstraint(["clinic_id", "therapist_id"], ["staff.clinic_id", "staff.id"]),
    CheckConstraint(f"seats BETWEEN 1 AND {len(SEATS)}", name="seats_range"),
    CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name="closed_after_opened"),
    Index(None, "clinic_id", "therapist_id", "closed_on"),
    carried="therapist_id closed_on",
)
"""`last_held_on` is the day of the case's last therapy session, kept by whatever stores one (`care.note_held`): looking
it up for each case was most of what a larger caseload cost on the first page. No session is ever taken away.
"""

therapy_sessions = clustered(
    "therapy_sessions",
    "clinic_id case_code number",
    clinic_key(),
    text("case_code"),
    Column("number", Integer, nullable=False),
    Column("held_on", Date, nullable=False),
    belongs_to("case_code", "cases", "code"),
    CheckConstraint("number >= 1", name="number_from_one"),
    Index(None, "clinic_id", "held_on"),
    Index(None, "clinic_id", "case_code", "held_on"),
    carried="held_on",
)

access_codes = clustered(
    "access_codes",
    "clinic_id id",
    clinic_key(),
    text("id"),
    text("kind"),
    text("case_code"),
    Column("session_number", Integer),
    text("seat"),
    Column("token_hash", LargeBinary, nullable=False),
    Column("typed_hash", LargeBinary, nullable=False),
    Column("sealed_token", LargeBinary, nullable=False),
    Column("sealed_typed", LargeBinary, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("expires_on", Date),
    Column("revoked_on", Date),
    UniqueConstraint("clinic_id", "token_hash"),
    UniqueConstraint("clinic_id", "typed_hash"),
    belongs_to("case_code", "cases", "code"),
    belongs_to("case_code session_number", "therapy_sessions", "case_code number"),
    one_of("kind", AccessCodeKind, "kind_known"),
    seat_known(),
    CheckConstraint("(kind = 'for_session') = (session_number IS NOT NULL)", name="session_fits_kind"),
    Index(None, "clinic_id", "case_code", "session_number"),
)

instruments = clustered(
    "instruments",
    "id version language",
    text("id"),
    Column("version", Integer, nullable=False),
    text("language"),
    text("content_hash"),
    text("content"),
)
"""What each version said when it was first used here, so that old answers keep the words they were given under."""
