"""SQLite knows how a clinic's rows lie: what belongs to a case is found by the case, not by reading the clinic."""

import re

import pytest
from sqlalchemy import inspect, select

from feedback import paths
from feedback.persistence import tables  # noqa: F401  fills the metadata
from feedback.persistence.base import metadata
from feedback.persistence.dashboard.flag_queries import OPEN_FLAGS
from feedback.persistence.upkeep import migrate
from feedback.persistence.upkeep.sqlite_statistics import ROWS

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

OF_A_CASE = sorted(name for name, table in metadata.tables.items() if "case_code" in table.c)
THROUGH_ALL = re.compile(r"^SCAN|\(clinic_id=\?\)$")
"""A plan that goes through a whole table, or through all that a clinic has of it."""


def plan(database, name, column):
    """Say how SQLite finds a clinic's rows of a table by a column."""
    table = metadata.tables[name]
    asked = select(table).where(table.c.clinic_id == "c", table.c[column] == "k")
    statement = asked.compile(dialect=database.engine.dialect)
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", ("c", "k"))
        return [row.detail for row in rows]


def facts(database):
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT tbl, idx, stat FROM sqlite_stat1").all()
    return {(row.tbl, row.idx): [int(number) for number in row.stat.split()] for row in rows}


@pytest.mark.parametrize("name", OF_A_CASE)
def test_what_belongs_to_a_case_is_found_by_the_case(database, name):
    found = plan(database, name, "case_code")
    assert not [line for line in found if THROUGH_ALL.search(line)], found


def test_open_flags_are_found_among_the_open_ones_of_their_case(database):
    made = OPEN_FLAGS.compile(dialect=database.engine.dialect)
    given = made.construct_params({"clinic": "c", "therapist": "t"})
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {made}", tuple(given[name] for name in made.positiontup)
        ).all()
    found = [row.detail for row in rows if " rupture_flags " in row.detail]
    by_case = "USING INDEX ix_rupture_flags_clinic_id_case_code (clinic_id=? AND case_code=?)"
    assert len(found) == 2, "own cases, and those of colleagues"
    assert all(line.endswith(by_case) for line in found), found


@pytest.mark.parametrize(
    ("table", "column"), [("cases", "therapist_id"), ("case_staff", "staff_id"), ("therapist_predictions", "staff_id")]
)
def test_what_belongs_to_somebody_is_found_by_them(database, table, column):
    found = plan(database, table, column)
    assert not [line for line in found if THROUGH_ALL.search(line)], found


def test_every_index_of_these_tables_has_its_facts_and_no_two_rows_share_a_whole_key(database):
    told, schema = facts(database), inspect(database.engine)
    for name, rows in ROWS.items():
        unique = {each["name"] for each in schema.get_indexes(name) if each["unique"]}
        mine = {index: stat for (table, index), stat in told.items() if table == name}
        uniques = len(schema.get_unique_constraints(name)) + len(unique) + 1
        assert len(mine) == uniques + len([each for each in schema.get_indexes(name) if not each["unique"]])
        assert sum(stat[-1] == 1 for stat in mine.values()) >= uniques
        of_some = {each["name"] for each in schema.get_indexes(name) if each["dialect_options"]}
        assert {index for index, stat in mine.items() if stat[0] < rows} == of_some
        assert all(stat[0] <= rows and stat[1:] == sorted(stat[1:], reverse=True) for stat in mine.values())


def test_they_tell_nothing_of_any_row(database, world):
    before = facts(database)
    world.meets(world.opens_a_case())
    migrate.upgrade(database, paths.migrations())
    assert facts(database) == before


def test_going_back_and_up_again_keeps_them(database):
    before = facts(database)
    migrate.downgrade(database, paths.migrations(), "0012")
    migrate.upgrade(database, paths.migrations())
    assert facts(database) == before


def test_an_upgrade_of_a_database_that_is_current_brings_them(database):
    before = facts(database)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    migrate.complete(database)
    assert facts(database) == before
