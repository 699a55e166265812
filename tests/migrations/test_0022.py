"""0022 adds visits that ended: nothing else changes, both ways."""

from sqlalchemy import inspect, select

from tests.migrations.rows import CLINIC, put

ENDED = {"hash": b"\x07" * 32, "hour": 494_000}


def _clinics(database, tables):
    with database.reading(None) as uow:
        return list(uow.connection.scalars(select(tables.tables["clinics"].c.name)))


def test_upgrade_keeps_clinics_and_takes_a_visit(bare_database, stand_at):
    put(bare_database, stand_at("0021"), clinics=CLINIC)
    tables = stand_at("0022")
    put(bare_database, tables, ended_visits=ENDED)
    assert _clinics(bare_database, tables) == [CLINIC["name"]]
    with bare_database.reading(None) as uow:
        assert dict(uow.connection.execute(select(tables.tables["ended_visits"])).mappings().one()) == ENDED


def test_downgrade_forgets_visits_and_leaves_clinics(bare_database, stand_at):
    put(bare_database, stand_at("0022"), clinics=CLINIC, ended_visits=ENDED)
    tables = stand_at("0021")
    assert "ended_visits" not in inspect(bare_database.engine).get_table_names()
    assert _clinics(bare_database, tables) == [CLINIC["name"]]
