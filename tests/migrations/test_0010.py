"""0010 marks the end of each clinic's audit log: the records stay as they are, both ways."""

from datetime import UTC, datetime

from sqlalchemy import inspect, select

from tests.migrations.rows import CLINIC, put

RECORD = {
    "clinic_id": "clinic", "number": 1, "at": datetime(2026, 3, 2, 12, tzinfo=UTC), "actor": "operator",
    "action": "clinic.installed", "subject": "clinic", "chain": b"\x01",
}  # fmt: skip
END = {"clinic_id": "clinic", "number": 1, "mark": b"\x02"}


def _chain(database, tables):
    with database.reading(None) as uow:
        return uow.connection.scalar(select(tables.tables["audit"].c.chain))


def test_upgrade_keeps_the_log_and_takes_a_mark(bare_database, stand_at):
    put(bare_database, stand_at("0009"), clinics=CLINIC, audit=RECORD)
    tables = stand_at("0010")
    put(bare_database, tables, audit_ends=END)
    assert _chain(bare_database, tables) == b"\x01"
    with bare_database.reading(None) as uow:
        assert dict(uow.connection.execute(select(tables.tables["audit_ends"])).mappings().one()) == END


def test_downgrade_takes_the_mark_and_leaves_the_log(bare_database, stand_at):
    tables = stand_at("0010")
    put(bare_database, tables, clinics=CLINIC, audit=RECORD, audit_ends=END)
    tables = stand_at("0009")
    assert "audit_ends" not in inspect(bare_database.engine).get_table_names()
    assert _chain(bare_database, tables) == b"\x01"
