"""Add the languages a clinic's clients may choose between. Clinics that are there already go on in English."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("clinics", sa.Column("languages", sa.Text(), server_default="en", nullable=False))


def downgrade() -> None:
    op.drop_column("clinics", "languages")
