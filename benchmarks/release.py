"""Closing a quarter, beside the bare GROUP BY that reads the same rows in the same run, on both databases.

`python -m benchmarks.release [RESPONSES …]`; by default 20,000 and 80,000, which takes a minute. Prints the ratio of
the two (to stay at 3 or below), how the time grows with the rows (exponent, to stay at 1.05 or below) and the memory.
"""

import math
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from sqlalchemy import text

from feedback.domain.clock import FixedClock
from feedback.domain.figures.period import Period
from feedback.domain.figures.rule import USUAL
from feedback.persistence.database import Database
from feedback.persistence.figures.journal import Journal
from feedback.security.access_codes import SystemChance
from feedback.services.figures.close_release import close_release
from tests.support.builders import SIX
from tests.support.databases import PostgresShelf, SqliteShelf
from tests.support.postgres import Server

QUARTER = Period.read("2026-Q1")
PER_CASE = 12
"""Responses of one case in the quarter: one a week."""

PER_THERAPIST = 40
ROUNDS = 3

NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count})"
CLINIC = (
    "INSERT INTO clinics (id, name, country, timezone, help_numbers, contact, complaints, phone, alert_budget, "
    "comment_enabled, totals_enabled, code_days, retention_months) "
    "VALUES ('c', 'C', 'GB', 'Europe/London', '[]', '', '', '', 0.08, true, true, 3, 24)"
)
STAFF = """INSERT INTO staff (clinic_id, id, email, display_name, role) {n}
SELECT 'c', 't' || i, 't' || i || '@example.org', 'T', 'therapist' FROM n"""
CASES = """INSERT INTO cases (clinic_id, code, therapist_id, opened_on, seats, instrument_id) {n}
SELECT 'c', 'k' || i, 't' || (i / 40), {opened}, 1, 'rapport-session' FROM n"""
MEETINGS = """INSERT INTO therapy_sessions (clinic_id, case_code, number, held_on) {n}
SELECT 'c', 'k' || (i / 12), i % 12 + 1, {day} FROM n"""
RESPONSES = """INSERT INTO responses (clinic_id, case_code, session_number, seat, instrument_id, instrument_version,
  language, steps, who_reads_version, score, nonce_hash, receipt_hash) {n}
SELECT 'c', 'k' || (i / 12), i % 12 + 1, 'A', 'rapport-session', 1, 'en', 11, 1, i % 101 / 10.0, {bytes}, {bytes}
FROM n"""
ANSWERS = """INSERT INTO answers (clinic_id, case_code, session_number, seat, item_id, choice, value) {n}
SELECT 'c', 'k' || (i / 12), i % 12 + 1, 'A', '{item}', '{choice}', {value} FROM n"""
BARE = """
SELECT a.item_id, a.choice, count(*), sum(a.value)
FROM therapy_sessions s
JOIN responses r ON r.clinic_id = s.clinic_id AND r.case_code = s.case_code AND r.session_number = s.number
JOIN answers a ON a.clinic_id = r.clinic_id AND a.case_code = r.case_code
  AND a.session_number = r.session_number AND a.seat = r.seat
WHERE s.clinic_id = 'c' AND s.held_on BETWEEN :first AND :last
GROUP BY a.item_id, a.choice
"""
CAST = BARE.replace(":first", "CAST(:first AS DATE)").replace(":last", "CAST(:last AS DATE)")


def fill(database: Database, responses: int) -> None:
    """Fill an empty database with one clinic and so many responses in the quarter."""
    cases = responses // PER_CASE + 1
    sqlite = database.is_sqlite
    day = "date('2026-01-05', '+' || (i % 12 * 7) || ' days')" if sqlite else "DATE '2026-01-05' + (i % 12 * 7)"
    raw = "CAST('r' || i AS BLOB)" if sqlite else "convert_to('r' || i, 'UTF8')"
    here = {"day": day, "bytes": raw, "opened": "'2025-12-01'" if sqlite else "DATE '2025-12-01'"}
    with database.writing(None) as uow:

        def insert(count: int, statement: str, **more: str) -> None:
            uow.connection.execute(text(statement.format(n=NUMBERS.format(count=count), **here, **more)))

        uow.connection.execute(text(CLINIC))
        insert(cases // PER_THERAPIST + 1, STAFF)
        insert(cases, CASES)
        insert(responses, MEETINGS)
        insert(responses, RESPONSES)
        for item in SIX:
            insert(responses, ANSWERS, item=item, choice="", value="i % 11")
        insert(responses, ANSWERS, item="off", choice="no", value="NULL")
        uow.commit()
    if not sqlite:
        with database.maintaining() as connection:
            connection.execute(text("ANALYZE"))


def seconds(act: Callable[[], object]) -> float:
    """Time one call."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def measure(database: Database, folder: Path) -> tuple[float, float]:
    """Give the median seconds of the bare query and of closing, taken in turn."""

    def bare() -> None:
        with database.reading("c") as uow:
            days = {"first": QUARTER.first_day.isoformat(), "last": QUARTER.last_day.isoformat()}
            uow.connection.execute(text(BARE if database.is_sqlite else CAST), days).all()

    def close() -> None:
        with database.writing("c") as uow:
            journal = Journal(folder / f"journal-{time.perf_counter_ns()}")
            clock = FixedClock.on(QUARTER.closes_on)
            release = close_release(uow, clock, SystemChance(), journal, period=QUARTER, rule=USUAL)
            assert not release.is_gated

    pairs = [(seconds(bare), seconds(close)) for _ in range(ROUNDS)]
    middle = ROUNDS // 2
    return sorted(bare for bare, _ in pairs)[middle], sorted(close for _, close in pairs)[middle]


def run(name: str, shelf: SqliteShelf | PostgresShelf, sizes: list[int]) -> None:
    """Measure one engine at every size."""
    times = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder, shelf.migrated(Path(folder)) as database:
            fill(database, size)
            bare, close = measure(database, Path(folder))
        times.append(close)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        told = f"bare {bare:7.2f} s, closed in {close:7.2f} s, ratio {close / bare:4.2f}, {memory} MB"
        print(f"{name:10} {size:>10,} responses: {told}", flush=True)
    for (small, before), (large, after) in pairwise(zip(sizes, times, strict=True)):
        print(f"{name:10} grows with exponent {math.log(after / before) / math.log(large / small):.2f}")


def main(sizes: list[int]) -> None:
    """Measure both engines."""
    with tempfile.TemporaryDirectory() as folder:
        run("sqlite", SqliteShelf(Path(folder)), sizes)
    server = Server()
    shelf = PostgresShelf(server.address, "release")
    run("postgresql", shelf, sizes)
    shelf.close()
    server.stop()


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [20_000, 80_000])
