"""0024 lets a restore be why an answer is gone; who took the others back stays as it is."""

import pytest
from sqlalchemy.exc import IntegrityError

from tests.migrations.rows import CASE, CLINIC, MEETING, STAFF, only_row, put

BEFORE = {"clinics": CLINIC, "staff": STAFF, "cases": CASE, "therapy_sessions": MEETING}
GONE = {"clinic_id": "clinic", "case_code": "K7Q2X-M", "session_number": 1, "seat": "A", "withdrawn_by": "therapist"}


def test_upgrade_keeps_what_was_withdrawn_and_takes_a_restore(bare_database, stand_at):
    put(bare_database, stand_at("0023"), **BEFORE, withdrawals=GONE)
    tables = stand_at("0024")
    assert only_row(bare_database, tables, "withdrawals") == GONE
    put(bare_database, tables, withdrawals=GONE | {"seat": "B", "withdrawn_by": "restore"})
    with pytest.raises(IntegrityError, match="withdrawn_by_known"):
        put(bare_database, tables, withdrawals=GONE | {"seat": "C", "withdrawn_by": "nobody"})


def test_downgrade_names_the_client_instead_of_the_restore(bare_database, stand_at):
    put(bare_database, stand_at("0024"), **BEFORE, withdrawals=GONE | {"withdrawn_by": "restore"})
    tables = stand_at("0023")
    assert only_row(bare_database, tables, "withdrawals") == GONE | {"withdrawn_by": "client"}
    with pytest.raises(IntegrityError, match="withdrawn_by_known"):
        put(bare_database, tables, withdrawals=GONE | {"seat": "B", "withdrawn_by": "restore"})
