"""R8: the database changes shape with rows in it, up, down and up again, and is killed while it does."""

from datetime import date
from itertools import count, islice

import pytest
from sqlalchemy import MetaData, insert, select

from feedback import paths
from feedback.domain.copying import TableSum
from feedback.persistence.upkeep import migrate
from tests.migrations.rows import CLINIC
from tests.migrations.schema import read_schema
from tests.support.builders import SIX
from tests.support.migrating import killed_before
from tests.support.soak import scaled

FIRST, *_, NEWEST = migrate.revisions(paths.migrations())[1:]
SIZES = (0, 3_000, *scaled((), (300_000,)))
"""Answers in the database."""
STEP = scaled(25, 2)
"""So many statements of the way up lie between two kills."""
SIGKILLED = -9
DAY = date(2026, 3, 2)


def tables_of(database):
    found = MetaData()
    found.reflect(database.engine)
    return found.tables


def fill(database, size):
    """Put a clinic of so many answers into the first shape: six to a response, a response to a case."""
    tables = tables_of(database)
    how_many = size // len(SIX)
    codes = [f"case{number}" for number in range(how_many)]
    place = [{"clinic_id": "clinic", "case_code": code, "session_number": 1, "seat": "A"} for code in codes]
    rows = {
        "clinics": [CLINIC],
        "staff": [
            {"clinic_id": "clinic", "id": "t", "email": "t@example.org", "display_name": "T. Ö.", "role": "therapist"}
        ],
        "cases": [
            {"clinic_id": "clinic", "code": code, "therapist_id": "t", "opened_on": DAY, "seats": 1}
            | {"instrument_id": "rapport-session"}
            for code in codes
        ],
        "therapy_sessions": [{"clinic_id": "clinic", "case_code": code, "number": 1, "held_on": DAY} for code in codes],
        "responses": [each | _response(tables["responses"], number) for number, each in enumerate(place)],
        "answers": [
            each | {"item_id": item, "choice": "", "value": float(number % 11)}
            for number, each in enumerate(place)
            for item in SIX
        ],
    }
    with database.writing(None) as uow:
        for name, several in rows.items():
            left = iter(several)
            while batch := list(islice(left, 5_000)):
                uow.connection.execute(insert(tables[name]), batch)


def _response(table, number):
    """What else a response must have in the first shape."""
    given = {
        "instrument_id": "rapport-session", "instrument_version": 1, "language": "en", "steps": 11, "score": 7.0,
        "who_reads_version": 1, "counted_for": "t",
    }  # fmt: skip
    hashes = {name: number.to_bytes(4, "big") for name in ("nonce_hash", "receipt_hash")}
    return {name: value for name, value in (given | hashes).items() if name in table.c}


def sums(database, columns):
    """Sum up what the first shape knew, wherever the database stands now."""
    tables = tables_of(database)
    with database.engine.connect() as connection:
        return {
            name: TableSum.of(name, map(tuple, connection.execute(select(*(tables[name].c[one] for one in names)))))
            for name, names in columns.items()
        }


@pytest.fixture
def first(bare_database):
    """A database in the first shape there ever was."""
    migrate.upgrade(bare_database, paths.migrations(), FIRST)
    return bare_database


def columns_of(database):
    return {
        name: [column.name for column in table.c]
        for name, table in tables_of(database).items()
        if name in {"clinics", "staff", "cases", "therapy_sessions", "responses", "answers"}
    }


@pytest.mark.fault("R8")
@pytest.mark.parametrize("size", SIZES)
def test_all_the_way_up_down_and_up_the_rows_are_the_same(first, size, engine_name, measured):
    fill(first, size)
    columns = columns_of(first)
    before, shape = sums(first, columns), read_schema(first)
    assert before["answers"].rows == size
    for _ in range(2):
        migrate.upgrade(first, paths.migrations())
        assert migrate.is_current(first, paths.migrations())
        assert sums(first, columns) == before
        migrate.downgrade(first, paths.migrations(), FIRST)
        assert (sums(first, columns), read_schema(first)) == (before, shape)
    measured("R8", f"{engine_name}: {size:,} answers, from {FIRST} to {NEWEST} and back, twice: rows the same")


@pytest.mark.fault("R8")
def test_an_upgrade_that_is_killed_changed_all_or_nothing_and_can_be_run_again(first, engine_name, database, measured):
    fill(first, 600)
    columns = columns_of(first)
    before, shape = sums(first, columns), read_schema(first)
    kills = 0
    for statement in count(STEP, STEP):
        first.close()
        code = killed_before(first, "head", statement)
        if code != SIGKILLED:
            break
        kills += 1
        assert sums(first, columns) == before
        at = migrate.current(first)
        assert at == NEWEST or (at, read_schema(first)) == (FIRST, shape)
    assert (code, kills > 0) == (0, True)
    assert sums(first, columns) == before
    assert read_schema(first) == read_schema(database)
    measured(
        "R8", f"{engine_name}: killed at {kills} statements of the upgrade: all or nothing each time, rows the same"
    )
