"""0005 adds the ledger: a published line goes in and comes out; going down takes the ledger and nothing else."""

from sqlalchemy import inspect

from tests.migrations.rows import CLINIC, only_row, put

LINE = {"clinic_id": "clinic", "number": 1, "period": "2026-Q1", "content": '{"Ö":1}', "chain": "0f" * 32}


def test_upgrade_keeps_the_clinic_and_takes_a_line(bare_database, stand_at):
    put(bare_database, stand_at("0004"), clinics=CLINIC)
    tables = stand_at("0005")
    put(bare_database, tables, ledger=LINE)
    assert only_row(bare_database, tables, "ledger") == LINE
    assert only_row(bare_database, tables, "clinics").items() >= CLINIC.items()


def test_downgrade_takes_the_ledger_and_nothing_else(bare_database, stand_at):
    put(bare_database, stand_at("0005"), clinics=CLINIC, ledger=LINE)
    tables = stand_at("0004")
    assert "ledger" not in inspect(bare_database.engine).get_table_names()
    assert only_row(bare_database, tables, "clinics").items() >= CLINIC.items()
