"""0017 lets the keys of what is counted carry it: rows, keys and what points at them stay as they are, both ways."""

from datetime import date

import pytest
from sqlalchemy import delete, inspect, select
from sqlalchemy.exc import IntegrityError

from tests.migrations.rows import CASE, CLINIC, MEETING, STAFF, only_row, put

PLACE = {"clinic_id": "clinic", "case_code": "K7Q2X-M", "session_number": 1, "seat": "A"}
RESPONSE = PLACE | {
    "instrument_id": "rapport-session", "instrument_version": 1, "language": "en", "steps": 11,
    "who_reads_version": 1, "score": 7.5, "sealed_comment": None, "nonce_hash": b"n", "receipt_hash": b"r",
    "counted_for": None,
}  # fmt: skip
ANSWER = PLACE | {"item_id": "heard", "choice": "", "value": 7.5}
FLAG = PLACE | {"id": "f1", "status": "new", "held_on": date(2026, 1, 6), "finding": None}
BEFORE = {
    "clinics": CLINIC,
    "staff": STAFF,
    "cases": CASE,
    "therapy_sessions": MEETING,
    "responses": RESPONSE,
    "answers": ANSWER,
    "rupture_flags": FLAG,
}
CARRIED = {
    "cases": ["therapist_id", "closed_on"],
    "therapy_sessions": ["held_on"],
    "responses": ["instrument_id", "score"],
    "answers": ["value"],
}


def _carried(database):
    schema = inspect(database.engine)
    keys = {name: schema.get_pk_constraint(name) for name in CARRIED}
    assert {name: key["name"] for name, key in keys.items()} == {name: f"pk_{name}" for name in CARRIED}
    (of_flags,) = schema.get_unique_constraints("rupture_flags")
    every = keys | {"rupture_flags": of_flags}
    return {name: key.get("dialect_options", {}).get("postgresql_include") or [] for name, key in every.items()}


def _everything_stands(database, tables):
    for name, row in BEFORE.items():
        kept = only_row(database, tables, name)
        assert {column: kept[column] for column in row} == row
    for name in (*CARRIED, "rupture_flags"):
        with pytest.raises(IntegrityError):
            put(database, tables, **{name: BEFORE[name]})
    for name, row in (
        ("therapy_sessions", MEETING | {"case_code": "none"}),
        ("answers", ANSWER | {"session_number": 2}),
    ):
        with pytest.raises(IntegrityError):
            put(database, tables, **{name: row})
    with database.writing(None) as uow:
        uow.connection.execute(delete(tables.tables["therapy_sessions"]))
        for name in (*CARRIED.keys() - {"cases"}, "rupture_flags"):
            assert not uow.connection.execute(select(tables.tables[name])).all()


def test_upgrade_keeps_everything_and_lets_the_keys_carry_what_is_counted(bare_database, stand_at):
    put(bare_database, stand_at("0016"), **BEFORE)
    tables = stand_at("0017")
    assert bare_database.is_sqlite or _carried(bare_database) == CARRIED | {"rupture_flags": ["status"]}
    _everything_stands(bare_database, tables)


def test_downgrade_keeps_everything(bare_database, stand_at):
    put(bare_database, stand_at("0017"), **BEFORE)
    tables = stand_at("0016")
    assert not any(_carried(bare_database).values())
    _everything_stands(bare_database, tables)
