"""0025 keeps the visit that goes on at each tablet in place of visits that ended: nothing else changes, both ways."""

from sqlalchemy import inspect

from tests.migrations.rows import CLINIC, only_row, put
from tests.migrations.test_0022 import ENDED

VISIT = {"tablet": b"\x07" * 32, "visit": b"\x08" * 32, "hour": 492_000}


def test_upgrade_forgets_what_ended_and_takes_a_visit_that_goes_on(bare_database, stand_at):
    put(bare_database, stand_at("0024"), clinics=CLINIC, ended_visits=ENDED)
    tables = stand_at("0025")
    assert "ended_visits" not in inspect(bare_database.engine).get_table_names()
    put(bare_database, tables, tablet_visits=VISIT)
    assert only_row(bare_database, tables, "tablet_visits") == VISIT
    assert only_row(bare_database, tables, "clinics")["name"] == CLINIC["name"]


def test_downgrade_forgets_the_visit_and_leaves_clinics(bare_database, stand_at):
    put(bare_database, stand_at("0025"), clinics=CLINIC, tablet_visits=VISIT)
    tables = stand_at("0024")
    assert "tablet_visits" not in inspect(bare_database.engine).get_table_names()
    put(bare_database, tables, ended_visits=ENDED)
    assert only_row(bare_database, tables, "clinics")["name"] == CLINIC["name"]
