"""Rows for the testers of migrations: put in under one shape of the database, read back under another."""

from datetime import date
from typing import Any

from sqlalchemy import MetaData, inspect, select

from feedback.persistence.database import Database

CLINIC = {
    "id": "clinic", "name": "Örtliche Praxis", "country": "DE", "timezone": "Europe/Berlin", "help_numbers": "[]",
    "contact": "Frau Ö.", "complaints": "", "phone": "", "alert_budget": 0.08, "comment_enabled": True,
    "totals_enabled": False, "code_days": 3, "retention_months": 12,
}  # fmt: skip
STAFF = {
    "clinic_id": "clinic", "id": "dana", "email": "dana@example.org", "display_name": "Dana", "role": "therapist",
    "password_hash": "hash",
}  # fmt: skip
CASE = {
    "clinic_id": "clinic", "code": "K7Q2X-M", "therapist_id": "dana", "opened_on": date(2026, 1, 5), "seats": 1,
    "instrument_id": "rapport-session",
}  # fmt: skip
MEETING = {"clinic_id": "clinic", "case_code": "K7Q2X-M", "number": 1, "held_on": date(2026, 1, 6)}
"""As they are from revision 0012 on."""


def put(database: Database, tables: MetaData, **rows: Any) -> None:
    """Store one row, or a list of rows, in each table that is named, parents first."""
    with database.writing(None) as uow:
        for name, row in rows.items():
            uow.connection.execute(tables.tables[name].insert().values(row))


def only_row(database: Database, tables: MetaData, name: str) -> dict[str, Any]:
    """Give the one row of a table. Raises when there are none or several."""
    with database.reading(None) as uow:
        return dict(uow.connection.execute(select(tables.tables[name])).mappings().one())


def indexed(database: Database, name: str) -> list[list[str | None]]:
    """Give what each index of a table is over."""
    return [each["column_names"] for each in inspect(database.engine).get_indexes(name)]
