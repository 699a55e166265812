"""0005 adds the ledger: a published line goes in and comes out; going down takes the ledger and nothing else."""

from sqlalchemy import inspect, select

from tests.migrations.test_0002 import CLINIC

LINE = {"clinic_id": "clinic", "number": 1, "period": "2026-Q1", "content": '{"Ö":1}', "chain": "0f" * 32}


def _insert(database, tables, **rows):
    with database.writing(None) as uow:
        for name, row in rows.items():
            uow.connection.execute(tables.tables[name].insert().values(row))
        uow.commit()


def _only_row(database, tables, name):
    with database.reading(None) as uow:
        return dict(uow.connection.execute(select(tables.tables[name])).mappings().one())


def test_upgrade_keeps_the_clinic_and_takes_a_line(bare_database, stand_at):
    _insert(bare_database, stand_at("0004"), clinics=CLINIC)
    tables = stand_at("0005")
    _insert(bare_database, tables, ledger=LINE)
    assert _only_row(bare_database, tables, "ledger") == LINE
    assert _only_row(bare_database, tables, "clinics").items() >= CLINIC.items()


def test_downgrade_takes_the_ledger_and_nothing_else(bare_database, stand_at):
    _insert(bare_database, stand_at("0005"), clinics=CLINIC, ledger=LINE)
    tables = stand_at("0004")
    assert "ledger" not in inspect(bare_database.engine).get_table_names()
    assert _only_row(bare_database, tables, "clinics").items() >= CLINIC.items()
