"""Find what clients told outright, keep what was answered of it, and note reads and archived teams.

Two indexes over few rows each lead to comments and to choices such as "Please bring it up with me". `told_marks` keeps
that a therapist talked about one of these where no flag was raised, `reads` on which day a read was last written into
the audit log. A team can be archived.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

TOLD = sa.text("choice IN ('bring_up', 'would_like', 'yes')")
COMMENTED = sa.text("sealed_comment IS NOT NULL")
BY_CASE = ["clinic_id", "case_code"]
PLACE = ["clinic_id", "case_code", "session_number", "seat"]
OF_TOLD, OF_COMMENTED = "ix_answers_clinic_id_case_code_told", "ix_responses_clinic_id_case_code_commented"


def upgrade() -> None:
    op.add_column("teams", sa.Column("archived_on", sa.Date(), nullable=True))
    op.create_index(OF_TOLD, "answers", BY_CASE, sqlite_where=TOLD, postgresql_where=TOLD)
    op.create_index(OF_COMMENTED, "responses", BY_CASE, sqlite_where=COMMENTED, postgresql_where=COMMENTED)
    op.create_table(
        "told_marks",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("case_code", sa.Text(), nullable=False),
        sa.Column("session_number", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("by_staff", sa.Text(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            PLACE,
            [f"responses.{column}" for column in PLACE],
            name=op.f("fk_told_marks_clinic_id_case_code_session_number_seat_responses"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_told_marks_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(*PLACE, name=op.f("pk_told_marks")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reads",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"],
            ["staff.clinic_id", "staff.id"],
            name=op.f("fk_reads_clinic_id_staff_id_staff"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_reads_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "staff_id", "subject", name=op.f("pk_reads")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("reads")
    op.drop_table("told_marks")
    op.drop_index(OF_COMMENTED, table_name="responses")
    op.drop_index(OF_TOLD, table_name="answers")
    op.drop_column("teams", "archived_on")
