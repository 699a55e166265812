"""0006 adds the questionnaires of a clinic: what was there stays, what is new goes with its table."""

from datetime import date

from sqlalchemy import inspect

from tests.migrations.rows import CLINIC, only_row, put

SHIPPED = {"id": "rapport-session", "version": 1, "language": "en", "content_hash": "ab", "content": "{}"}
OWN = {
    "clinic_id": "clinic", "id": "ours", "version": 2, "language": "de", "content": '{"title": "Wie war’s?"}',
    "content_hash": "cd", "added_on": date(2026, 3, 2), "retired_on": None,
}  # fmt: skip


def test_upgrade_keeps_what_ships_and_takes_what_a_clinic_brings(bare_database, stand_at):
    put(bare_database, stand_at("0005"), clinics=CLINIC, instruments=SHIPPED)
    tables = stand_at("0006")
    put(bare_database, tables, clinic_instruments=OWN)
    assert only_row(bare_database, tables, "instruments") == SHIPPED
    assert only_row(bare_database, tables, "clinic_instruments") == OWN


def test_downgrade_takes_them_and_nothing_else(bare_database, stand_at):
    tables = stand_at("0006")
    put(bare_database, tables, clinics=CLINIC, instruments=SHIPPED, clinic_instruments=OWN)
    tables = stand_at("0005")
    assert "clinic_instruments" not in inspect(bare_database.engine).get_table_names()
    assert only_row(bare_database, tables, "instruments") == SHIPPED
    assert only_row(bare_database, tables, "clinics").items() >= CLINIC.items()
