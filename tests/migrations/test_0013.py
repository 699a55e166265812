"""0013 adds an index over a case's days: the sessions stay as they are, both ways."""

from sqlalchemy import inspect

from tests.migrations.rows import CASE, CLINIC, MEETING, STAFF, only_row, put

BEFORE = {"clinics": CLINIC, "staff": STAFF, "cases": CASE, "therapy_sessions": MEETING}


def _indexed(database):
    return [each["column_names"] for each in inspect(database.engine).get_indexes("therapy_sessions")]


def test_upgrade_keeps_the_sessions_and_finds_them_by_day(bare_database, stand_at):
    put(bare_database, stand_at("0012"), **BEFORE)
    tables = stand_at("0013")
    assert ["clinic_id", "case_code", "held_on"] in _indexed(bare_database)
    assert only_row(bare_database, tables, "therapy_sessions") == MEETING


def test_downgrade_keeps_the_sessions(bare_database, stand_at):
    put(bare_database, stand_at("0013"), **BEFORE)
    tables = stand_at("0012")
    assert ["clinic_id", "case_code", "held_on"] not in _indexed(bare_database)
    assert only_row(bare_database, tables, "therapy_sessions") == MEETING
