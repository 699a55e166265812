"""Let the indexes of three keys carry what is counted for figures. SQLite keeps rows in their keys as it is."""

from alembic import op
from sqlalchemy import text

revision = "0017"
down_revision = "0016"

KEYS = {
    "therapy_sessions": ("clinic_id, case_code, number", "held_on"),
    "responses": ("clinic_id, case_code, session_number, seat", "instrument_id, score"),
    "answers": ("clinic_id, case_code, session_number, seat, item_id, choice", "value"),
}

POINTING_AT = text("""
SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND confrelid = CAST(:name AS regclass) ORDER BY conname
""")


def upgrade() -> None:
    for name, (key, carried) in KEYS.items():
        _make_key(name, f"({key}) INCLUDE ({carried})")


def downgrade() -> None:
    for name, (key, _) in KEYS.items():
        _make_key(name, f"({key})")


def _make_key(name: str, key: str) -> None:
    """Make a key anew on PostgreSQL, and what points at it, which does not stand without one."""
    if op.get_bind().dialect.name == "sqlite":
        return
    pointing = op.get_bind().execute(POINTING_AT, {"name": name}).all()
    for table, constraint, _ in pointing:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
    op.execute(f"ALTER TABLE {name} DROP CONSTRAINT pk_{name}")
    op.execute(f"ALTER TABLE {name} ADD CONSTRAINT pk_{name} PRIMARY KEY {key}")
    for table, constraint, definition in pointing:
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {definition}")
