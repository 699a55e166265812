"""0021 keeps which answers were changed and which receipts were used up; what was shared stays as it is, both ways."""

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
BEFORE = {"clinics": CLINIC, "staff": STAFF, "cases": CASE, "therapy_sessions": MEETING, "responses": RESPONSE}
TAKEN_BACK = {"clinic_id": "clinic", "receipt_hash": b"gone", "month": "2026-01"}


def test_upgrade_keeps_the_answers_and_takes_the_marks_which_go_with_them(bare_database, stand_at):
    put(bare_database, stand_at("0020"), **BEFORE)
    tables = stand_at("0021")
    assert only_row(bare_database, tables, "responses") == RESPONSE
    put(bare_database, tables, changed_answers=PLACE, taken_back=TAKEN_BACK)
    assert only_row(bare_database, tables, "changed_answers") == PLACE
    assert only_row(bare_database, tables, "taken_back") == TAKEN_BACK
    for wrong in (PLACE, PLACE | {"session_number": 2}, PLACE | {"seat": "Z"}):
        with pytest.raises(IntegrityError):
            put(bare_database, tables, changed_answers=wrong)
    with bare_database.writing(None) as uow:
        uow.connection.execute(delete(tables.tables["responses"]))
        assert not uow.connection.execute(select(tables.tables["changed_answers"])).all()


def test_downgrade_forgets_the_marks_and_nothing_else(bare_database, stand_at):
    put(bare_database, stand_at("0021"), **BEFORE, changed_answers=PLACE, taken_back=TAKEN_BACK)
    tables = stand_at("0020")
    assert not {"changed_answers", "taken_back"} & set(inspect(bare_database.engine).get_table_names())
    assert only_row(bare_database, tables, "responses") == RESPONSE
