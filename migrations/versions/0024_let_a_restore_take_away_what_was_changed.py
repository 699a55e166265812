"""Let a restore take away a shared answer that its client had changed since the backup was made."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

BEFORE = "withdrawn_by IN ('client', 'therapist')"
SINCE = "withdrawn_by IN ('client', 'therapist', 'restore')"


def upgrade() -> None:
    _let_withdrawals_be_by(SINCE, BEFORE)


def downgrade() -> None:
    op.execute("UPDATE withdrawals SET withdrawn_by = 'client' WHERE withdrawn_by = 'restore'")
    _let_withdrawals_be_by(BEFORE, SINCE)


def _let_withdrawals_be_by(wanted: str, present: str) -> None:
    withdrawals = sa.Table(
        "withdrawals",
        sa.MetaData(),
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("case_code", sa.Text(), nullable=False),
        sa.Column("session_number", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("withdrawn_by", sa.Text(), nullable=False),
        sa.CheckConstraint("seat IN ('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H')", name=op.f("ck_withdrawals_seat_known")),
        sa.CheckConstraint(present, name=op.f("ck_withdrawals_withdrawn_by_known")),
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
    with op.batch_alter_table("withdrawals", copy_from=withdrawals) as batch:
        batch.drop_constraint(op.f("ck_withdrawals_withdrawn_by_known"), type_="check")
        batch.create_check_constraint(op.f("ck_withdrawals_withdrawn_by_known"), wanted)
