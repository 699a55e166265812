"""Remember where a shared answer was withdrawn, and let wrong case codes be counted."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

BEFORE = "kind IN ('typed_code', 'receipt', 'sign_in')"
SINCE = "kind IN ('typed_code', 'receipt', 'sign_in', 'case_code')"


def upgrade() -> None:
    op.create_table(
        "withdrawals",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("case_code", sa.Text(), nullable=False),
        sa.Column("session_number", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("withdrawn_by", sa.Text(), nullable=False),
        sa.CheckConstraint("seat IN ('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H')", name=op.f("ck_withdrawals_seat_known")),
        sa.CheckConstraint("withdrawn_by IN ('client', 'therapist')", name=op.f("ck_withdrawals_withdrawn_by_known")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "case_code", "session_number"],
            ["therapy_sessions.clinic_id", "therapy_sessions.case_code", "therapy_sessions.number"],
            name=op.f("fk_withdrawals_clinic_id_case_code_session_number_therapy_sessions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_withdrawals_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "case_code", "session_number", "seat", name=op.f("pk_withdrawals")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "erasures",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_erasures_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_erasures")),
        sqlite_with_rowid=False,
    )
    _let_tries_count(SINCE, BEFORE)


def downgrade() -> None:
    op.execute("DELETE FROM tries WHERE kind = 'case_code'")
    _let_tries_count(BEFORE, SINCE)
    op.drop_table("erasures")
    op.drop_table("withdrawals")


def _let_tries_count(wanted: str, present: str) -> None:
    tries = sa.Table(
        "tries",
        sa.MetaData(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint(present, name="ck_tries_kind_known"),
        sa.CheckConstraint("count >= 1", name="ck_tries_count_positive"),
        sa.PrimaryKeyConstraint("kind", "hash", "window", name="pk_tries"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("tries", copy_from=tries) as batch:
        batch.drop_constraint(op.f("ck_tries_kind_known"), type_="check")
        batch.create_check_constraint(op.f("ck_tries_kind_known"), wanted)
