"""What SQLite's planner is told of how a clinic's rows lie, at the end of every upgrade.

By itself it takes ten rows for all that share the first column of an index. Our keys all begin with the clinic, so it
read every flag of the clinic to find those of one case: opening a form took the longer, the larger the clinic was.
SQLite offers a table for such facts (`sqlite_stat1`), and for this very use: the same facts in every installation make
the same plans in each, tested here. They are of a large clinic, made up from its shape, and of nobody's rows.

PostgreSQL counts for itself.
"""

from collections.abc import Iterator, Sequence
from math import prod

from sqlalchemy import Connection

from feedback.persistence.database import Database

ROWS = {
    "access_codes": 1_000_000,
    "answers": 8_000_000,
    "audit_log": 1_000_000,
    "case_staff": 2_000,
    "cases": 20_000,
    "detector_states": 20_000,
    "findings": 1_000_000,
    "flag_reviews": 200_000,
    "therapist_predictions": 20_000,
    "read_receipts": 1_000_000,
    "reads": 20_000,
    "repair_notes": 50_000,
    "responses": 1_000_000,
    "rupture_flags": 100_000,
    "therapy_sessions": 1_000_000,
    "told_marks": 50_000,
    "weekly_days": 10_000,
    "withdrawals": 10_000,
}
"""Rows of a clinic of 500 therapists and 20,000 cases. Tables that stay small are not named."""

_CASES, _STAFF, _DAYS, _MEETINGS, _ITEMS = 20_000, 500, 500, 60, 8

_ONE_IN = 5
"""An index over some rows of a table only, as over the open flags, has one in so many."""

_DIFFERENT = {
    "case_code": _CASES,
    "code": _CASES,
    "flag_id": ROWS["rupture_flags"],
    "therapist_id": _STAFF,
    "staff_id": _STAFF,
    "held_on": _DAYS,
    "session_number": _MEETINGS,
    "number": _MEETINGS,
    "item_id": _ITEMS,
}
"""How many values a column has in such a clinic; a column that is not named narrows nothing."""

_LOAD = "ANALYZE sqlite_master"
"""Makes the table where it is not there yet, and lets this connection know what it holds; counts nothing."""


def tell_sizes(database: Database) -> None:
    """Give SQLite the facts where they are not there yet or are others; nothing to do on PostgreSQL."""
    if not database.is_sqlite:
        return
    with database.maintaining() as connection, connection.begin():
        facts = sorted(fact for table in ROWS for fact in _facts(connection, table))
        if facts == _told(connection):
            return
        connection.exec_driver_sql(_LOAD)
        connection.exec_driver_sql("DELETE FROM sqlite_stat1")
        for fact in facts:
            connection.exec_driver_sql("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", fact)
        connection.exec_driver_sql(_LOAD)


def _told(connection: Connection) -> list[tuple[str, str, str]]:
    if not connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE name = 'sqlite_stat1'").all():
        return []
    return sorted(
        (row[0], row[1], row[2]) for row in connection.exec_driver_sql("SELECT tbl, idx, stat FROM sqlite_stat1")
    )


def _facts(connection: Connection, table: str) -> Iterator[tuple[str, str, str]]:
    """Say of each index of a table how many rows share its first column, its first two, and so on."""
    for _, name, is_unique, origin, is_partial in connection.exec_driver_sql(f"PRAGMA index_list('{table}')").all():
        columns = [row[2] for row in connection.exec_driver_sql(f"PRAGMA index_info('{name}')")]
        rows = ROWS[table] // (_ONE_IN if is_partial else 1)
        shared = [_sharing(rows, columns[:length]) for length in range(1, len(columns) + 1)]
        if is_unique:
            shared[-1] = 1
        yield table, table if origin == "pk" else name, " ".join(map(str, (rows, *shared)))


def _sharing(rows: int, columns: Sequence[str]) -> int:
    return max(1, rows // prod(_DIFFERENT.get(column, 1) for column in columns))
