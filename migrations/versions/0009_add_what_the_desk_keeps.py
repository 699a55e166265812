"""Add what the therapist's desk keeps: colleagues on a case, weekly days, guesses, what was looked at, notices.

An answer learns into whose sums it was counted: the case's therapist, who has not changed until now. What was shared
before counts as looked at, so that nothing old is new.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

SEATS = "seat IN ('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H')"

COUNT_FOR = """
UPDATE responses SET counted_for = (
    SELECT cases.therapist_id FROM cases
    WHERE cases.clinic_id = responses.clinic_id AND cases.code = responses.case_code
)
"""
LOOK = """
INSERT INTO looks (clinic_id, case_code, session_number, seat, staff_id, opened)
SELECT clinic_id, case_code, session_number, seat, counted_for, TRUE FROM responses
"""


def upgrade() -> None:
    op.add_column("responses", sa.Column("counted_for", sa.Text(), nullable=True))
    op.execute(COUNT_FOR)
    _case_staff()
    _weekly_days()
    _guesses()
    _looks()
    _notice_choices()
    op.execute(LOOK)


def _clinic(table: str) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    name = op.f(f"fk_{table}_clinic_id_clinics")
    return (
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=name, ondelete="CASCADE"),
    )


def _belongs(table: str, own: str, other: str, referred: str) -> sa.ForeignKeyConstraint:
    columns = ["clinic_id", *own.split()]
    name = op.f(f"fk_{table}_{'_'.join(columns)}_{other}")
    there = [f"{other}.{column}" for column in ["clinic_id", *referred.split()]]
    return sa.ForeignKeyConstraint(columns, there, name=name, ondelete="CASCADE")


def _case_staff() -> None:
    op.create_table(
        "case_staff",
        *_clinic("case_staff"),
        sa.Column("case_code", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        _belongs("case_staff", "case_code", "cases", "code"),
        _belongs("case_staff", "staff_id", "staff", "id"),
        sa.CheckConstraint("part IN ('co_therapist', 'supervisor')", name=op.f("ck_case_staff_part_known")),
        sa.CheckConstraint(
            "(part = 'supervisor') = (until IS NOT NULL)", name=op.f("ck_case_staff_supervisor_for_a_time")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "case_code", "staff_id", name=op.f("pk_case_staff")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_case_staff_clinic_id_staff_id"), "case_staff", ["clinic_id", "staff_id"])


def _weekly_days() -> None:
    op.create_table(
        "weekly_days",
        *_clinic("weekly_days"),
        sa.Column("case_code", sa.Text(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        _belongs("weekly_days", "case_code", "cases", "code"),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_weekly_days_weekday_range")),
        sa.PrimaryKeyConstraint("clinic_id", "case_code", name=op.f("pk_weekly_days")),
        sqlite_with_rowid=False,
    )


def _guesses() -> None:
    op.create_table(
        "guesses",
        *_clinic("guesses"),
        sa.Column("case_code", sa.Text(), nullable=False),
        sa.Column("session_number", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        _belongs("guesses", "case_code session_number", "therapy_sessions", "case_code number"),
        _belongs("guesses", "staff_id", "staff", "id"),
        sa.CheckConstraint("value BETWEEN 0 AND 10", name=op.f("ck_guesses_value_range")),
        sa.CheckConstraint(SEATS, name=op.f("ck_guesses_seat_known")),
        sa.PrimaryKeyConstraint(
            "clinic_id", "case_code", "session_number", "seat", "staff_id", name=op.f("pk_guesses")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_guesses_clinic_id_staff_id"), "guesses", ["clinic_id", "staff_id"])


def _looks() -> None:
    op.create_table(
        "looks",
        *_clinic("looks"),
        sa.Column("case_code", sa.Text(), nullable=False),
        sa.Column("session_number", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("opened", sa.Boolean(create_constraint=True, name="opened_is_bool"), nullable=False),
        _belongs("looks", "case_code session_number seat", "responses", "case_code session_number seat"),
        _belongs("looks", "staff_id", "staff", "id"),
        sa.PrimaryKeyConstraint("clinic_id", "case_code", "session_number", "seat", "staff_id", name=op.f("pk_looks")),
        sqlite_with_rowid=False,
    )


def _notice_choices() -> None:
    op.create_table(
        "notice_choices",
        *_clinic("notice_choices"),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("pace", sa.Text(), nullable=False),
        sa.Column("last_sent_on", sa.Date(), nullable=True),
        _belongs("notice_choices", "staff_id", "staff", "id"),
        sa.CheckConstraint("pace IN ('daily', 'weekly')", name=op.f("ck_notice_choices_pace_known")),
        sa.PrimaryKeyConstraint("clinic_id", "staff_id", name=op.f("pk_notice_choices")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in ("notice_choices", "looks", "guesses", "weekly_days", "case_staff"):
        op.drop_table(table)
    op.drop_column("responses", "counted_for")
