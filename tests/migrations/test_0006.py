"""0006 adds the questionnaires of a clinic: what was there stays, what is new goes with its table."""

from datetime import date

from sqlalchemy import inspect, select

CLINIC = {
    "id": "clinic", "name": "Örtliche Praxis", "country": "DE", "timezone": "Europe/Berlin", "help_numbers": "[]",
    "contact": "Frau Ö.", "complaints": "", "phone": "", "alert_budget": 0.08, "comment_enabled": True,
    "totals_enabled": False, "code_days": 3, "retention_months": 12,
}  # fmt: skip
SHIPPED = {"id": "rapport-session", "version": 1, "language": "en", "content_hash": "ab", "content": "{}"}
OWN = {
    "clinic_id": "clinic", "id": "ours", "version": 2, "language": "de", "content": '{"title": "Wie war’s?"}',
    "content_hash": "cd", "added_on": date(2026, 3, 2), "retired_on": None,
}  # fmt: skip


def _insert(database, tables, **rows):
    with database.writing(None) as uow:
        for name, row in rows.items():
            uow.connection.execute(tables.tables[name].insert().values(row))
        uow.commit()


def _only_row(database, tables, name):
    with database.reading(None) as uow:
        return dict(uow.connection.execute(select(tables.tables[name])).mappings().one())


def test_upgrade_keeps_what_ships_and_takes_what_a_clinic_brings(bare_database, stand_at):
    _insert(bare_database, stand_at("0005"), clinics=CLINIC, instruments=SHIPPED)
    tables = stand_at("0006")
    _insert(bare_database, tables, clinic_instruments=OWN)
    assert _only_row(bare_database, tables, "instruments") == SHIPPED
    assert _only_row(bare_database, tables, "clinic_instruments") == OWN


def test_downgrade_takes_them_and_nothing_else(bare_database, stand_at):
    tables = stand_at("0006")
    _insert(bare_database, tables, clinics=CLINIC, instruments=SHIPPED, clinic_instruments=OWN)
    tables = stand_at("0005")
    assert "clinic_instruments" not in inspect(bare_database.engine).get_table_names()
    assert _only_row(bare_database, tables, "instruments") == SHIPPED
    assert _only_row(bare_database, tables, "clinics").items() >= CLINIC.items()
