"""The therapist's dashboard: what it costs beside an empty staff page, and whether it stays flat as a clinic grows.

`python -m benchmarks.dashboard [RESPONSES …]`; by default 10,000 and 1,000,000 responses in the database, on SQLite and
on PostgreSQL (ten minutes, 2 GB of disk). Two therapists, of 40 and of 400 cases with 14 months of weekly sessions, and
a supervisor with nothing shared ask for their first page in turn: the whole application in one process, no socket. The
supervisor's is the empty page: signed in, one query, the frame and a heading.

Limits: 95 of 100 pages of 40 cases within 5 times the empty page's median. The time beside the empty page's grows with
an exponent of at most 0.15, from 40 cases to 400 and from the fewest responses to the most.
"""

import math
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from wsgiref.types import WSGIApplication

from sqlalchemy import text
from werkzeug.test import EnvironBuilder, run_wsgi_app

from feedback.domain.care import Role, Staff
from feedback.persistence.database import Database
from feedback.persistence.flags.findings import finding_as_text, weight_of
from feedback.services.accounts.keep_signed_in import start_session
from feedback.services.answers.comments import seal_comment
from feedback.web import create_app
from tests.support.builders import MONDAY, SIX, a_clinic, a_finding, a_therapist
from tests.support.databases import PostgresShelf, SqliteShelf
from tests.support.installing import install
from tests.support.large_clinic import sweep
from tests.support.postgres import Server
from tests.support.world import World

PAGES = 100
MOST_TIMES, MOST_EXPONENT = 5.0, 0.15
SMALL, LARGE, FULL_WEEK = 40, 400, 40
WEEKS = 60
"""Therapy sessions of one case in 14 months, one a week."""

ANSWERED = 4 / 5
ROWS = """WITH RECURSIVE i(at) AS (SELECT 0 UNION ALL SELECT at + 1 FROM i WHERE at + 1 < {count}),
n(c, k) AS (SELECT at / 60, at % 60 + 1 FROM i)"""
CASES = """INSERT INTO cases (clinic_id, code, therapist_id, opened_on, seats, instrument_id,
  last_held_on) {rows}
SELECT 'harbour1', '{by}' || c, {whose}, {first}, 1, 'rapport-session', {last} FROM n WHERE k = 1"""
MEETINGS = """INSERT INTO therapy_sessions (clinic_id, case_code, number, held_on) {rows}
SELECT 'harbour1', '{by}' || c, k, {day} FROM n"""
RESPONSES = """INSERT INTO responses (clinic_id, case_code, session_number, seat, instrument_id, instrument_version,
  language, steps, who_reads_version, score, nonce_hash, receipt_hash, counted_for) {rows}
SELECT 'harbour1', '{by}' || c, k, 'A', 'rapport-session', 1, 'en', 11, 1, 6 + (c + k) % 31 / 10.0,
  {raw}'{by}' || c || '-' || k{as_bytes}, {raw}'{by}' || c || '-' || k{as_bytes}, {whose} FROM n WHERE k % 5 <> 3"""
FINDINGS = """INSERT INTO findings (clinic_id, case_code, session_number, seat, method, version, probability, flag,
  level, forms, value, expected_low, expected_high, evidence) {rows}
SELECT 'harbour1', '{by}' || c, k, 'A', 'switching', '2', 0.05, false, 'none', k, 6 + (c + k) % 31 / 10.0, 7.0, 9.1,
  '[]' FROM n WHERE k % 5 <> 3"""
ANSWERS = """INSERT INTO answers (clinic_id, case_code, session_number, seat, item_id, choice, value) {rows}
SELECT 'harbour1', '{by}' || c, k, 'A', item, choice, CASE WHEN choice = '' THEN (c + k) % 11 END
FROM n CROSS JOIN ({items}) AS asked WHERE k % 5 <> 3"""
ITEMS = " UNION ALL ".join(
    [
        "SELECT 'off' AS item, 'a_little' AS choice",
        "SELECT 'wish', 'bring_up'",
        *(f"SELECT '{item}', ''" for item in SIX),
    ]
)
LOOKS = """INSERT INTO read_receipts (clinic_id, case_code, session_number, seat, staff_id, opened) {rows}
SELECT 'harbour1', '{by}' || c, k, 'A', {whose}, true FROM n WHERE k % 5 <> 3 AND k < 59"""
FLAGS = """INSERT INTO rupture_flags (clinic_id, id, case_code, session_number, seat, status, held_on, finding,
  direct, fell_by) {rows}
SELECT 'harbour1', '{by}' || c || 'f' || k, '{by}' || c, k, 'A',
  CASE WHEN k = 54 AND c % 10 = 0 THEN 'talked'
    WHEN k < 60 THEN 'settled' ELSE 'new' END, {day}, '{finding}', {weight}
FROM n WHERE k % 12 = 6 OR k = 60 AND c % 7 = 0"""
COMMENT = "UPDATE responses SET sealed_comment = :sealed WHERE case_code = :case AND session_number = :number"


