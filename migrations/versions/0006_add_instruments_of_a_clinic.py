"""Add the questionnaires a clinic brings itself."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "clinic_instruments",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_clinic_instruments_version_from_one")),
        sa.CheckConstraint(
            "retired_on IS NULL OR retired_on >= added_on", name=op.f("ck_clinic_instruments_retired_after_added")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_clinic_instruments_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", "version", "language", name=op.f("pk_clinic_instruments")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("clinic_instruments")
