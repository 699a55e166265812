"""Keep which changed answers nobody has marked since: a mark made before the change does not cover it."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

PLACE = ("clinic_id", "case_code", "session_number", "seat")
SEATS = "seat IN ('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H')"


def upgrade() -> None:
    unmarked = op.create_table(
        "unmarked_changes",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("case_code", sa.Text(), nullable=False),
        sa.Column("session_number", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.CheckConstraint(SEATS, name=op.f("ck_unmarked_changes_seat_known")),
        sa.ForeignKeyConstraint(
            PLACE,
            [f"changed_answers.{name}" for name in PLACE],
            name=op.f("fk_unmarked_changes_clinic_id_case_code_session_number_seat_changed_answers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_unmarked_changes_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(*PLACE, name=op.f("pk_unmarked_changes")),
        sqlite_with_rowid=False,
    )
    # Of what was changed before, nobody knows whether it was marked since: it waits, so that nothing is passed over.
    changed = sa.table("changed_answers", *(sa.column(name) for name in PLACE))
    op.execute(unmarked.insert().from_select(list(PLACE), sa.select(changed)))


def downgrade() -> None:
    op.drop_table("unmarked_changes")
