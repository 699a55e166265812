"""Remember for an hour or two which visits to a shared tablet have ended: a keyed hash each, and no more."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "ended_visits",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_ended_visits")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("ended_visits")
