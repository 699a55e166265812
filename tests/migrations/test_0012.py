"""0012 links accounts with a sign-in elsewhere: accounts and every door stay as they are, both ways."""

from datetime import date

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError

from tests.migrations.rows import CLINIC, put

MIKA = {
    "clinic_id": "clinic", "id": "mika", "email": "mika@example.org", "display_name": "Mika", "role": "therapist",
    "password_hash": "hash",
}  # fmt: skip
LINK = {
    "clinic_id": "clinic", "staff_id": "mika", "hash": b"\x01", "since": date(2026, 3, 2), "keeps_password": False,
}  # fmt: skip
CODE = {"clinic_id": "clinic", "kind": "token", "hash": b"\x02"}
DOOR = {"clinic_id": "clinic", "kind": "identity", "hash": b"\x01"}


def _rows(database, tables, name):
    with database.reading(None) as uow:
        return [dict(row) for row in uow.connection.execute(select(tables.tables[name])).mappings()]


def test_upgrade_keeps_accounts_and_doors_and_takes_a_link(bare_database, stand_at):
    put(bare_database, stand_at("0011"), clinics=CLINIC, staff=MIKA, doors=CODE)
    tables = stand_at("0012")
    put(bare_database, tables, identities=LINK, doors=DOOR)
    assert _rows(bare_database, tables, "identities") == [LINK]
    assert [row["email"] for row in _rows(bare_database, tables, "staff")] == ["mika@example.org"]
    assert sorted(row["kind"] for row in _rows(bare_database, tables, "doors")) == ["identity", "token"]
    with pytest.raises(IntegrityError, match="kind_known"):
        put(bare_database, tables, doors=DOOR | {"kind": "side"})


def test_downgrade_takes_links_with_their_doors_and_leaves_the_rest(bare_database, stand_at):
    put(bare_database, stand_at("0012"), clinics=CLINIC, staff=MIKA, identities=LINK, doors=[CODE, DOOR])
    tables = stand_at("0011")
    assert "identities" not in inspect(bare_database.engine).get_table_names()
    assert _rows(bare_database, tables, "doors") == [CODE]
    assert [row["email"] for row in _rows(bare_database, tables, "staff")] == ["mika@example.org"]
    with pytest.raises(IntegrityError, match="kind_known"):
        put(bare_database, tables, doors=DOOR)


def test_a_link_goes_with_its_account(bare_database, stand_at):
    tables = stand_at("0012")
    put(bare_database, tables, clinics=CLINIC, staff=MIKA, identities=LINK)
    with bare_database.writing(None) as uow:
        uow.connection.execute(tables.tables["staff"].delete())
    assert _rows(bare_database, tables, "identities") == []
