"""0003 remembers withdrawals and counts wrong case codes; what was counted before stays."""

from datetime import date

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError

from tests.migrations.rows import CLINIC

COUNTED = {"kind": "receipt", "hash": b"\x01", "window": 29_000_000, "count": 3}
CASE_CODES = {"kind": "case_code", "hash": b"\x02", "window": 29_000_000, "count": 1}
PLACE = {"clinic_id": "clinic", "case_code": "K7Q2X-M", "session_number": 1, "seat": "A"}
AROUND = {
    "clinics": CLINIC,
    "staff": {
        "clinic_id": "clinic", "id": "staff", "email": "t@example.org", "display_name": "T. Ö.", "role": "therapist",
    },
    "cases": {
        "clinic_id": "clinic", "code": "K7Q2X-M", "therapist_id": "staff", "opened_on": date(2026, 3, 2), "seats": 1,
        "instrument_id": "rapport-session",
    },
    "therapy_sessions": {
        "clinic_id": "clinic", "case_code": "K7Q2X-M", "number": 1, "held_on": date(2026, 3, 2),
    },
}  # fmt: skip


def _insert(database, tables, rows):
    with database.writing(None) as uow:
        for name, row in rows.items():
            uow.connection.execute(tables.tables[name].insert().values(row))


def _rows(database, tables, name):
    with database.reading(None) as uow:
        return [dict(row) for row in uow.connection.execute(select(tables.tables[name])).mappings()]


def test_upgrade_keeps_the_tries_and_takes_the_new_kind_and_a_withdrawal(bare_database, stand_at):
    _insert(bare_database, stand_at("0002"), AROUND | {"tries": COUNTED})
    tables = stand_at("0003")
    _insert(bare_database, tables, {"withdrawals": PLACE | {"withdrawn_by": "client"}})
    _insert(bare_database, tables, {"tries": CASE_CODES, "erasures": {"clinic_id": "clinic", "id": "4Z9"}})
    assert sorted(row["kind"] for row in _rows(bare_database, tables, "tries")) == ["case_code", "receipt"]
    assert COUNTED in _rows(bare_database, tables, "tries")
    with pytest.raises(IntegrityError, match="kind_known"):
        _insert(bare_database, tables, {"tries": CASE_CODES | {"kind": "guess"}})


def test_downgrade_forgets_the_new_kind_and_the_withdrawals_and_nothing_else(bare_database, stand_at):
    tables = stand_at("0003")
    _insert(bare_database, tables, AROUND | {"withdrawals": PLACE | {"withdrawn_by": "therapist"}})
    _insert(bare_database, tables, {"tries": CASE_CODES})
    _insert(bare_database, tables, {"tries": COUNTED})
    tables = stand_at("0002")
    assert not {"withdrawals", "erasures"} & set(inspect(bare_database.engine).get_table_names())
    assert _rows(bare_database, tables, "tries") == [COUNTED]
    assert len(_rows(bare_database, tables, "therapy_sessions")) == 1
