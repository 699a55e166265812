"""The served product under phones: opening a form, sending it, memory and start, each beside its limit in the same run.

`python -m benchmarks web`. Processor time is read from the system for the server's own processes, so that it does not
matter what else the machine does; rates are only ever compared with a rate of the same run.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from benchmarks import limits
from benchmarks.measured import Measured
from feedback import paths
from feedback.domain.clock import SystemClock
from feedback.persistence.database import Database
from feedback.persistence.upkeep import migrate
from feedback.security.access_codes import SystemChance
from feedback.services.clinic.keep_instruments import keep_instruments
from tests.support.builders import a_clinic, a_therapist
from tests.support.folders import CACHE
from tests.support.installing import install
from tests.support.online import served_from, wait_until_ready
from tests.support.serving import HOST, address, free_port
from tests.support.world import World

FORMS = int(os.environ.get("FORMS", "600"))
"""Forms opened, and codes sent from, in one measurement."""

SHIPPED = str(CACHE / "shipped-venv/bin/python")
"""Runs what is measured, in an environment of what an installation has; `make bench` makes it."""


@dataclass(frozen=True)
class Run:
    """What a load took: visits a second, the slowest hundredth in milliseconds, processor milliseconds each.

    `tool` is what each cost the load tool, in the same.
    """

    rate: float
    p99: float
    cpu: float
    tool: float


class Served:
    """A server with its workers."""

    def __init__(self, place: str, process: subprocess.Popen[bytes]) -> None:
        self.place = place
        self._pid = process.pid

    def workers(self) -> list[int]:
        """Return the ids of the processes that answer."""
        children = Path(f"/proc/{self._pid}/task/{self._pid}/children").read_text().split()
        return [int(pid) for pid in children]

    def cpu(self) -> float:
        """Return the processor seconds the workers have used."""
        return sum(map(limits.cpu_of, self.workers()))

    def memory(self) -> float:
        """Return the memory that the largest worker holds, in MB of 10⁶ bytes; what it shares with others included."""
        status = [Path(f"/proc/{pid}/status").read_text() for pid in self.workers()]
        return max(int(text.partition("VmRSS:")[2].split()[0]) for text in status) * 1024 / 1e6

    def under(self, visits: list[str], at_once: int, *, sends: bool = False) -> Run:
        """Let phones visit, and give what it took."""
        before, idle = self.cpu(), _tool()
        command = [sys.executable, "-m", "benchmarks.phones", self.place, str(at_once), *(["send"] if sends else [])]
        done = subprocess.run(command, input="\n".join(visits), check=True, stdout=subprocess.PIPE, text=True)
        told = json.loads(done.stdout)
        p99 = quantiles(told["took"], n=100)[98]
        each = 1000 / len(visits)
        return Run(len(visits) / told["seconds"], p99, (self.cpu() - before) * each, (_tool() - idle) * each)


def _tool() -> float:
    """Return the processor seconds of the load tools that have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


@contextmanager
def started(
    command: list[str], environment: dict[str, str], port: int, page: str = "/"
) -> Iterator[tuple[Served, float]]:
    """Start a server, and give it with the seconds until it answered."""
    began = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            wait_until_ready(f"{address(port)}{page}", process)
            yield Served(f"{HOST}:{port}", process), time.perf_counter() - began
        finally:
            process.terminate()


@contextmanager
def constant() -> Iterator[Served]:
    """Serve the constant string."""
    port = free_port()
    with started([SHIPPED, "-m", "benchmarks.hello", str(port)], dict(os.environ), port) as (served, _):
        yield served


def a_world(folder: Path, database_address: str) -> World:
    """Found a clinic of today in an empty database."""
    database = Database(database_address)
    migrate.upgrade(database, paths.migrations())
    house = install(database, folder, clock=SystemClock(), chance=SystemChance(), base_url=address(free_port()))
    world = World(house, a_clinic(), a_therapist())
    world.found()
    with database.writing(None) as uow:
        keep_instruments(uow)
    return world


def fresh(world: World, count: int) -> list[str]:
    """Make so many cases, each with a code; give the codes' paths."""
    cases = (world.opens_a_case() for _ in range(count))
    return [f"/F/{world.shows_a_code(case, world.meets(case)).token}" for case in cases]


@contextmanager
def product(world: World, workers: int = 1) -> Iterator[tuple[Served, float]]:
    """Serve a world on a port of its own, with memory handled as the shipped unit and image say."""
    port = free_port()
    settings = world.installation.settings.model_copy(update={"base_url": address(port)})
    there = World(replace(world.installation, settings=settings), world.clinic, world.therapist)
    command = [SHIPPED, "-m", "feedback", "serve", "--no-timers", "--port", str(port), "--workers", str(workers)]
    environment = served_from(there, address(port)).environment | {"MALLOC_ARENA_MAX": "2"}
    with started(command, environment, port, "/readyz") as found:
        yield found


