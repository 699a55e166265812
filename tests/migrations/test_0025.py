"""0025 keeps the visit that goes on at each tablet in place of visits that ended: nothing else changes, both ways."""

from datetime import UTC, datetime

from sqlalchemy import inspect

from tests.migrations.rows import CLINIC, only_row, put
from tests.migrations.test_0022 import ENDED

BEGAN = datetime(2026, 3, 2, 9, 30, 5, 123_456, tzinfo=UTC)
VISIT = {"tablet": b"\x07" * 32, "visit": b"\x08" * 32}


def _began(database):
    return BEGAN.replace(tzinfo=None) if database.is_sqlite else BEGAN


def test_upgrade_forgets_what_ended_and_takes_a_visit_that_goes_on(bare_database, stand_at):
    put(bare_database, stand_at("0024"), clinics=CLINIC, ended_visits=ENDED)
    tables = stand_at("0025")
    assert "ended_visits" not in inspect(bare_database.engine).get_table_names()
    put(bare_database, tables, tablet_visits=VISIT | {"began_at": _began(bare_database)})
    assert only_row(bare_database, tables, "tablet_visits") == VISIT | {"began_at": _began(bare_database)}
    assert only_row(bare_database, tables, "clinics")["name"] == CLINIC["name"]


def test_downgrade_forgets_the_visit_and_leaves_clinics(bare_database, stand_at):
    put(bare_database, stand_at("0025"), clinics=CLINIC, tablet_visits=VISIT | {"began_at": _began(bare_database)})
    tables = stand_at("0024")
    assert "tablet_visits" not in inspect(bare_database.engine).get_table_names()
    put(bare_database, tables, ended_visits=ENDED)
    assert only_row(bare_database, tables, "clinics")["name"] == CLINIC["name"]
