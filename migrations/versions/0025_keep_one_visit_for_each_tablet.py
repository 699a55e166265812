"""Keep the one visit that goes on at each shared tablet, in place of all that ended: another one ends it by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    # A visit that goes on meanwhile has no row and is over: whoever has it open types the code again.
    op.drop_table("ended_visits")
    op.create_table(
        "tablet_visits",
        sa.Column("tablet", sa.LargeBinary(), nullable=False),
        sa.Column("visit", sa.LargeBinary(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tablet", name=op.f("pk_tablet_visits")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("tablet_visits")
    op.create_table(
        "ended_visits",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_ended_visits")),
        sqlite_with_rowid=False,
    )
