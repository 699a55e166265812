"""0011 adds passkeys: accounts stay as they are, both ways."""

from datetime import date

from sqlalchemy import inspect, select

from tests.migrations.rows import CLINIC, put

MIKA = {
    "clinic_id": "clinic", "id": "mika", "email": "mika@example.org", "display_name": "Mika", "role": "therapist",
    "password_hash": "hash",
}  # fmt: skip
PASSKEY = {
    "clinic_id": "clinic", "id": "4Z9", "staff_id": "mika", "name": "Téléphone", "credential": b"\x01",
    "public_key": b"\x02", "uses": 3, "added_on": date(2026, 3, 2),
}  # fmt: skip


def _emails(database, tables):
    with database.reading(None) as uow:
        return list(uow.connection.scalars(select(tables.tables["staff"].c.email)))


def test_upgrade_keeps_accounts_and_takes_a_passkey(bare_database, stand_at):
    put(bare_database, stand_at("0010"), clinics=CLINIC, staff=MIKA)
    tables = stand_at("0011")
    put(bare_database, tables, passkeys=PASSKEY)
    assert _emails(bare_database, tables) == ["mika@example.org"]
    with bare_database.reading(None) as uow:
        assert dict(uow.connection.execute(select(tables.tables["passkeys"])).mappings().one()) == PASSKEY


def test_downgrade_takes_passkeys_and_leaves_accounts(bare_database, stand_at):
    tables = stand_at("0011")
    put(bare_database, tables, clinics=CLINIC, staff=MIKA, passkeys=PASSKEY)
    tables = stand_at("0010")
    assert "passkeys" not in inspect(bare_database.engine).get_table_names()
    assert _emails(bare_database, tables) == ["mika@example.org"]
