"""Drop what a new case began with: sums over other people's answers, and each state's copy of them.

Nothing of one person's answers may enter what is found of another (docs/decisions/0013). Downgrading counts the sums
anew from the answers there are; a state begins with nothing, and is made anew with the next answer in any case.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

NOTHING = '{"clinic_forms": 0, "clinic_mean": 0.0, "therapist_forms": 0, "therapist_mean": 0.0}'
SUMS = """
INSERT INTO rating_sums (clinic_id, therapist_id, held_on, forms, total)
SELECT r.clinic_id, coalesce(r.counted_for, c.therapist_id), s.held_on, count(*), sum(r.score)
FROM responses r
JOIN cases c ON c.clinic_id = r.clinic_id AND c.code = r.case_code
JOIN therapy_sessions s ON s.clinic_id = r.clinic_id AND s.case_code = r.case_code AND s.number = r.session_number
WHERE r.score IS NOT NULL
GROUP BY r.clinic_id, coalesce(r.counted_for, c.therapist_id), s.held_on
"""
STATES = """
INSERT INTO detector_states (clinic_id, case_code, seat, method, version, last_session, last_place, state, prior)
SELECT clinic_id, case_code, seat, method, version, last_session, last_place, state, :prior FROM kept_states
"""


def upgrade() -> None:
    op.drop_table("rating_sums")
    op.drop_column("detector_states", "prior")


def downgrade() -> None:
    op.create_table(
        "rating_sums",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("therapist_id", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("forms", sa.Integer(), nullable=False),
        sa.Column("total", sa.Float(), nullable=False),
        sa.CheckConstraint("forms >= 0", name=op.f("ck_rating_sums_forms_not_negative")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_rating_sums_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "therapist_id", "held_on", name=op.f("pk_rating_sums")),
        sqlite_with_rowid=False,
    )
    op.execute(SUMS)
    op.execute("CREATE TABLE kept_states AS SELECT * FROM detector_states")
    op.drop_table("detector_states")
    _make_states()
    op.execute(sa.text(STATES).bindparams(prior=NOTHING))
    op.drop_table("kept_states")


def _make_states() -> None:
    """Make the table with its old column: none can be added that may not be empty and has no default."""
    op.create_table(
        "detector_states",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("case_code", sa.Text(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("last_session", sa.Integer(), nullable=False),
        sa.Column("last_place", sa.Integer(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("prior", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "seat IN ('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H')", name=op.f("ck_detector_states_seat_known")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "case_code"],
            ["cases.clinic_id", "cases.code"],
            name=op.f("fk_detector_states_clinic_id_case_code_cases"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_detector_states_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "case_code", "seat", name=op.f("pk_detector_states")),
        sqlite_with_rowid=False,
    )
