"""Find a case's open flags without reading those that are settled: the desk asks for them on every visit."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_index(
        op.f("ix_rupture_flags_clinic_id_case_code_status"),
        "rupture_flags",
        ["clinic_id", "case_code", "status"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_rupture_flags_clinic_id_case_code_status"), table_name="rupture_flags")
