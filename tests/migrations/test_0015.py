"""0015 adds an index over a case's flags by status: the flags stay as they are, both ways."""

from datetime import date

from tests.migrations.rows import CASE, CLINIC, MEETING, STAFF, indexed, only_row, put

FLAG = {
    "clinic_id": "clinic", "id": "f1", "case_code": "K7Q2X-M", "session_number": 1, "seat": "A",
    "status": "talk_planned", "held_on": date(2026, 1, 6), "finding": "{}",
}  # fmt: skip
BEFORE = {"clinics": CLINIC, "staff": STAFF, "cases": CASE, "therapy_sessions": MEETING, "rupture_flags": FLAG}


def test_upgrade_keeps_the_flags_and_finds_them_by_status(bare_database, stand_at):
    put(bare_database, stand_at("0014"), **BEFORE)
    tables = stand_at("0015")
    assert ["clinic_id", "case_code", "status"] in indexed(bare_database, "rupture_flags")
    assert only_row(bare_database, tables, "rupture_flags") == FLAG


def test_downgrade_keeps_the_flags(bare_database, stand_at):
    put(bare_database, stand_at("0015"), **BEFORE)
    tables = stand_at("0014")
    assert ["clinic_id", "case_code", "status"] not in indexed(bare_database, "rupture_flags")
    assert only_row(bare_database, tables, "rupture_flags") == FLAG
