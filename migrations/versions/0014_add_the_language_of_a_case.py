"""Add the language of a case. Cases that are there already have none: a phone's own goes on deciding."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("cases", sa.Column("language", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("cases", "language")
