"""Closing a quarter, beside the bare GROUP BY that reads the same rows in the same run, on both databases.

`python -m benchmarks.release [--sqlite 50000,200000] [--postgresql 50000,200000]`; those sizes are the usual ones and
take a few minutes. The sizes to reach take an hour and 25 GB: `--sqlite 100000,1000000 --postgresql 1000000,10000000`.
Prints the ratio of the two (to stay at 3 or below), how the time grows with the rows (exponent, at 1.05 or below) and
the most memory the closing process held, with the database's own process on PostgreSQL (below 500 MB each). The bare
query is given the same plan: whole tables joined on PostgreSQL, rows in the order of their keys on SQLite.
"""

import argparse
import math
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from sqlalchemy import text

from feedback.domain.clock import FixedClock
from feedback.domain.figures.period import Period
from feedback.domain.figures.rule import USUAL
from feedback.persistence.database import Database, UnitOfWork
from feedback.persistence.figures import tallies
from feedback.persistence.figures.journal import Journal
from feedback.security.access_codes import SystemChance
from feedback.services.figures.close_release import close_release
from tests.support.databases import PostgresShelf, SqliteShelf
from tests.support.large_clinic import fill
from tests.support.postgres import Server

QUARTER = Period.read("2026-Q1")
ROUNDS = 3
USUAL_SIZES = [50_000, 200_000]
BARE = """
SELECT a.item_id, a.choice, count(*), sum(a.value)
FROM therapy_sessions s
JOIN responses r ON r.clinic_id = s.clinic_id AND r.case_code = s.case_code AND r.session_number = s.number
JOIN answers a ON a.clinic_id = r.clinic_id AND a.case_code = r.case_code
  AND a.session_number = r.session_number AND a.seat = r.seat
WHERE s.clinic_id = 'c' AND {day} BETWEEN {first} AND {last}
GROUP BY a.item_id, a.choice
"""


@dataclass(frozen=True)
class Measured:
    """Median seconds of the bare query and of closing, and megabytes held by us and by the database's process."""

    bare: float
    close: float
    ours: int
    theirs: int


def seconds(act: Callable[[], object]) -> float:
    """Time one call."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def measure(database: Database, folder: Path) -> Measured:
    """Take the bare query and closing in turn."""
    theirs = 0
    is_sqlite = database.is_sqlite
    day, cast = ("+s.held_on", "'{}'") if is_sqlite else ("s.held_on", "DATE '{}'")
    days = {"first": cast.format(QUARTER.first_day), "last": cast.format(QUARTER.last_day)}

    def bare() -> None:
        with database.reading("c") as uow:
            tallies.prepare_counting(uow)
            uow.connection.execute(text(BARE.format(day=day, **days))).all()

    def close() -> None:
        nonlocal theirs
        with database.writing("c") as uow:
            journal = Journal(folder / f"journal-{time.perf_counter_ns()}")
            clock = FixedClock.on(QUARTER.closes_on)
            release = close_release(uow, clock, SystemChance(), journal, period=QUARTER, rule=USUAL)
            assert not release.is_gated
            theirs = max(theirs, own_memory(uow))

    pairs = [(seconds(bare), seconds(close)) for _ in range(ROUNDS)]
    middle = ROUNDS // 2
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return Measured(sorted(one for one, _ in pairs)[middle], sorted(other for _, other in pairs)[middle], held, theirs)


def own_memory(uow: UnitOfWork) -> int:
    """Give the most that PostgreSQL's process of this unit of work held, in megabytes, shared buffers included."""
    if uow.connection.dialect.name == "sqlite":
        return 0
    status = Path(f"/proc/{uow.connection.scalar(text('SELECT pg_backend_pid()'))}/status")
    (peak,) = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")]
    return int(peak) // 1024


def show(name: str, size: int, found: Measured) -> None:
    """Print one line."""
    ratio = f"ratio {found.close / found.bare:4.2f}"
    told = f"bare {found.bare:7.2f} s, closed in {found.close:7.2f} s, {ratio}, {found.ours} MB"
    print(f"{name:10} {size:>10,} responses: {told}{f' and {found.theirs} MB' if found.theirs else ''}", flush=True)


def run(name: str, shelf: SqliteShelf | PostgresShelf, sizes: list[int]) -> None:
    """Measure one engine at every size."""
    times = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder, shelf.migrated(Path(folder)) as database:
            fill(database, size)
            found = measure(database, Path(folder))
        times.append(found.close)
        show(name, size, found)
    for (small, before), (large, after) in pairwise(zip(sizes, times, strict=True)):
        print(f"{name:10} grows with exponent {math.log(after / before) / math.log(large / small):.2f}")


def sizes(words: str) -> list[int]:
    """Read sizes as on the command line; none at all leave an engine out."""
    return [int(word) for word in words.split(",") if word]


def main() -> None:
    """Measure both engines."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sqlite", type=sizes, default=USUAL_SIZES)
    parser.add_argument("--postgresql", type=sizes, default=USUAL_SIZES)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run("sqlite", SqliteShelf(Path(folder)), given.sqlite)
    if given.postgresql:
        server = Server()
        shelf = PostgresShelf(server.address, "release")
        run("postgresql", shelf, given.postgresql)
        shelf.close()
        server.stop()


if __name__ == "__main__":
    main()
