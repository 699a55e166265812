"""0020 drops sums over other people's answers: states stay, and the sums come back from the answers there are."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.migrations.rows import CASE, CLINIC, MEETING, STAFF, only_row, put

PLACE = {"clinic_id": "clinic", "case_code": "K7Q2X-M", "session_number": 1, "seat": "A"}
RESPONSE = PLACE | {
    "instrument_id": "rapport-session", "instrument_version": 1, "language": "en", "steps": 11,
    "who_reads_version": 1, "score": 7.5, "sealed_comment": None, "nonce_hash": b"n", "receipt_hash": b"r",
    "counted_for": "iris",
}  # fmt: skip
RESPONSES = [
    RESPONSE,
    RESPONSE | {"session_number": 2, "receipt_hash": b"s", "counted_for": None, "score": 4.0},
    RESPONSE | {"session_number": 3, "receipt_hash": b"t", "score": None},
]
MEETINGS = [MEETING, MEETING | {"number": 2}, MEETING | {"number": 3}]
STATE = {
    "clinic_id": "clinic", "case_code": "K7Q2X-M", "seat": "A", "method": "switching", "version": "3",
    "last_session": 3, "last_place": 3, "state": b"what it remembers",
}  # fmt: skip
BEFORE = {"clinics": CLINIC, "staff": STAFF, "cases": CASE, "therapy_sessions": MEETINGS, "responses": RESPONSES}
SUM = {"clinic_id": "clinic", "therapist_id": "dana", "held_on": date(2026, 1, 6), "forms": 3, "total": 20.0}


def test_upgrade_keeps_states_and_answers_and_leaves_no_sum(bare_database, stand_at):
    put(bare_database, stand_at("0019"), **BEFORE, rating_sums=SUM, detector_states=STATE | {"prior": "{}"})
    tables = stand_at("0020")
    assert "rating_sums" not in tables.tables
    assert only_row(bare_database, tables, "detector_states") == STATE
    with bare_database.reading(None) as uow:
        assert len(uow.connection.execute(select(tables.tables["responses"])).all()) == len(RESPONSES)


def test_downgrade_counts_the_sums_anew_and_lets_a_state_begin_with_nothing(bare_database, stand_at):
    put(bare_database, stand_at("0020"), **BEFORE, detector_states=STATE)
    tables = stand_at("0019")
    kept = only_row(bare_database, tables, "detector_states")
    assert kept.pop("prior").startswith('{"clinic_forms": 0')
    assert kept == STATE
    with bare_database.reading(None) as uow:
        rows = uow.connection.execute(select(tables.tables["rating_sums"]).order_by("therapist_id")).all()
    assert [tuple(row)[1:] for row in rows] == [
        ("dana", date(2026, 1, 6), 1, pytest.approx(4.0)),
        ("iris", date(2026, 1, 6), 1, pytest.approx(7.5)),
    ]
