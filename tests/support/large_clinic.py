"""A clinic as large as one likes, filled in by the database itself: one quarter, a response a week from every case.

Everything is written week by week, as it would have come in, with foreign keys unchecked meanwhile; the codes of cases
that follow one another lie far apart, as drawn ones do. 1 in 12 responses has a flag; teams have ten therapists; cases
of every seventh therapist answer twice a week, so that the bound on responses of one case and month has work to do.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from feedback.persistence.database import Database
from tests.support.builders import SIX

WEEKS = 12
PER_THERAPIST = 2_000
"""Responses of one therapist in the quarter, so that ten million are those of 5,000."""

_CLINIC = (
    "INSERT INTO clinics (id, name, country, timezone, help_numbers, contact, complaints, phone, alert_budget, "
    "comment_enabled, totals_enabled, code_days, retention_months) "
    "VALUES ('c', 'C', 'GB', 'Europe/London', '[]', '', '', '', 0.08, true, true, 3, 24)"
)
_TEAMS = """INSERT INTO teams (clinic_id, id, name)
SELECT DISTINCT 'c', 't' || (i / 10), 'Team ' || (i / 10) FROM {staff}"""
_STAFF = """INSERT INTO staff (clinic_id, id, email, display_name, role, team_id)
SELECT 'c', 's' || i, 's' || i || '@example.org', 'T', 'therapist', 't' || (i / 10) FROM {staff}"""
_CAME = """CREATE TEMPORARY TABLE came AS SELECT i, i % {therapists} AS seen_by,
substr('K0000000', 1, 8 - length(CAST({drawn} AS TEXT))) || CAST({drawn} AS TEXT) AS code FROM {cases}"""
_CASES = """INSERT INTO cases (clinic_id, code, therapist_id, opened_on, seats, instrument_id)
SELECT 'c', code, 's' || seen_by, {opened}, 1, 'rapport-session' FROM came"""
_MEETINGS = """INSERT INTO therapy_sessions (clinic_id, case_code, number, held_on)
SELECT 'c', code, {number}, {day} FROM came WHERE {comes}"""
_RESPONSES = """INSERT INTO responses (clinic_id, case_code, session_number, seat, instrument_id, instrument_version,
  language, steps, who_reads_version, score, nonce_hash, receipt_hash)
SELECT 'c', code, {number}, 'A', 'rapport-session', 1, 'en', 11, 1, (i + {number}) % 101 / 10.0, {hash}, {hash}
FROM came WHERE {comes}"""
_ANSWERS = """INSERT INTO answers (clinic_id, case_code, session_number, seat, item_id, choice, value)
SELECT 'c', code, {number}, 'A', item, choice, CASE choice WHEN '' THEN (i + {number}) % 11 END
FROM came CROSS JOIN (SELECT 'off' AS item, 'no' AS choice {items}) asked WHERE {comes}"""
_FLAGS = """INSERT INTO rupture_flags (clinic_id, id, case_code, session_number, seat, status, held_on)
SELECT 'c', code || '-' || {number}, code, {number}, 'A', 'new', {day}
FROM came WHERE {comes} AND (i + {number}) % 12 = 0"""

_A_PRIME = 1_000_003
"""Above the number of cases: its multiples, divided by that number, leave each remainder once."""

_LARGE = ("therapy_sessions", "responses", "answers", "rupture_flags", "cases", "staff")


def fill(database: Database, responses: int) -> None:
    """Fill an empty database with one clinic that got about so many responses in the first quarter of 2026."""
    therapists = max(7, responses // PER_THERAPIST)
    words = {"therapists": str(therapists), "opened": _day(database, "2025-12-01", 0)}
    cases = responses * 7 // (8 * WEEKS)
    words |= {"staff": _numbers(therapists), "cases": _numbers(cases)}
    words["drawn"] = f"(CAST(i AS BIGINT) * {_A_PRIME} % {cases})"
    words["items"] = "".join(f"UNION ALL SELECT '{item}', '' " for item in SIX)
    with database.maintaining() as connection, _unchecked(connection, is_sqlite=database.is_sqlite) as order:
        for statement in (_CLINIC, _TEAMS, _STAFF, _CAME, _CASES):
            order(statement.format(**words))
        for meeting in range(2 * WEEKS):
            week, is_second = divmod(meeting, 2)
            number = str(meeting + 1)
            words |= {"number": number, "day": _day(database, "2026-01-05", 7 * week + 3 * is_second)}
            words |= {"comes": "seen_by % 7 = 0" if is_second else "true", "hash": _hash(database, number)}
            for statement in (_MEETINGS, _RESPONSES, _ANSWERS, _FLAGS):
                order(statement.format(**words))


def sweep(database: Database) -> None:
    """Empty the large tables at once: a shelf that takes the database back would delete row by row."""
    if not database.is_sqlite:
        with database.maintaining() as connection:
            connection.exec_driver_sql(f"TRUNCATE {', '.join(_LARGE)} CASCADE")


def _numbers(count: int) -> str:
    """Return a table of the numbers from 0 on."""
    counted = f"SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count}"  # noqa: S608  our own number
    return f"(WITH RECURSIVE n(i) AS ({counted}) SELECT i FROM n) n"  # noqa: S608  our own number


def _day(database: Database, first: str, after: int) -> str:
    return f"date('{first}', '+{after} days')" if database.is_sqlite else f"DATE '{first}' + {after}"


def _hash(database: Database, number: str) -> str:
    """Return 16 bytes that no other response has, in no order."""
    return "randomblob(16)" if database.is_sqlite else f"decode(md5(i || '-' || {number}), 'hex')"


@contextmanager
def _unchecked(connection: Connection, *, is_sqlite: bool) -> Iterator[Callable[[str], object]]:
    """Give orders to the driver, outside any transaction; keys and indexes are made afterwards, from what is there."""
    driver = connection.connection.driver_connection
    assert driver is not None
    if is_sqlite:
        driver.executescript("PRAGMA foreign_keys=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-100000")
        yield driver.execute
        driver.executescript("ANALYZE; PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL; PRAGMA cache_size=-2000")
        return
    driver.execute("SET session_replication_role = replica")
    driver.execute("SET maintenance_work_mem = '1GB'")
    again = [order for (drop, order) in driver.execute(_KEYS).fetchall() if driver.execute(drop)]
    yield driver.execute
    for order in reversed(again):
        driver.execute(order)
    driver.execute(f"VACUUM (ANALYZE) {', '.join(_LARGE)}")
    driver.execute("RESET session_replication_role")


_KEYS = f"""
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
  format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
  || CASE contype WHEN 'f' THEN ' NOT VALID' ELSE '' END
FROM pg_constraint
WHERE contype IN ('f', 'p', 'u') AND connamespace = 'public'::regnamespace
  AND (contype = 'f' OR conrelid::regclass::text IN {_LARGE})
ORDER BY contype = 'f' DESC
"""  # noqa: S608  our own names
