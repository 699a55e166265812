"""Link accounts with the organisation's own sign-in."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

BEFORE = "kind IN ('token', 'typed', 'receipt', 'email', 'invitation', 'staff_session')"
SINCE = "kind IN ('token', 'typed', 'receipt', 'email', 'invitation', 'staff_session', 'identity')"


def upgrade() -> None:
    op.create_table(
        "identities",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("keeps_password", sa.Boolean(create_constraint=True, name=op.f("ck_identities_keeps_password_is_bool")), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_identities_clinic_id_clinics"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["clinic_id", "staff_id"], ["staff.clinic_id", "staff.id"], name=op.f("fk_identities_clinic_id_staff_id_staff"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("clinic_id", "staff_id", name=op.f("pk_identities")),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_index(op.f("ix_identities_clinic_id_hash"), "identities", ["clinic_id", "hash"])
    _let_doors_lead(SINCE, BEFORE)


def downgrade() -> None:
    op.execute("DELETE FROM doors WHERE kind = 'identity'")
    _let_doors_lead(BEFORE, SINCE)
    op.drop_table("identities")


def _let_doors_lead(wanted: str, present: str) -> None:
    doors = sa.Table(
        "doors",
        sa.MetaData(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.CheckConstraint(present, name="ck_doors_kind_known"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name="fk_doors_clinic_id_clinics", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("kind", "hash", "clinic_id", name="pk_doors"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("doors", copy_from=doors) as batch:
        batch.drop_constraint(op.f("ck_doors_kind_known"), type_="check")
        batch.create_check_constraint(op.f("ck_doors_kind_known"), wanted)