@dataclass(frozen=True)
class Filling:
    """A database that is being filled, in the words of its engine."""

    order: Callable[[str], object]
    words: dict[str, str]

    def adds(self, by: str, cases: int, whose: str) -> None:
        """Add cases, their codes beginning with `by`: four of five sessions have an answer, one in 12 had a flag."""
        rows = ROWS.format(count=cases * WEEKS)
        finding = finding_as_text(a_finding()).replace("'", "''")
        weight = "{}, {}".format(*weight_of(a_finding()))
        for statement in (CASES, MEETINGS, RESPONSES, FINDINGS, ANSWERS, LOOKS, FLAGS):
            ready = statement.format(
                rows=rows, by=by, whose=whose, items=ITEMS, finding=finding, weight=weight, **self.words
            )
            self.order(ready)


@contextmanager
def unchecked(database: Database) -> Iterator[Callable[[str], object]]:
    """Give orders to the driver, each its own transaction: rows of which we know that what they point to is there."""
    with database.maintaining() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        if database.is_sqlite:
            driver.executescript("PRAGMA foreign_keys=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-200000")
            yield driver.execute
            driver.executescript("PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL; PRAGMA cache_size=-2000")
            return
        driver.execute("SET session_replication_role = replica")
        yield driver.execute
        driver.execute("RESET session_replication_role")
        driver.execute("VACUUM (ANALYZE)")  # as autovacuum would have done while these months passed


def words_of(database: Database) -> dict[str, str]:
    """Return what the two engines say differently: the day of session `k`, the newest one yesterday's, and bytes."""
    newest = MONDAY - timedelta(days=1)
    first = newest - timedelta(weeks=WEEKS)
    if database.is_sqlite:
        day = f"date('{newest}', '-' || (7 * ({WEEKS} - k)) || ' days')"
        return {"day": day, "first": f"'{first}'", "last": f"'{newest}'", "raw": "CAST(", "as_bytes": " AS BLOB)"}
    day = f"DATE '{newest}' - 7 * ({WEEKS} - k)"
    days = {"day": day, "first": f"DATE '{first}'", "last": f"DATE '{newest}'"}
    return days | {"raw": "convert_to(", "as_bytes": ", 'UTF8')"}


@dataclass(frozen=True)
class People:
    """Whose first page is asked for."""

    small: Staff
    large: Staff
    empty: Staff


def fill(world: World, responses: int) -> People:
    """Fill a clinic with so many responses, a caseload of 40 among them; the one of 400 comes on top."""
    others = max(0, math.ceil(responses / (WEEKS * ANSWERED)) - SMALL)
    hired = [world.hire(replace(world.therapist, id=name, email=f"{name}@x.org")) for name in ("small", "large")]
    empty = world.hire(replace(world.therapist, id="empty", email="e@x.org", role=Role.SUPERVISOR))
    for number in range(math.ceil(others / FULL_WEEK)):
        world.hire(replace(world.therapist, id=f"t{number}", email=f"t{number}@x.org"))
    database = world.installation.database
    with unchecked(database) as order:
        filling = Filling(order, words_of(database))
        filling.adds("S", SMALL, "'small'")
        filling.adds("L", LARGE, "'large'")
        if others:
            filling.adds("T", others, f"'t' || (c / {FULL_WEEK})")
    with world.writing() as uow:
        for place in [
            (f"{by}{case}", WEEKS, "A") for by, many in (("S", SMALL), ("L", LARGE)) for case in range(0, many, 7)
        ]:
            sealed = seal_comment(
                uow, world.installation.keyring, place, "It went rather fast when I spoke of my sister."
            )
            uow.connection.execute(text(COMMENT), {"sealed": sealed, "case": place[0], "number": WEEKS})
    return People(*hired, empty)


