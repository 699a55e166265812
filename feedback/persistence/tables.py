"""Every table. What is *not* here is the point: no name, address, agent or exact time of a client.

Keys begin with the clinic, so that a large installation can be distributed or partitioned by it. Responses are keyed
by case, therapy session and seat: they have no id, no counter and no time of their own, and tables that hold them
have no hidden row number either.
"""

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from feedback.domain.access import AccessCodeKind
from feedback.domain.care import SEATS, Role
from feedback.domain.rupture import FlagStatus, Level
from feedback.persistence.base import UtcDateTime, metadata, one_of


def _clinic() -> Column[Any]:
    return Column("clinic_id", Text, ForeignKey("clinics.id", ondelete="CASCADE"), nullable=False)


def _text(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=null)


def _belongs(columns: str, table: str, referred: str | None = None) -> ForeignKeyConstraint:
    """Tie a row to its parent within the same clinic; the parent's end is the child's end."""
    own = ["clinic_id", *columns.split()]
    other = ["clinic_id", *(referred or columns).split()]
    return ForeignKeyConstraint(own, [f"{table}.{column}" for column in other], ondelete="CASCADE")


def _table(name: str, key: str, *parts: Any) -> Table:
    """Make a table clustered on its primary key: no insertion order is kept beside it on SQLite."""
    return Table(name, metadata, *parts, PrimaryKeyConstraint(*key.split()), sqlite_with_rowid=False)


def _seat_check() -> CheckConstraint:
    return one_of("seat", tuple(SEATS), "seat_known")


clinics = _table(
    "clinics",
    "id",
    _text("id"),
    _text("name"),
    _text("country"),
    _text("timezone"),
    _text("help_numbers"),
    _text("contact"),
    _text("complaints"),
    _text("phone"),
    Column("alert_budget", Float, nullable=False),
    Column("comment_enabled", Boolean(create_constraint=True, name="comment_enabled_is_bool"), nullable=False),
    Column("totals_enabled", Boolean(create_constraint=True, name="totals_enabled_is_bool"), nullable=False),
    Column("code_days", Integer, nullable=False),
    Column("retention_months", Integer, nullable=False),
    CheckConstraint("alert_budget BETWEEN 0.05 AND 0.12", name="alert_budget_range"),
    CheckConstraint("code_days BETWEEN 1 AND 14", name="code_days_range"),
    CheckConstraint("retention_months BETWEEN 3 AND 24", name="retention_months_range"),
)

doors = _table(
    "doors",
    "kind hash clinic_id",
    _text("kind"),
    Column("hash", LargeBinary, nullable=False),
    _clinic(),
    one_of("kind", ("token", "typed", "receipt", "email", "invitation", "staff_session"), "kind_known"),
)
"""What must be found before the clinic is known: a keyed hash, and whose it is. Nothing else crosses clinics."""

teams = _table("teams", "clinic_id id", _clinic(), _text("id"), _text("name"))

staff = _table(
    "staff",
    "clinic_id id",
    _clinic(),
    _text("id"),
    _text("email"),
    _text("display_name"),
    _text("role"),
    _text("team_id", null=True),
    _text("password_hash", null=True),
    Column("disabled_on", Date),
    UniqueConstraint("clinic_id", "email", "role"),
    ForeignKeyConstraint(["clinic_id", "team_id"], ["teams.clinic_id", "teams.id"]),
    one_of("role", Role, "role_known"),
)

invitations = _table(
    "invitations",
    "clinic_id hash",
    _clinic(),
    Column("hash", LargeBinary, nullable=False),
    _text("staff_id"),
    Column("expires_at", UtcDateTime, nullable=False),
    _belongs("staff_id", "staff", "id"),
)

