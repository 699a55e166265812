"""Keep which shared answers their client changed after they may have been read, and which receipts were used up."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

SEATS = "seat IN ('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H')"


def upgrade() -> None:
    op.create_table(
        "changed_answers",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("case_code", sa.Text(), nullable=False),
        sa.Column("session_number", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.CheckConstraint(SEATS, name=op.f("ck_changed_answers_seat_known")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "case_code", "session_number", "seat"],
            ["responses.clinic_id", "responses.case_code", "responses.session_number", "responses.seat"],
            name=op.f("fk_changed_answers_clinic_id_case_code_session_number_seat_responses"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_changed_answers_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "case_code", "session_number", "seat", name=op.f("pk_changed_answers")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "taken_back",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("receipt_hash", sa.LargeBinary(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_taken_back_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "receipt_hash", name=op.f("pk_taken_back")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("taken_back")
    op.drop_table("changed_answers")
