"""Let the indexes of five keys carry what is counted for figures. SQLite keeps rows in their keys as it is."""

from alembic import op
from sqlalchemy import text

revision = "0017"
down_revision = "0016"

KEYS = (
    ("cases", "pk_cases", "PRIMARY KEY (clinic_id, code)", "therapist_id, closed_on"),
    ("therapy_sessions", "pk_therapy_sessions", "PRIMARY KEY (clinic_id, case_code, number)", "held_on"),
    (
        "responses",
        "pk_responses",
        "PRIMARY KEY (clinic_id, case_code, session_number, seat)",
        "instrument_id, score",
    ),
    (
        "answers",
        "pk_answers",
        "PRIMARY KEY (clinic_id, case_code, session_number, seat, item_id, choice)",
        "value",
    ),
    (
        "rupture_flags",
        "uq_rupture_flags_clinic_id_case_code_session_number_seat",
        "UNIQUE (clinic_id, case_code, session_number, seat)",
        "status",
    ),
)

POINTING_AT = text("""
SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND confrelid = CAST(:table AS regclass)
  AND conindid = (SELECT conindid FROM pg_constraint WHERE conname = :name AND conrelid = CAST(:table AS regclass))
ORDER BY conname
""")


def upgrade() -> None:
    for table, name, key, carried in KEYS:
        _make_key(table, name, f"{key} INCLUDE ({carried})")


def downgrade() -> None:
    for table, name, key, _ in KEYS:
        _make_key(table, name, key)


def _make_key(table: str, name: str, key: str) -> None:
    """Make a key anew on PostgreSQL, and what points at it, which does not stand without one."""
    if op.get_bind().dialect.name == "sqlite":
        return
    pointing = op.get_bind().execute(POINTING_AT, {"table": table, "name": name}).all()
    for child, constraint, _ in pointing:
        op.execute(f"ALTER TABLE {child} DROP CONSTRAINT {constraint}")
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {key}")
    for child, constraint, definition in pointing:
        op.execute(f"ALTER TABLE {child} ADD CONSTRAINT {constraint} {definition}")
