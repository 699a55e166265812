"""0002 adds the anonymous rows: what was there stays, what is new goes with its table."""

from sqlalchemy import inspect

from tests.migrations.rows import CLINIC, only_row, put

ANONYMOUS = {
    "clinic_id": "clinic", "id": "4Z9", "month": "2026-03", "instrument_id": "rapport-session", "instrument_version": 1,
    "ratings": {"heard": 6.5, "safe": None}, "direct": "no", "receipt_hash": b"\x11", "withdrawn": False,
}  # fmt: skip
WAITING = {"clinic_id": "clinic", "id": b"\x0d", "receipt_hash": b"\x0e", "key_id": "2026-03", "sealed": b"\x0f"}


def test_upgrade_keeps_what_waits_and_takes_what_is_filed(bare_database, stand_at):
    put(bare_database, stand_at("0001"), clinics=CLINIC, pool=WAITING)
    tables = stand_at("0002")
    put(bare_database, tables, anonymous_responses=ANONYMOUS)
    assert only_row(bare_database, tables, "pool") == WAITING
    assert only_row(bare_database, tables, "anonymous_responses") == ANONYMOUS


def test_downgrade_takes_the_filed_answers_and_nothing_else(bare_database, stand_at):
    tables = stand_at("0002")
    put(bare_database, tables, clinics=CLINIC, pool=WAITING, anonymous_responses=ANONYMOUS)
    tables = stand_at("0001")
    assert "anonymous_responses" not in inspect(bare_database.engine).get_table_names()
    assert only_row(bare_database, tables, "pool") == WAITING
    assert only_row(bare_database, tables, "clinics") == CLINIC
