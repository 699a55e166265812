"""What the disk and the database can do at best: one small row a commit, each on the disk before the next begins."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg
from sqlalchemy import make_url

ROW = b"x" * 400
"""About as large as what one answer leaves behind."""

COMMITS = 400


TICKS = os.sysconf("SC_CLK_TCK")


def cpu_of(pid: int, *, with_ended: bool = False) -> float:
    """Return the processor seconds that a process has used, with those of its children that have ended if asked."""
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, stat[11 : 15 if with_ended else 13])) / TICKS


def postgres_cpu(address: str) -> float:
    """Return the processor seconds that a server of `durable_postgres` has used, in all its processes."""
    folder = Path(str(make_url(address).query["host"]))
    server = int((folder / "data/postmaster.pid").read_text().split()[0])
    parts = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return cpu_of(server, with_ended=True) + sum(cpu_of(int(pid)) for pid in parts)


def flushes(folder: Path) -> float:
    """Return how many times a second a page of 4 KiB reaches the disk."""
    with (folder / "probe").open("wb", buffering=0) as file:
        start = time.perf_counter()
        for _ in range(COMMITS):
            file.write(b"x" * 4096)
            os.fdatasync(file.fileno())
        return COMMITS / (time.perf_counter() - start)


def sqlite_commits(folder: Path) -> float:
    """Return how many durable commits a second the bare driver makes, one after the other."""
    line = sqlite3.connect(folder / "limit.db", isolation_level=None)
    line.execute("PRAGMA journal_mode=WAL")
    line.execute("PRAGMA synchronous=FULL")
    line.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, row BLOB)")
    start = time.perf_counter()
    for _ in range(COMMITS):
        line.execute("BEGIN IMMEDIATE")
        line.execute("INSERT INTO t (row) VALUES (?)", (ROW,))
        line.execute("COMMIT")
    took = time.perf_counter() - start
    line.close()
    return COMMITS / took


def postgres_commits(address: str) -> float:
    """Return how many durable commits a second the bare driver makes, one after the other."""
    url = make_url(address)
    with psycopg.connect(host=url.query["host"], user=url.username, dbname=url.database, autocommit=True) as line:
        line.execute("CREATE TABLE IF NOT EXISTS bare_limit (id serial PRIMARY KEY, row bytea)")
        start = time.perf_counter()
        for _ in range(COMMITS):
            line.execute("INSERT INTO bare_limit (row) VALUES (%s)", (ROW,))
        took = time.perf_counter() - start
        line.execute("DROP TABLE bare_limit")
    return COMMITS / took


@contextmanager
def durable_postgres() -> Iterator[str]:
    """Run a PostgreSQL of its own that keeps what it acknowledges, until the block ends; gives its address."""
    command = [sys.executable, "-m", "benchmarks.limits"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        said: IO[str] | None = process.stdout
        assert said is not None
        try:
            yield said.readline().strip()
        finally:
            process.communicate()


if __name__ == "__main__":
    from tests.support import postgres

    postgres.SETTINGS.update(fsync="on", synchronous_commit="on", full_page_writes="on", autovacuum="on")
    postgres.serve(sys.stdin, small_log=False)