class Pages:
    """The application, and the first page of somebody who is signed in."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._app: WSGIApplication = create_app(world.installation)

    def of(self, person: Staff) -> Callable[[], tuple[float, float]]:
        """Return what asks for the page once and tells the milliseconds it took, by the clock and of the processor."""
        it = self._world.installation
        with self._world.writing() as uow:
            cookie = start_session(uow, it.clock, it.keyring, it.chance, staff=person)
        path = "/shared" if person.role is Role.SUPERVISOR else "/dashboard"
        headers = {"Cookie": f"__Host-feedback={cookie}"}
        asked = EnvironBuilder(path, base_url=it.settings.base_url, headers=headers).get_environ()

        def ask() -> tuple[float, float]:
            began, worked = time.perf_counter(), time.process_time()
            body, status, _ = run_wsgi_app(self._app, dict(asked), buffered=True)
            took = time.perf_counter() - began, time.process_time() - worked
            assert status.startswith("200"), (path, status)
            assert b"".join(body)
            return took[0] * 1000, took[1] * 1000

        return ask


@dataclass(frozen=True)
class Cost:
    """What a page took over many rounds, in milliseconds: of the processor, or by the clock."""

    middle: float
    p95: float

    @classmethod
    def of(cls, took: list[float]) -> "Cost":
        """Sum the rounds up."""
        return cls(median(took), sorted(took)[int(len(took) * 0.95)])

    def __str__(self) -> str:
        return f"{self.middle:7.2f} ({self.p95:7.2f})"


def costs(pages: Pages, people: People) -> dict[str, tuple[Cost, Cost]]:
    """Ask for the three pages in turn, a hundred times; gives what each took by the clock and of the processor."""
    asks = {name: pages.of(getattr(people, name)) for name in ("empty", "small", "large")}
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in asks}
    for each in range(PAGES + 5):
        for name, ask in asks.items():
            pair = ask()
            if each >= 5:
                took[name].append(pair)
    return {name: tuple(Cost.of(list(side)) for side in zip(*pairs, strict=True)) for name, pairs in took.items()}


def exponent(before: float, after: float, growth: float) -> float:
    """Say with which power of the growth a time has grown."""
    return math.log(after / before) / math.log(growth)


def measure(database: Database, folder: Path, size: int) -> dict[str, tuple[Cost, Cost]]:
    """Fill a database and ask."""
    house = install(database, folder)
    quiet = replace(house, settings=house.settings.model_copy(update={"log_level": "error"}))
    world = World(quiet, a_clinic(), a_therapist())
    world.found()
    return costs(Pages(world), fill(world, size))


def run(name: str, shelf: SqliteShelf | PostgresShelf, sizes: list[int]) -> bool:
    """Measure one engine at every size; gives whether every limit was kept.

    What counts is the processor's time where all the work is done in this process, else the clock's.
    """
    good, beside, side = True, [], int(name == "sqlite")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder, shelf.migrated(Path(folder)) as database:
            cost = measure(database, Path(folder), size)
            sweep(database)
        empty, small, large = (cost[key][side] for key in ("empty", "small", "large"))
        times, grown = small.p95 / empty.middle, exponent(small.middle, large.middle, LARGE / SMALL)
        beside.append(small.middle / empty.middle)
        good = good and times <= MOST_TIMES and grown <= MOST_EXPONENT
        print(f"{name}, {size:,} responses: milliseconds by the clock and of the processor, median (95 of 100)")
        for key in cost:
            print(f"  {key:6} {cost[key][0]}  {cost[key][1]}")
        print(f"  95 of 100 within {times:.2f} x the empty page (limit {MOST_TIMES:g})")
        print(f"  from {SMALL} to {LARGE} cases: exponent {grown:.2f} (limit {MOST_EXPONENT})", flush=True)
    growth = exponent(beside[0], beside[-1], sizes[-1] / sizes[0]) if len(sizes) > 1 else 0.0
    print(f"{name}, from {sizes[0]:,} to {sizes[-1]:,} responses: exponent {growth:.2f}", flush=True)
    return good and growth <= MOST_EXPONENT


def main(sizes: list[int]) -> int:
    """Measure both engines; gives 1 when a limit was passed."""
    with tempfile.TemporaryDirectory() as folder:
        kept = [run("sqlite", SqliteShelf(Path(folder)), sizes)]
    server = Server()
    shelf = PostgresShelf(server.address, "dashboard")
    try:
        kept.append(run("postgresql", shelf, sizes))
    finally:
        shelf.close()
        server.stop()
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main([int(word) for word in sys.argv[1:]] or [10_000, 1_000_000]))
