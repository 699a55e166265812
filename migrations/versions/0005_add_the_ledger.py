"""Add the ledger: what was published of each closed period, drawn once and never changed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "ledger",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_ledger_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "number", name=op.f("pk_ledger")),
        sa.UniqueConstraint("clinic_id", "period", name=op.f("uq_ledger_clinic_id_period")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("ledger")
