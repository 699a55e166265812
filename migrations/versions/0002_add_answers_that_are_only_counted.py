"""Add the anonymous rows: what clients sent without the therapist seeing it, once it is filed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "anonymous_responses",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("instrument_id", sa.Text(), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("ratings", sa.JSON(), nullable=False),
        sa.Column("direct", sa.Text(), nullable=True),
        sa.Column("receipt_hash", sa.LargeBinary(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(create_constraint=True, name="withdrawn_is_bool"), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_anonymous_responses_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_anonymous_responses")),
        sa.UniqueConstraint("clinic_id", "receipt_hash", name=op.f("uq_anonymous_responses_clinic_id_receipt_hash")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("anonymous_responses")
