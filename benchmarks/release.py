"""Closing a quarter, beside the bare GROUP BY that reads the same rows in the same run, on both databases.

`python -m benchmarks.release [--sqlite 50000,200000] [--postgresql 50000,200000] [--rounds 3]`; those sizes are the
usual ones and take a few minutes. The sizes to reach take an hour and 25 GB:
`--sqlite 100000,1000000 --postgresql 1000000,10000000`.

Prints the ratio of the two (to stay at 3 or below), how both grow with the rows (exponent, at 1.05 or below), and the
most memory the closing process held, with the database's own process on PostgreSQL (below 500 MB each): by the clock,
and in processor time, PostgreSQL's parallel workers included, which does not depend on the neighbours. The bare query
is given the best plan known: rows in the order of their keys.
"""

import argparse
import math
import os
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import median

from sqlalchemy import text

from feedback.domain.clock import FixedClock
from feedback.domain.figures.period import Period
from feedback.domain.figures.release import Release
from feedback.domain.figures.rule import USUAL
from feedback.domain.figures.unseen import NONE_UNSEEN
from feedback.persistence.database import Database, UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.persistence.figures.planner_hints import prepare_counting
from feedback.security.access_codes import SystemChance
from feedback.services.figures.close_release import close_release
from tests.support.databases import PostgresShelf, SqliteShelf
from tests.support.large_clinic import fill, sweep
from tests.support.postgres import Server

QUARTER = Period.read("2026-Q1")
USUAL_SIZES = [50_000, 200_000]
BARE = """
SELECT a.item_id, a.choice, count(*), sum(a.value)
FROM therapy_sessions s
{join} responses r ON r.clinic_id = s.clinic_id AND r.case_code = s.case_code AND r.session_number = s.number
{join} answers a ON a.clinic_id = r.clinic_id AND a.case_code = r.case_code
  AND a.session_number = r.session_number AND a.seat = r.seat
WHERE s.clinic_id = 'c' AND {day} BETWEEN {first} AND {last}
GROUP BY a.item_id, a.choice
"""
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Took:
    """Seconds by the clock, and of processors."""

    clock: float
    cpu: float


@dataclass(frozen=True)
class Measured:
    """What the bare query and closing took, medians, and megabytes held by us and by the database's process."""

    bare: Took
    close: Took
    ours: int
    theirs: int


def took(uow: UnitOfWork, act: Callable[[], object]) -> Took:
    """Time one call that works in this unit of work."""
    clock, cpu = time.perf_counter(), processor_seconds(uow)
    act()
    return Took(time.perf_counter() - clock, processor_seconds(uow) - cpu)


def processor_seconds(uow: UnitOfWork) -> float:
    """Return what we have used, and PostgreSQL's process of this unit of work with the workers that ended since."""
    if uow.database == "sqlite":
        return time.process_time()
    user, system, _, _, parent = _stat(uow.connection.scalar(text("SELECT pg_backend_pid()")))
    _, _, ended_user, ended_system, _ = _stat(parent)
    return time.process_time() + (user + system + ended_user + ended_system) / TICKS


def _stat(pid: int) -> tuple[int, int, int, int, int]:
    """Return a process's ticks, user and system, its ended children's, and its parent."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]), int(fields[12]), int(fields[13]), int(fields[14]), int(fields[1])


def measure(database: Database, folder: Path, rounds: int) -> Measured:
    """Take the bare query and closing in turn."""
    theirs = 0
    is_sqlite = database.is_sqlite
    day, cast = ("+s.held_on", "'{}'") if is_sqlite else ("s.held_on", "DATE '{}'")
    days = {"first": cast.format(QUARTER.first_day), "last": cast.format(QUARTER.last_day)}
    query = text(BARE.format(join="CROSS JOIN" if is_sqlite else "JOIN", day=day, **days))

    def bare() -> Took:
        with database.reading("c") as uow:
            prepare_counting(uow)
            return took(uow, lambda: uow.connection.execute(query).all())

    def close() -> Took:
        nonlocal theirs
        with database.writing("c") as uow:
            journal = Journal(folder / f"journal-{time.perf_counter_ns()}")
            clock = FixedClock.on(QUARTER.closes_on)
            closing = partial(
                close_release, uow, clock, SystemChance(), journal, period=QUARTER, rule=USUAL, unseen=NONE_UNSEEN
            )
            spent = took(uow, lambda: _drawn(closing()))
            theirs = max(theirs, own_memory(uow))
            return spent

    pairs = [(bare(), close()) for _ in range(rounds)]
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return Measured(_median([one for one, _ in pairs]), _median([other for _, other in pairs]), held, theirs)


def _drawn(release: Release) -> None:
    assert not release.is_gated


def _median(all_took: list[Took]) -> Took:
    return Took(median(one.clock for one in all_took), median(one.cpu for one in all_took))


def own_memory(uow: UnitOfWork) -> int:
    """Return the most that PostgreSQL's process of this unit of work held, in megabytes, shared buffers included."""
    if uow.database == "sqlite":
        return 0
    status = Path(f"/proc/{uow.connection.scalar(text('SELECT pg_backend_pid()'))}/status")
    (peak,) = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")]
    return int(peak) // 1024


def show(name: str, size: int, found: Measured) -> None:
    """Print two lines: by the clock, and in processor time."""
    held = f"{found.ours} MB{f' and {found.theirs} MB' if found.theirs else ''}"
    for way, bare, close in (
        ("clock", found.bare.clock, found.close.clock),
        ("processor", found.bare.cpu, found.close.cpu),
    ):
        told = f"{way:9} bare {bare:7.2f} s, closed in {close:7.2f} s, ratio {close / bare:4.2f}"
        print(f"{name:10} {size:>10,} responses: {told}, {held}", flush=True)


def run(name: str, shelf: SqliteShelf | PostgresShelf, sizes: list[int], rounds: int) -> None:
    """Measure one engine at every size."""
    times = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder, shelf.migrated(Path(folder)) as database:
            began = time.perf_counter()
            fill(database, size)
            print(f"{name:10} {size:>10,} responses filled in {time.perf_counter() - began:.0f} s", flush=True)
            database.close()  # a fresh process of the server: the one that made the indexes held up to 1 GB
            time.sleep(2)  # until that one has ended: what it used would be counted as ours
            found = measure(database, Path(folder), rounds)
            times.append(found)
            show(name, size, found)
            sweep(database)
    for (small, before), (large, after) in pairwise(zip(sizes, times, strict=True)):
        for what, one, other in (("closing", before.close, after.close), ("bare query", before.bare, after.bare)):
            more = math.log(large / small)
            ways = math.log(other.clock / one.clock) / more, math.log(other.cpu / one.cpu) / more
            told = f"{ways[0]:.2f} by the clock, {ways[1]:.2f} in processor time"
            print(f"{name:10} the {what} grows with exponent {told}")


def sizes(words: str) -> list[int]:
    """Read sizes as on the command line; none at all leave an engine out."""
    return [int(word) for word in words.split(",") if word]


def main() -> None:
    """Measure both engines."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sqlite", type=sizes, default=USUAL_SIZES)
    parser.add_argument("--postgresql", type=sizes, default=USUAL_SIZES)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run("sqlite", SqliteShelf(Path(folder)), given.sqlite, given.rounds)
    if given.postgresql:
        server = Server()
        shelf = PostgresShelf(server.address, "release")
        run("postgresql", shelf, given.postgresql, given.rounds)
        shelf.close()
        server.stop()


if __name__ == "__main__":
    main()
