"""Let a clinic choose the colour of its client pages, a quick way out of them, and the optional script."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("clinics", sa.Column("accent", sa.Text(), nullable=False, server_default=""))
    op.add_column("clinics", sa.Column("quick_exit", sa.Text(), nullable=False, server_default=""))
    if op.get_bind().dialect.name == "sqlite":
        # Written out: Alembic would leave the check away, and SQLite cannot add one later without a rebuild.
        op.execute(
            "ALTER TABLE clinics ADD COLUMN script_enabled BOOLEAN DEFAULT 0 NOT NULL "
            "CONSTRAINT ck_clinics_script_enabled_is_bool CHECK (script_enabled IN (0, 1))"
        )
    else:
        op.add_column("clinics", sa.Column("script_enabled", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for column in ("script_enabled", "quick_exit", "accent"):
        op.drop_column("clinics", column)
