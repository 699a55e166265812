"""0026 renames seven tables with all that is named after them: every row stays, both ways."""

import re
from datetime import UTC, date, datetime

from sqlalchemy import inspect, text

from tests.migrations.rows import CASE, CLINIC, MEETING, STAFF, only_row, put

PLACE = {"clinic_id": "clinic", "case_code": "K7Q2X-M", "session_number": 1, "seat": "A"}
RESPONSE = PLACE | {
    "language": "en", "steps": 11, "instrument_id": "rapport-session", "instrument_version": 1,
    "who_reads_version": 1, "score": 7.5, "sealed_comment": None, "nonce_hash": b"\x01", "receipt_hash": b"\x02",
    "counted_for": "dana",
}  # fmt: skip
FLAG = PLACE | {"id": "flag", "status": "talked", "held_on": date(2026, 1, 6), "finding": None, "direct": None,
                "fell_by": None}  # fmt: skip
PARENTS = {
    "clinics": CLINIC, "staff": STAFF, "cases": CASE, "therapy_sessions": MEETING, "responses": RESPONSE,
    "rupture_flags": FLAG,
}  # fmt: skip
RECORD = {"clinic_id": "clinic", "number": 1, "at": datetime(2026, 1, 6, tzinfo=UTC), "actor": "dana",
          "action": "case.opened", "subject": "K7Q2X-M", "chain": b"\x03"}  # fmt: skip
BEFORE = {
    "doors": {"kind": "token", "hash": b"\x04", "clinic_id": "clinic"},
    "tries": {"kind": "sign_in", "hash": b"\x05", "window": 29_000_000, "count": 2},
    "audit": RECORD,
    "audit_ends": {"clinic_id": "clinic", "number": 1, "mark": b"\x06"},
    "repairs": {"clinic_id": "clinic", "flag_id": "flag", "talked_on": date(2026, 1, 9), "sealed_note": b"\x07"},
    "guesses": PLACE | {"staff_id": "dana", "value": 6.0},
    "looks": PLACE | {"staff_id": "dana", "opened": True},
}
RENAMED = {
    "doors": "tenant_lookup", "tries": "failed_attempts", "audit": "audit_log", "audit_ends": "audit_log_heads",
    "repairs": "repair_notes", "guesses": "therapist_predictions", "looks": "read_receipts",
}  # fmt: skip
AFTER = {RENAMED[name]: row for name, row in BEFORE.items()}


def rows_of(database, tables, names):
    found = {name: only_row(database, tables, name) for name in names}
    record = next(row for row in found.values() if "chain" in row)
    record["at"] = record["at"].replace(tzinfo=UTC)
    return found


def names_in(database):
    """Every name of a table, constraint or index."""
    seen = inspect(database.engine)
    if database.is_sqlite:
        with database.engine.connect() as connection:
            whole = " ".join(connection.scalars(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")))
        return set(re.findall(r"\b(?:pk|fk|ck|uq|ix)_\w+", whole)) | set(seen.get_table_names())
    with database.engine.connect() as connection:
        constraints = connection.scalars(text("SELECT conname FROM pg_constraint")).all()
        indexes = connection.scalars(text("SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"))
        return {*constraints, *indexes, *seen.get_table_names()}


def named_after(names, tables):
    return {name for name in names for table in tables if re.match(rf"(?:(?:pk|fk|ck|uq|ix)_)?{table}(?:_|$)", name)}


def test_upgrade_keeps_every_row_under_the_new_names(bare_database, stand_at):
    put(bare_database, stand_at("0025"), **PARENTS, **BEFORE)
    assert named_after(names_in(bare_database), BEFORE)
    tables = stand_at("0026")
    assert rows_of(bare_database, tables, AFTER) == AFTER
    left = named_after(names_in(bare_database), BEFORE) - named_after(names_in(bare_database), AFTER)
    assert {name for name in left if not name.endswith("_not_null")} == set()


def test_downgrade_keeps_every_row_under_the_old_ones(bare_database, stand_at):
    put(bare_database, stand_at("0026"), **PARENTS, **AFTER)
    tables = stand_at("0025")
    assert rows_of(bare_database, tables, BEFORE) == BEFORE
    left = named_after(names_in(bare_database), AFTER)
    assert {name for name in left if not name.endswith("_not_null")} == set()
