"""0001 makes the first tables: a whole clinic goes in and comes out as it was; going down leaves nothing."""

from datetime import UTC, date, datetime

from sqlalchemy import inspect, select

from tests.migrations.schema import BOOKKEEPING

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PLACE = {"clinic_id": "clinic", "case_code": "K7Q2X-M", "session_number": 1, "seat": "A"}
CASE = {"clinic_id": "clinic", "case_code": "K7Q2X-M"}

ROWS = {
    "clinics": {
        "id": "clinic", "name": "Örtliche Praxis", "country": "DE", "timezone": "Europe/Berlin", "help_numbers": "[]",
        "contact": "Frau Ö.", "complaints": "", "phone": "", "alert_budget": 0.08, "comment_enabled": True,
        "totals_enabled": False, "code_days": 3, "retention_months": 12,
    },
    "instruments": {"id": "rapport-session", "version": 1, "language": "en", "content_hash": "ab", "content": "{}"},
    "pool_keys": {"id": "2026-03", "public_key": b"\x00\xff", "made_on": DAY},
    "tries": {"kind": "typed_code", "hash": b"\x01", "window": 29_000_000, "count": 3},
    "doors": {"kind": "token", "hash": b"\x02", "clinic_id": "clinic"},
    "teams": {"clinic_id": "clinic", "id": "team", "name": "Kinder & Jugend"},
    "staff": {
        "clinic_id": "clinic", "id": "staff", "email": "t@example.org", "display_name": "T. Ö.", "role": "therapist",
        "team_id": "team", "password_hash": None, "disabled_on": None,
    },
    "invitations": {"clinic_id": "clinic", "hash": b"\x03", "staff_id": "staff", "expires_at": NOON},
    "staff_sessions": {
        "clinic_id": "clinic", "hash": b"\x04", "staff_id": "staff", "signed_in_at": NOON, "seen_at": NOON,
    },
    "cases": {
        "clinic_id": "clinic", "code": "K7Q2X-M", "therapist_id": "staff", "opened_on": DAY, "closed_on": None,
        "seats": 2, "instrument_id": "rapport-session", "sealed_label": b"\x05",
    },
    "therapy_sessions": {**CASE, "number": 1, "held_on": DAY},
    "access_codes": {
        **PLACE, "id": "code", "kind": "for_session", "token_hash": b"\x06", "typed_hash": b"\x07",
        "sealed_token": b"\x08", "sealed_typed": b"\x09", "issued_on": DAY, "expires_on": DAY, "revoked_on": None,
    },
    "responses": {
        **PLACE, "instrument_id": "rapport-session", "instrument_version": 1, "language": "en", "steps": 11,
        "who_reads_version": 1, "score": 6.5, "sealed_comment": None, "nonce_hash": b"\x0a", "receipt_hash": b"\x0b",
    },
    "answers": {**PLACE, "item_id": "heard", "choice": "", "value": 6.5},
    "rating_sums": {"clinic_id": "clinic", "therapist_id": "staff", "held_on": DAY, "forms": 1, "total": 6.5},
    "detector_states": {
        **CASE, "seat": "A", "method": "switching", "version": "1", "last_session": 1, "last_place": 1,
        "state": b"\x0c", "prior": "{}",
    },
    "findings": {
        **PLACE, "method": "switching", "version": "1", "probability": 0.4, "flag": True, "level": "worth_asking",
        "forms": 1, "value": 6.5, "expected_low": None, "expected_high": None, "evidence": "[]",
    },
    "rupture_flags": {**PLACE, "id": "flag", "status": "talked", "held_on": DAY, "finding": "{}"},
    "flag_reviews": {
        "clinic_id": "clinic", "flag_id": "flag", "number": 1, "old_status": "new", "new_status": "talked",
        "by_staff": "staff", "on_day": DAY, "undoes": False,
    },
    "repairs": {"clinic_id": "clinic", "flag_id": "flag", "talked_on": DAY, "sealed_note": None},
    "pool": {"clinic_id": "clinic", "id": b"\x0d", "receipt_hash": b"\x0e", "key_id": "2026-03", "sealed": b"\x0f"},
    "audit": {
        "clinic_id": "clinic", "number": 1, "at": NOON, "actor": "staff", "action": "case.opened",
        "subject": "K7Q2X-M", "chain": b"\x10",
    },
}  # fmt: skip
"""One row for every table, parents first."""


def _aware(value):
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def _insert_everything(database, tables):
    with database.writing(None) as uow:
        for name, row in ROWS.items():
            uow.connection.execute(tables.tables[name].insert().values(row))


def test_upgrade_makes_tables_that_hold_a_whole_clinic(bare_database, stand_at):
    tables = stand_at("0001")
    assert set(tables.tables) - {BOOKKEEPING} == set(ROWS)
    _insert_everything(bare_database, tables)
    with bare_database.reading(None) as uow:
        for name, row in ROWS.items():
            found = uow.connection.execute(select(tables.tables[name])).mappings().one()
            assert {key: _aware(value) for key, value in found.items()} == row, name


def test_downgrade_leaves_nothing_behind(bare_database, stand_at):
    _insert_everything(bare_database, stand_at("0001"))
    stand_at("base")
    assert inspect(bare_database.engine).get_table_names() == [BOOKKEEPING]
    with bare_database.reading(None) as uow:
        assert uow.connection.exec_driver_sql("SELECT * FROM alembic_version").all() == []