staff_sessions = _table(
    "staff_sessions",
    "clinic_id hash",
    _clinic(),
    Column("hash", LargeBinary, nullable=False),
    _text("staff_id"),
    Column("signed_in_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    _belongs("staff_id", "staff", "id"),
)

cases = _table(
    "cases",
    "clinic_id code",
    _clinic(),
    _text("code"),
    _text("therapist_id"),
    Column("opened_on", Date, nullable=False),
    Column("closed_on", Date),
    Column("seats", Integer, nullable=False),
    _text("instrument_id"),
    Column("sealed_label", LargeBinary),
    ForeignKeyConstraint(["clinic_id", "therapist_id"], ["staff.clinic_id", "staff.id"]),
    CheckConstraint(f"seats BETWEEN 1 AND {len(SEATS)}", name="seats_range"),
    CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name="closed_after_opened"),
    Index(None, "clinic_id", "therapist_id", "closed_on"),
)

therapy_sessions = _table(
    "therapy_sessions",
    "clinic_id case_code number",
    _clinic(),
    _text("case_code"),
    Column("number", Integer, nullable=False),
    Column("held_on", Date, nullable=False),
    _belongs("case_code", "cases", "code"),
    CheckConstraint("number >= 1", name="number_from_one"),
    Index(None, "clinic_id", "held_on"),
)

