"""0009 adds what the desk keeps: answers learn whose sums they are in, and what was shared before is nothing new."""

from datetime import date

from sqlalchemy import inspect

from tests.migrations.rows import only_row, put

CLINIC = {
    "id": "clinic", "name": "Örtliche Praxis", "country": "DE", "timezone": "Europe/Berlin", "help_numbers": "[]",
    "contact": "Frau Ö.", "complaints": "", "phone": "", "alert_budget": 0.08, "comment_enabled": True,
    "totals_enabled": False, "code_days": 3, "retention_months": 12,
}  # fmt: skip
STAFF = {
    "clinic_id": "clinic", "id": "dana", "email": "dana@example.org", "display_name": "Dana", "role": "therapist",
    "team_id": None, "password_hash": "hash", "disabled_on": None,
}  # fmt: skip
CASE = {
    "clinic_id": "clinic", "code": "K7Q2X-M", "therapist_id": "dana", "opened_on": date(2026, 1, 5),
    "closed_on": None, "seats": 1, "instrument_id": "rapport-session", "sealed_label": None,
}  # fmt: skip
MEETING = {"clinic_id": "clinic", "case_code": "K7Q2X-M", "number": 1, "held_on": date(2026, 1, 6)}
PLACE = {"clinic_id": "clinic", "case_code": "K7Q2X-M", "session_number": 1, "seat": "A"}
RESPONSE = PLACE | {
    "instrument_id": "rapport-session", "instrument_version": 1, "language": "de", "steps": 11, "who_reads_version": 1,
    "score": 7.5, "sealed_comment": None, "nonce_hash": b"\x01", "receipt_hash": b"\x02",
}  # fmt: skip
BEFORE = {"clinics": CLINIC, "staff": STAFF, "cases": CASE, "therapy_sessions": MEETING, "responses": RESPONSE}
NEW = {"case_staff", "weekly_days", "guesses", "looks", "notice_choices"}


def test_upgrade_counts_old_answers_for_their_therapist_and_takes_them_as_looked_at(bare_database, stand_at):
    put(bare_database, stand_at("0008"), **BEFORE)
    tables = stand_at("0009")
    assert only_row(bare_database, tables, "responses") == RESPONSE | {"counted_for": "dana"}
    assert only_row(bare_database, tables, "looks") == PLACE | {"staff_id": "dana", "opened": True}


def test_upgrade_takes_what_the_desk_keeps(bare_database, stand_at):
    put(bare_database, stand_at("0008"), **BEFORE)
    rows = {
        "case_staff": {"clinic_id": "clinic", "case_code": "K7Q2X-M", "staff_id": "dana", "part": "supervisor",
                       "since": date(2026, 1, 7), "until": date(2026, 2, 7)},
        "weekly_days": {"clinic_id": "clinic", "case_code": "K7Q2X-M", "weekday": 1, "since": date(2026, 1, 7)},
        "guesses": PLACE | {"staff_id": "dana", "value": 6.0},
        "notice_choices": {"clinic_id": "clinic", "staff_id": "dana", "pace": "daily", "last_sent_on": None},
    }  # fmt: skip
    tables = stand_at("0009")
    put(bare_database, tables, **rows)
    assert {name: only_row(bare_database, tables, name) for name in rows} == rows


def test_downgrade_keeps_the_answers_and_drops_the_rest(bare_database, stand_at):
    put(bare_database, stand_at("0008"), **BEFORE)
    stand_at("0009")
    tables = stand_at("0008")
    assert not NEW & set(inspect(bare_database.engine).get_table_names())
    kept = {name: only_row(bare_database, tables, name) for name in BEFORE}
    assert {name: {column: kept[name][column] for column in row} for name, row in BEFORE.items()} == BEFORE
    assert "counted_for" not in kept["responses"]
