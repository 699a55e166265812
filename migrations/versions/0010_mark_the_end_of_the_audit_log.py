"""Mark how far each clinic's audit log reaches, so that its newest records cannot go missing unseen."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "audit_ends",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_audit_ends_clinic_id_clinics"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("pk_audit_ends")),
        sqlite_with_rowid=False,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("audit_ends")