access_codes = _table(
    "access_codes",
    "clinic_id id",
    _clinic(),
    _text("id"),
    _text("kind"),
    _text("case_code"),
    Column("session_number", Integer),
    _text("seat"),
    Column("token_hash", LargeBinary, nullable=False),
    Column("typed_hash", LargeBinary, nullable=False),
    Column("sealed_token", LargeBinary, nullable=False),
    Column("sealed_typed", LargeBinary, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("expires_on", Date),
    Column("revoked_on", Date),
    UniqueConstraint("clinic_id", "token_hash"),
    UniqueConstraint("clinic_id", "typed_hash"),
    _belongs("case_code", "cases", "code"),
    _belongs("case_code session_number", "therapy_sessions", "case_code number"),
    one_of("kind", AccessCodeKind, "kind_known"),
    _seat_check(),
    CheckConstraint("(kind = 'for_session') = (session_number IS NOT NULL)", name="session_fits_kind"),
    Index(None, "clinic_id", "case_code", "session_number"),
)

instruments = _table(
    "instruments",
    "id version language",
    _text("id"),
    Column("version", Integer, nullable=False),
    _text("language"),
    _text("content_hash"),
    _text("content"),
)
"""What each version said when it was first used here, so that old answers keep the words they were given under."""

responses = _table(
    "responses",
    "clinic_id case_code session_number seat",
    _clinic(),
    _text("case_code"),
    Column("session_number", Integer, nullable=False),
    _text("seat"),
    _text("instrument_id"),
    Column("instrument_version", Integer, nullable=False),
    _text("language"),
    Column("steps", Integer, nullable=False),
    Column("who_reads_version", Integer, nullable=False),
    Column("score", Float),
    Column("sealed_comment", LargeBinary),
    Column("nonce_hash", LargeBinary, nullable=False),
    Column("receipt_hash", LargeBinary, nullable=False),
    UniqueConstraint("clinic_id", "receipt_hash"),
    _belongs("case_code session_number", "therapy_sessions", "case_code number"),
    CheckConstraint("score BETWEEN 0 AND 10", name="score_range"),
    _seat_check(),
)

answers = _table(
    "answers",
    "clinic_id case_code session_number seat item_id choice",
    _clinic(),
    _text("case_code"),
    Column("session_number", Integer, nullable=False),
    _text("seat"),
    _text("item_id"),
    _text("choice"),
    Column("value", Float),
    _belongs("case_code session_number seat", "responses"),
    CheckConstraint("value BETWEEN 0 AND 10", name="value_range"),
    CheckConstraint("(value IS NULL) = (choice <> '')", name="rated_or_chosen"),
)

rating_sums = _table(
    "rating_sums",
    "clinic_id therapist_id held_on",
    _clinic(),
    _text("therapist_id"),
    Column("held_on", Date, nullable=False),
    Column("forms", Integer, nullable=False),
    Column("total", Float, nullable=False),
    CheckConstraint("forms >= 0", name="forms_not_negative"),
)
"""Running sums of shared scores, so that the prior of a new case costs one short read and not a scan."""

detector_states = _table(
    "detector_states",
    "clinic_id case_code seat",
    _clinic(),
    _text("case_code"),
    _text("seat"),
    _text("method"),
    _text("version"),
    Column("last_session", Integer, nullable=False),
    Column("state", LargeBinary, nullable=False),
    _text("prior"),
    _belongs("case_code", "cases", "code"),
    _seat_check(),
)

findings = _table(
    "findings",
    "clinic_id case_code session_number seat",
    _clinic(),
    _text("case_code"),
    Column("session_number", Integer, nullable=False),
    _text("seat"),
    _text("method"),
    _text("version"),
    Column("probability", Float, nullable=False),
    Column("flag", Boolean(create_constraint=True, name="flag_is_bool"), nullable=False),
    _text("level"),
    Column("forms", Integer, nullable=False),
    Column("value", Float),
    Column("expected_low", Float),
    Column("expected_high", Float),
    _text("evidence"),
    _belongs("case_code session_number seat", "responses"),
    CheckConstraint("probability BETWEEN 0 AND 1", name="probability_range"),
    one_of("level", Level, "level_known"),
)

rupture_flags = _table(
    "rupture_flags",
    "clinic_id id",
    _clinic(),
    _text("id"),
    _text("case_code"),
    Column("session_number", Integer, nullable=False),
    _text("seat"),
    _text("status"),
    Column("raised_on", Date, nullable=False),
    _text("finding", null=True),
    UniqueConstraint("clinic_id", "case_code", "session_number", "seat"),
    _belongs("case_code session_number", "therapy_sessions", "case_code number"),
    one_of("status", FlagStatus, "status_known"),
    _seat_check(),
)
"""`finding` is the flag's own copy of what was found; it goes when the answer behind a reviewed flag is withdrawn."""

flag_reviews = _table(
    "flag_reviews",
    "clinic_id flag_id number",
    _clinic(),
    _text("flag_id"),
    Column("number", Integer, nullable=False),
    _text("old_status"),
    _text("new_status"),
    _text("by_staff"),
    Column("on_day", Date, nullable=False),
    Column("undoes", Boolean(create_constraint=True, name="undoes_is_bool"), nullable=False),
    _belongs("flag_id", "rupture_flags", "id"),
    one_of("old_status", FlagStatus, "old_status_known"),
    one_of("new_status", FlagStatus, "new_status_known"),
)

repairs = _table(
    "repairs",
    "clinic_id flag_id",
    _clinic(),
    _text("flag_id"),
    Column("talked_on", Date, nullable=False),
    Column("sealed_note", LargeBinary),
    _belongs("flag_id", "rupture_flags", "id"),
)
"""The therapist's own note on the talk, sealed. Whether it held is computed from what the client says next."""

pool = _table(
    "pool",
    "clinic_id id",
    _clinic(),
    Column("id", LargeBinary, nullable=False),
    Column("receipt_hash", LargeBinary, nullable=False),
    _text("key_id"),
    Column("sealed", LargeBinary, nullable=False),
)
"""Answers that nobody reads, sealed to a public key; the web process cannot open them again."""

pool_keys = _table(
    "pool_keys", "id", _text("id"), Column("public_key", LargeBinary, nullable=False), Column("made_on", Date)
)

tries = _table(
    "tries",
    "kind hash window",
    _text("kind"),
    Column("hash", LargeBinary, nullable=False),
    Column("window", Integer, nullable=False),
    Column("count", Integer, nullable=False),
    one_of("kind", ("typed_code", "receipt", "sign_in"), "kind_known"),
    CheckConstraint("count >= 1", name="count_positive"),
)
"""Misses per window of time, counted for everybody together (or per account): never per address."""

audit = _table(
    "audit",
    "clinic_id number",
    _clinic(),
    Column("number", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    _text("actor"),
    _text("action"),
    _text("subject"),
    Column("chain", LargeBinary, nullable=False),
    UniqueConstraint("clinic_id", "chain"),
)
