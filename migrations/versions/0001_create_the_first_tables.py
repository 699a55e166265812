"""Create the first tables: clinics, care, access codes, responses, findings, flags, pool and audit."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "clinics",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("help_numbers", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("complaints", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("alert_budget", sa.Float(), nullable=False),
        sa.Column(
            "comment_enabled", sa.Boolean(create_constraint=True, name="comment_enabled_is_bool"), nullable=False
        ),
        sa.Column("totals_enabled", sa.Boolean(create_constraint=True, name="totals_enabled_is_bool"), nullable=False),
        sa.Column("code_days", sa.Integer(), nullable=False),
        sa.Column("retention_months", sa.Integer(), nullable=False),
        sa.CheckConstraint("alert_budget BETWEEN 0.05 AND 0.12", name=op.f("ck_clinics_alert_budget_range")),
        sa.CheckConstraint("code_days BETWEEN 1 AND 14", name=op.f("ck_clinics_code_days_range")),
        sa.CheckConstraint("retention_months BETWEEN 3 AND 24", name=op.f("ck_clinics_retention_months_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinics")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "instruments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", "version", "language", name=op.f("pk_instruments")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pool_keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_keys")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tries",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('typed_code', 'receipt', 'sign_in')", name=op.f("ck_tries_kind_known")),
        sa.CheckConstraint("count >= 1", name=op.f("ck_tries_count_positive")),
        sa.PrimaryKeyConstraint("kind", "hash", "window", name=op.f("pk_tries")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audit",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_audit_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "number", name=op.f("pk_audit")),
        sa.UniqueConstraint("clinic_id", "chain", name=op.f("uq_audit_clinic_id_chain")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "doors",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('token', 'typed', 'receipt', 'email', 'invitation', 'staff_session')",
            name=op.f("ck_doors_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_doors_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("kind", "hash", "clinic_id", name=op.f("pk_doors")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pool",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("receipt_hash", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_pool_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_pool")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rating_sums",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("therapist_id", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("forms", sa.Integer(), nullable=False),
        sa.Column("total", sa.Float(), nullable=False),
        sa.CheckConstraint("forms >= 0", name=op.f("ck_rating_sums_forms_not_negative")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_rating_sums_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "therapist_id", "held_on", name=op.f("pk_rating_sums")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "teams",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_teams_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_teams")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "staff",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("disabled_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "role IN ('therapist', 'supervisor', 'clinic-admin', 'auditor', 'desk')", name=op.f("ck_staff_role_known")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "team_id"], ["teams.clinic_id", "teams.id"], name=op.f("fk_staff_clinic_id_team_id_teams")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_staff_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_staff")),
        sa.UniqueConstraint("clinic_id", "email", "role", name=op.f("uq_staff_clinic_id_email_role")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cases",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("therapist_id", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("instrument_id", sa.Text(), nullable=False),
        sa.Column("sealed_label", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name=op.f("ck_cases_closed_after_opened")),
        sa.CheckConstraint("seats BETWEEN 1 AND 8", name=op.f("ck_cases_seats_range")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "therapist_id"],
            ["staff.clinic_id", "staff.id"],
            name=op.f("fk_cases_clinic_id_therapist_id_staff"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_cases_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "code", name=op.f("pk_cases")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_cases_clinic_id_therapist_id_closed_on"),
            ["clinic_id", "therapist_id", "closed_on"],
            unique=False,
        )

    op.create_table(
        "invitations",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"],
            ["staff.clinic_id", "staff.id"],
            name=op.f("fk_invitations_clinic_id_staff_id_staff"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_invitations_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "hash", name=op.f("pk_invitations")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "staff_sessions",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"],
            ["staff.clinic_id", "staff.id"],
            name=op.f("fk_staff_sessions_clinic_id_staff_id_staff"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_staff_sessions_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "hash", name=op.f("pk_staff_sessions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "detector_states",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("case_code", sa.Text(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("last_session", sa.Integer(), nullable=False),
        sa.Column("last_place", sa.Integer(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("prior", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "seat IN ('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H')", name=op.f("ck_detector_states_seat_known")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "case_code"],
            ["cases.clinic_id", "cases.code"],
            name=op.f("fk_detector_states_clinic_id_case_code_cases"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_detector_states_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "case_code", "seat", name=op.f("pk_detector_states")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "therapy_sessions",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("case_code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_therapy_sessions_number_from_one")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "case_code"],
            ["cases.clinic_id", "cases.code"],
            name=op.f("fk_therapy_sessions_clinic_id_case_code_cases"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_therapy_sessions_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "case_code", "number", name=op.f("pk_therapy_sessions")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("therapy_sessions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_therapy_sessions_clinic_id_held_on"), ["clinic_id", "held_on"], unique=False
        )

    op.create_table(
        "access_codes",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("case_code", sa.Text(), nullable=False),
        sa.Column("session_number", sa.Integer(), nullable=True),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("typed_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_token", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_typed", sa.LargeBinary(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'for_session') = (session_number IS NOT NULL)", name=op.f("ck_access_codes_session_fits_kind")
        ),
        sa.CheckConstraint("kind IN ('for_session', 'case_card')", name=op.f("ck_access_codes_kind_known")),
        sa.CheckConstraint("seat IN ('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H')", name=op.f("ck_access_codes_seat_known")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "case_code", "session_number"],
            ["therapy_sessions.clinic_id", "therapy_sessions.case_code", "therapy_sessions.number"],
            name=op.f("fk_access_codes_clinic_id_case_code_session_number_therapy_sessions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "case_code"],
            ["cases.clinic_id", "cases.code"],
            name=op.f("fk_access_codes_clinic_id_case_code_cases"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_access_codes_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_access_codes")),
        sa.UniqueConstraint("clinic_id", "token_hash", name=op.f("uq_access_codes_clinic_id_token_hash")),
        sa.UniqueConstraint("clinic_id", "typed_hash", name=op.f("uq_access_codes_clinic_id_typed_hash")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("access_codes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_access_codes_clinic_id_case_code_session_number"),
            ["clinic_id", "case_code", "session_number"],
            unique=False,
        )

    op.create_table(
        "responses",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("case_code", sa.Text(), nullable=False),
        sa.Column("session_number", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("instrument_id", sa.Text(), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("who_reads_version", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("sealed_comment", sa.LargeBinary(), nullable=True),
        sa.Column("nonce_hash", sa.LargeBinary(), nullable=False),
        sa.Column("receipt_hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("seat IN ('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H')", name=op.f("ck_responses_seat_known")),
        sa.CheckConstraint("score BETWEEN 0 AND 10", name=op.f("ck_responses_score_range")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "case_code", "session_number"],
            ["therapy_sessions.clinic_id", "therapy_sessions.case_code", "therapy_sessions.number"],
            name=op.f("fk_responses_clinic_id_case_code_session_number_therapy_sessions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_responses_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "case_code", "session_number", "seat", name=op.f("pk_responses")),
        sa.UniqueConstraint("clinic_id", "receipt_hash", name=op.f("uq_responses_clinic_id_receipt_hash")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rupture_flags",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_code", sa.Text(), nullable=False),
        sa.Column("session_number", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "seat IN ('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H')", name=op.f("ck_rupture_flags_seat_known")
        ),
        sa.CheckConstraint(
            "status IN ('new', 'talk_planned', 'talked', 'settled', 'more_to_do', 'not_wanted', 'not_a_rupture')",
            name=op.f("ck_rupture_flags_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "case_code", "session_number"],
            ["therapy_sessions.clinic_id", "therapy_sessions.case_code", "therapy_sessions.number"],
            name=op.f("fk_rupture_flags_clinic_id_case_code_session_number_therapy_sessions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_rupture_flags_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_rupture_flags")),
        sa.UniqueConstraint(
            "clinic_id",
            "case_code",
            "session_number",
            "seat",
            name=op.f("uq_rupture_flags_clinic_id_case_code_session_number_seat"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "answers",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("case_code", sa.Text(), nullable=False),
        sa.Column("session_number", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.CheckConstraint("(value IS NULL) = (choice <> '')", name=op.f("ck_answers_rated_or_chosen")),
        sa.CheckConstraint("value BETWEEN 0 AND 10", name=op.f("ck_answers_value_range")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "case_code", "session_number", "seat"],
            ["responses.clinic_id", "responses.case_code", "responses.session_number", "responses.seat"],
            name=op.f("fk_answers_clinic_id_case_code_session_number_seat_responses"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_answers_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "case_code", "session_number", "seat", "item_id", "choice", name=op.f("pk_answers")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "findings",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("case_code", sa.Text(), nullable=False),
        sa.Column("session_number", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("flag", sa.Boolean(create_constraint=True, name="flag_is_bool"), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("forms", sa.Integer(), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("expected_low", sa.Float(), nullable=True),
        sa.Column("expected_high", sa.Float(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.CheckConstraint("level IN ('none', 'worth_asking', 'likely')", name=op.f("ck_findings_level_known")),
        sa.CheckConstraint("probability BETWEEN 0 AND 1", name=op.f("ck_findings_probability_range")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "case_code", "session_number", "seat"],
            ["responses.clinic_id", "responses.case_code", "responses.session_number", "responses.seat"],
            name=op.f("fk_findings_clinic_id_case_code_session_number_seat_responses"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_findings_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "case_code", "session_number", "seat", name=op.f("pk_findings")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "flag_reviews",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("flag_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("old_status", sa.Text(), nullable=False),
        sa.Column("new_status", sa.Text(), nullable=False),
        sa.Column("by_staff", sa.Text(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("undoes", sa.Boolean(create_constraint=True, name="undoes_is_bool"), nullable=False),
        sa.CheckConstraint(
            "new_status IN ('new', 'talk_planned', 'talked', 'settled', 'more_to_do', 'not_wanted', 'not_a_rupture')",
            name=op.f("ck_flag_reviews_new_status_known"),
        ),
        sa.CheckConstraint(
            "old_status IN ('new', 'talk_planned', 'talked', 'settled', 'more_to_do', 'not_wanted', 'not_a_rupture')",
            name=op.f("ck_flag_reviews_old_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "flag_id"],
            ["rupture_flags.clinic_id", "rupture_flags.id"],
            name=op.f("fk_flag_reviews_clinic_id_flag_id_rupture_flags"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_flag_reviews_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "flag_id", "number", name=op.f("pk_flag_reviews")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "repairs",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("flag_id", sa.Text(), nullable=False),
        sa.Column("talked_on", sa.Date(), nullable=False),
        sa.Column("sealed_note", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "flag_id"],
            ["rupture_flags.clinic_id", "rupture_flags.id"],
            name=op.f("fk_repairs_clinic_id_flag_id_rupture_flags"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_repairs_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "flag_id", name=op.f("pk_repairs")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("repairs")
    op.drop_table("flag_reviews")
    op.drop_table("findings")
    op.drop_table("answers")
    op.drop_table("rupture_flags")
    op.drop_table("responses")
    with op.batch_alter_table("access_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_codes_clinic_id_case_code_session_number"))

    op.drop_table("access_codes")
    with op.batch_alter_table("therapy_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_therapy_sessions_clinic_id_held_on"))

    op.drop_table("therapy_sessions")
    op.drop_table("detector_states")
    op.drop_table("staff_sessions")
    op.drop_table("invitations")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cases_clinic_id_therapist_id_closed_on"))

    op.drop_table("cases")
    op.drop_table("staff")
    op.drop_table("teams")
    op.drop_table("rating_sums")
    op.drop_table("pool")
    op.drop_table("doors")
    op.drop_table("audit")
    op.drop_table("tries")
    op.drop_table("pool_keys")
    op.drop_table("instruments")
    op.drop_table("clinics")
