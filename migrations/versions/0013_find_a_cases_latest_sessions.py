"""Find the latest therapy sessions of a case without reading all of them: the desk looks for them on every visit."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_index(
        op.f("ix_therapy_sessions_clinic_id_case_code_held_on"),
        "therapy_sessions",
        ["clinic_id", "case_code", "held_on"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_therapy_sessions_clinic_id_case_code_held_on"), table_name="therapy_sessions")
