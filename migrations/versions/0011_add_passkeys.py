"""Add passkeys of staff: their public halves."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "passkeys",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credential", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_passkeys_clinic_id_clinics"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["clinic_id", "staff_id"], ["staff.clinic_id", "staff.id"], name=op.f("fk_passkeys_clinic_id_staff_id_staff"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("clinic_id", "credential", name=op.f("uq_passkeys_clinic_id_credential")),
        sqlite_with_rowid=False,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("passkeys")
