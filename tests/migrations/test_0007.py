"""0007 adds the second step: accounts and sessions stay, and a session from before has shown no second step."""

from datetime import UTC, datetime

from sqlalchemy import inspect

from tests.migrations.rows import only_row, put

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
CLINIC = {
    "id": "clinic", "name": "Örtliche Praxis", "country": "DE", "timezone": "Europe/Berlin", "help_numbers": "[]",
    "contact": "Frau Ö.", "complaints": "", "phone": "", "alert_budget": 0.08, "comment_enabled": True,
    "totals_enabled": False, "code_days": 3, "retention_months": 12,
}  # fmt: skip
MIKA = {
    "clinic_id": "clinic", "id": "mika", "email": "mika@example.org", "display_name": "Mika", "role": "therapist",
    "password_hash": "hash",
}  # fmt: skip
SESSION = {"clinic_id": "clinic", "hash": b"\x01", "staff_id": "mika", "signed_in_at": AT, "seen_at": AT}
SEED = {"clinic_id": "clinic", "staff_id": "mika", "sealed_seed": b"\x02", "last_step": 59_000_000}
RECOVERY = {"clinic_id": "clinic", "staff_id": "mika", "hash": b"\x03"}


def test_upgrade_keeps_sessions_without_a_second_step_and_takes_seeds_and_codes(bare_database, stand_at):
    put(bare_database, stand_at("0006"), clinics=CLINIC, staff=MIKA, staff_sessions=SESSION)
    tables = stand_at("0007")
    kept = only_row(bare_database, tables, "staff_sessions")
    assert (kept["hash"], kept["confirmed_at"]) == (b"\x01", None)
    put(bare_database, tables, totp_seeds=SEED, recovery_codes=RECOVERY)
    assert only_row(bare_database, tables, "totp_seeds") == SEED
    assert only_row(bare_database, tables, "recovery_codes") == RECOVERY


def test_downgrade_takes_the_second_step_and_leaves_accounts_and_sessions(bare_database, stand_at):
    tables = stand_at("0007")
    session = SESSION | {"confirmed_at": AT}
    put(bare_database, tables, clinics=CLINIC, staff=MIKA, staff_sessions=session, totp_seeds=SEED)
    tables = stand_at("0006")
    assert "totp_seeds" not in inspect(bare_database.engine).get_table_names()
    assert "confirmed_at" not in only_row(bare_database, tables, "staff_sessions")
    assert only_row(bare_database, tables, "staff")["email"] == "mika@example.org"
