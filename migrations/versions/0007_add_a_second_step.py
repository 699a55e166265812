"""Add the second step of signing in: seeds of apps, recovery codes, and when a session last showed both steps."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "totp_seeds",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("sealed_seed", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_totp_seeds_clinic_id_clinics"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["clinic_id", "staff_id"], ["staff.clinic_id", "staff.id"], name=op.f("fk_totp_seeds_clinic_id_staff_id_staff"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("clinic_id", "staff_id", name=op.f("pk_totp_seeds")),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_table(
        "recovery_codes",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_recovery_codes_clinic_id_clinics"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["clinic_id", "staff_id"], ["staff.clinic_id", "staff.id"], name=op.f("fk_recovery_codes_clinic_id_staff_id_staff"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("clinic_id", "staff_id", "hash", name=op.f("pk_recovery_codes")),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.add_column("staff_sessions", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("staff_sessions", "confirmed_at")
    op.drop_table("recovery_codes")
    op.drop_table("totp_seeds")