def on_sqlite() -> Iterator[Measured]:
    """Measure with one process on SQLite."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        world = a_world(folder, f"sqlite:///{folder / 'feedback.db'}")
        with constant() as bare, product(world) as (served, seconds):
            pages = fresh(world, FORMS)
            for server, visits in ((bare, ["/"] * 50), (served, pages[:50])):
                server.under(visits, 16)
            hello, form = bare.under(["/"] * FORMS, 16), served.under(pages, 16)
            yield _costs("open the form, processor time", form.cpu, hello.cpu, 1.5)
            yield Measured(
                "open the form, forms a second",
                f"{form.rate:.0f}",
                f"{hello.rate:.0f} constant strings",
                form.rate / hello.rate,
            )
            flushes, most = limits.flushes(folder), limits.sqlite_commits(folder)
            for at_once in (32, 256):
                sent = served.under(fresh(world, FORMS), at_once, sends=True)
                yield from _sent(f"SQLite, {at_once} phones", sent, hello, most, 0.20)
            yield Measured(
                "flushes of the disk a second", f"{flushes:.0f}", f"{most:.0f} durable commits of the bare driver"
            )
            yield Measured(
                "memory of a web process after it all",
                f"{served.memory():.0f} MB",
                "",
                None,
                "≤ 90 MB",
                served.memory() <= 90,
            )
            yield Measured(
                "`feedback serve` ready after", f"{seconds:.1f} s", "", None, "≤ 2 s on a quiet machine", None
            )
        world.installation.database.close()


def on_postgres() -> Iterator[Measured]:
    """Measure with one process and with two on PostgreSQL."""
    with TemporaryDirectory() as name, limits.durable_postgres() as server:
        world = a_world(Path(name), server)
        most = limits.postgres_commits(server)
        sent, database = {}, 0.0
        with constant() as bare:
            hello = bare.under(["/"] * FORMS, 16)
        for workers in (1, 2):
            with product(world, workers) as (served, _):
                served.under(fresh(world, 50), 16, sends=True)
                visits, before = fresh(world, FORMS), limits.postgres_cpu(server)
                sent[workers] = served.under(visits, 32, sends=True)
                database = (limits.postgres_cpu(server) - before) / FORMS * 1000
        yield from _sent("PostgreSQL, 2 processes, 32 phones", sent[2], hello, most, 0.30)
        yield _rates("PostgreSQL, 2 processes beside 1", sent[2].rate, (sent[1].rate, "1 process"), 1.7)
        yield _allowed("PostgreSQL, 2 processes beside what the cores allow", sent[2], database)
        world.installation.database.close()


def _sent(what: str, sent: Run, hello: Run, limit: float, goal: float) -> Iterator[Measured]:
    yield _rates(f"send: {what}", sent.rate, (limit, "durable commits"), goal)
    yield _costs(f"send: {what}, processor time", sent.cpu, hello.cpu, 10)
    yield Measured(f"send: {what}, slowest hundredth", f"{sent.p99:.0f} ms")


def _allowed(path: str, sent: Run, database: float) -> Measured:
    """Set a rate beside the one at which server, database and load tool would leave no core idle."""
    most = (os.cpu_count() or 1) * 1000 / (sent.cpu + database + sent.tool)
    parts = f"{sent.cpu:.1f} ms of the server, {database:.1f} of PostgreSQL, {sent.tool:.1f} of the load tool"
    return Measured(path, f"{sent.rate:.0f}/s", f"{most:.0f}/s: {parts}", sent.rate / most)


def _rates(path: str, ours: float, beside: tuple[float, str], goal: float) -> Measured:
    """Set a rate beside another one, which it has to reach a share of."""
    other, name = beside
    ratio = ours / other
    return Measured(path, f"{ours:.0f}/s", f"{other:.0f}/s, {name}", ratio, f"≥ {goal:.2f}", ratio >= goal)


def _costs(path: str, ours: float, hello: float, goal: float) -> Measured:
    """Set processor time beside that of the constant string."""
    ratio = ours / hello
    shown = f"{hello:.2f} ms, a constant string"
    return Measured(path, f"{ours:.2f} ms", shown, ratio, f"≤ {goal:g}", ratio <= goal)


def measure() -> Iterator[Measured]:
    """Measure everything here."""
    yield from on_sqlite()
    yield from on_postgres()
