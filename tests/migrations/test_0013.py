"""0013 adds an index over a case's days: the sessions stay as they are, both ways."""

from tests.migrations.rows import CASE, CLINIC, MEETING, STAFF, indexed, only_row, put

BEFORE = {"clinics": CLINIC, "staff": STAFF, "cases": CASE, "therapy_sessions": MEETING}


def test_upgrade_keeps_the_sessions_and_finds_them_by_day(bare_database, stand_at):
    put(bare_database, stand_at("0012"), **BEFORE)
    tables = stand_at("0013")
    assert ["clinic_id", "case_code", "held_on"] in indexed(bare_database, "therapy_sessions")
    assert only_row(bare_database, tables, "therapy_sessions") == MEETING


def test_downgrade_keeps_the_sessions(bare_database, stand_at):
    put(bare_database, stand_at("0013"), **BEFORE)
    tables = stand_at("0012")
    assert ["clinic_id", "case_code", "held_on"] not in indexed(bare_database, "therapy_sessions")
    assert only_row(bare_database, tables, "therapy_sessions") == MEETING
