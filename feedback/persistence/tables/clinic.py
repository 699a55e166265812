"""The clinic itself: its choices, teams and accounts, and what is found before a clinic is known."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    false,
)

from feedback.domain.care import Role
from feedback.persistence.base import UtcDateTime, one_of
from feedback.persistence.tables.columns import belongs_to, clinic_key, clustered, text

clinics = clustered(
    "clinics",
    "id",
    text("id"),
    text("name"),
    text("country"),
    text("timezone"),
    text("help_numbers"),
    text("contact"),
    text("complaints"),
    text("phone"),
    Column("alert_budget", Float, nullable=False),
    Column("comment_enabled", Boolean(create_constraint=True, name="comment_enabled_is_bool"), nullable=False),
    Column("totals_enabled", Boolean(create_constraint=True, name="totals_enabled_is_bool"), nullable=False),
    Column("code_days", Integer, nullable=False),
    Column("retention_months", Integer, nullable=False),
    Column("languages", Text, nullable=False, server_default="en"),
    Column("accent", Text, nullable=False, server_default=""),
    Column("quick_exit", Text, nullable=False, server_default=""),
    Column(
        "script_enabled",
        Boolean(create_constraint=True, name="script_enabled_is_bool"),
        nullable=False,
        server_default=false(),
    ),
    CheckConstraint("alert_budget BETWEEN 0.05 AND 0.12", name="alert_budget_range"),
    CheckConstraint("code_days BETWEEN 1 AND 14", name="code_days_range"),
    CheckConstraint("retention_months BETWEEN 3 AND 24", name="retention_months_range"),
)

tenant_lookup = clustered(
    "tenant_lookup",
    "kind hash clinic_id",
    text("kind"),
    Column("hash", LargeBinary, nullable=False),
    clinic_key(),
    one_of("kind", ("token", "typed", "receipt", "email", "invitation", "staff_session", "identity"), "kind_known"),
)
"""What must be found before the clinic is known: a keyed hash, and whose it is. Nothing else crosses clinics."""

teams = clustered("teams", "clinic_id id", clinic_key(), text("id"), text("name"), Column("archived_on", Date))
"""An archived team has no members and no further figures; it stays so that the same name is not given to another."""

staff = clustered(
    "staff",
    "clinic_id id",
    clinic_key(),
    text("id"),
    text("email"),
    text("display_name"),
    text("role"),
    text("team_id", null=True),
    text("password_hash", null=True),
    Column("disabled_on", Date),
    UniqueConstraint("clinic_id", "email", "role"),
    ForeignKeyConstraint(["clinic_id", "team_id"], ["teams.clinic_id", "teams.id"]),
    one_of("role", Role, "role_known"),
)

invitations = clustered(
    "invitations",
    "clinic_id hash",
    clinic_key(),
    Column("hash", LargeBinary, nullable=False),
    text("staff_id"),
    Column("expires_at", UtcDateTime, nullable=False),
    belongs_to("staff_id", "staff", "id"),
)

staff_sessions = clustered(
    "staff_sessions",
    "clinic_id hash",
    clinic_key(),
    Column("hash", LargeBinary, nullable=False),
    text("staff_id"),
    Column("signed_in_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("confirmed_at", UtcDateTime),
    belongs_to("staff_id", "staff", "id"),
)

"""`confirmed_at`: when the second step was last shown. Empty until somebody new has set one up."""

failed_attempts = clustered(
    "failed_attempts",
    "kind hash window",
    text("kind"),
    Column("hash", LargeBinary, nullable=False),
    Column("window", Integer, nullable=False),
    Column("count", Integer, nullable=False),
    one_of("kind", ("typed_code", "receipt", "sign_in", "case_code"), "kind_known"),
    CheckConstraint("count >= 1", name="count_positive"),
)
"""Failed attempts per window of time and account, and what was used once: never per address."""

tablet_visits = clustered(
    "tablet_visits",
    "tablet",
    Column("tablet", LargeBinary, nullable=False),
    Column("visit", LargeBinary, nullable=False),
    Column("hour", Integer, nullable=False),
)
"""The visit that goes on at a shared tablet: neither a case nor an answer, and the hour only to forget the row by."""

audit_log = clustered(
    "audit_log",
    "clinic_id number",
    clinic_key(),
    Column("number", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    text("actor"),
    text("action"),
    text("subject"),
    Column("chain", LargeBinary, nullable=False),
    UniqueConstraint("clinic_id", "chain"),
)

clinic_instruments = clustered(
    "clinic_instruments",
    "clinic_id id version language",
    clinic_key(),
    text("id"),
    Column("version", Integer, nullable=False),
    text("language"),
    text("content"),
    text("content_hash"),
    Column("added_on", Date, nullable=False),
    Column("retired_on", Date),
    CheckConstraint("version >= 1", name="version_from_one"),
    CheckConstraint("retired_on IS NULL OR retired_on >= added_on", name="retired_after_added"),
)
"""Questionnaires a clinic added itself, word for word; nobody else's. Who said it may use them is in the audit log."""

audit_log_heads = clustered(
    "audit_log_heads",
    "clinic_id",
    clinic_key(),
    Column("number", Integer, nullable=False),
    Column("mark", LargeBinary, nullable=False),
)
"""How far a clinic's log reaches, marked under the audit key: else nobody would miss its newest records."""
