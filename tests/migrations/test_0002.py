"""0002 adds the anonymous rows: what was there stays, what is new goes with its table."""

from sqlalchemy import inspect, select

ANONYMOUS = {
    "clinic_id": "clinic", "id": "4Z9", "month": "2026-03", "instrument_id": "rapport-session", "instrument_version": 1,
    "ratings": {"heard": 6.5, "safe": None}, "direct": "no", "receipt_hash": b"\x11", "withdrawn": False,
}  # fmt: skip
CLINIC = {
    "id": "clinic", "name": "Örtliche Praxis", "country": "DE", "timezone": "Europe/Berlin", "help_numbers": "[]",
    "contact": "Frau Ö.", "complaints": "", "phone": "", "alert_budget": 0.08, "comment_enabled": True,
    "totals_enabled": False, "code_days": 3, "retention_months": 12,
}  # fmt: skip
WAITING = {"clinic_id": "clinic", "id": b"\x0d", "receipt_hash": b"\x0e", "key_id": "2026-03", "sealed": b"\x0f"}


def _insert(database, tables, **rows):
    with database.writing(None) as uow:
        for name, row in rows.items():
            uow.connection.execute(tables.tables[name].insert().values(row))
        uow.commit()


def _only_row(database, tables, name):
    with database.reading(None) as uow:
        return dict(uow.connection.execute(select(tables.tables[name])).mappings().one())


def test_upgrade_keeps_what_waits_and_takes_what_is_filed(bare_database, stand_at):
    _insert(bare_database, stand_at("0001"), clinics=CLINIC, pool=WAITING)
    tables = stand_at("0002")
    _insert(bare_database, tables, anonymous_responses=ANONYMOUS)
    assert _only_row(bare_database, tables, "pool") == WAITING
    assert _only_row(bare_database, tables, "anonymous_responses") == ANONYMOUS


def test_downgrade_takes_the_filed_answers_and_nothing_else(bare_database, stand_at):
    tables = stand_at("0002")
    _insert(bare_database, tables, clinics=CLINIC, pool=WAITING, anonymous_responses=ANONYMOUS)
    tables = stand_at("0001")
    assert "anonymous_responses" not in inspect(bare_database.engine).get_table_names()
    assert _only_row(bare_database, tables, "pool") == WAITING
    assert _only_row(bare_database, tables, "clinics") == CLINIC
