"""The product as an operator starts it: its own commands, in processes of their own, on a free port."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from feedback import paths
from feedback.domain.clock import SystemClock
from feedback.persistence.database import Database
from feedback.persistence.upkeep import migrate
from feedback.security.access_codes import SystemChance
from tests.support.builders import a_clinic, a_therapist
from tests.support.installing import install
from tests.support.serving import address, free_port
from tests.support.world import World

PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Served:
    """A running installation: where it is, and the link that invites its first clinic admin."""

    base_url: str
    invitation: str
    environment: dict[str, str]
    folder: Path

    def command(self, *words: str) -> str:
        """Run a command of the product in this installation and give what it prints."""
        command = [sys.executable, "-m", "feedback", *words]
        return subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True).stdout


@contextmanager
def online(database: Database, folder: Path) -> Iterator[Served]:
    """Found a clinic in an empty database, serve it, and stop when the block ends."""
    port = free_port()
    own = {
        "FEEDBACK_DATA_DIR": str(folder),
        "FEEDBACK_KEYS_DIR": str(folder / "keys"),
        "FEEDBACK_DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
        "FEEDBACK_BASE_URL": address(port),
        "FEEDBACK_TIMEZONE": "Europe/London",
    }
    environment = {**os.environ, **own}
    served = Served(own["FEEDBACK_BASE_URL"], "", environment, folder)
    said = served.command("init", "--clinic", "Harbour Lane", "--country", "GB", "--admin-email", "anna@example.org")
    link = re.search(r"http://\S+/invite/\S+", said)
    assert link is not None, said
    with running(served):
        yield Served(served.base_url, link[0], environment, folder)


def served_from(world: World, base_url: str) -> Served:
    """Say how a clinic that is there already is to be served at an address, under today's date."""
    it = world.installation
    own = {
        "FEEDBACK_DATA_DIR": str(it.settings.data_dir),
        "FEEDBACK_KEYS_DIR": str(it.keyring.folder),
        "FEEDBACK_DATABASE_URL": it.database.engine.url.render_as_string(hide_password=False),
        "FEEDBACK_BASE_URL": base_url,
    }
    return Served(base_url, "", {**os.environ, **own}, it.settings.data_dir)


@contextmanager
def clinic_online(folder: Path, database_address: str = "", **settings: str) -> Iterator[World]:
    """Serve a clinic that needs no setting up, to act in from here; its pages are at `world.address`.

    It is on SQLite, or in the empty database at an address; further settings by their names in the environment.
    """
    database = Database(database_address or f"sqlite:///{folder / 'feedback.db'}")
    migrate.upgrade(database, paths.migrations())
    house = install(database, folder, clock=SystemClock(), chance=SystemChance(), base_url=address(free_port()))
    world = World(house, a_clinic(), a_therapist())
    world.found()
    served = served_from(world, world.address)
    with running(replace(served, environment=served.environment | settings)):
        yield world
    database.close()


@contextmanager
def running(served: Served, workers: int = 1) -> Iterator[subprocess.Popen[bytes]]:
    """Run `feedback serve` in a process group of its own and wait until it says that it is ready."""
    process = start(served, workers)
    try:
        wait_until_ready(f"{served.base_url}/readyz", process)
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def start(served: Served, workers: int = 1) -> subprocess.Popen[bytes]:
    """Start `feedback serve` in a process group of its own; it is ready a little later."""
    port = urlsplit(served.base_url).port
    options = ["--no-timers", "--port", str(port), "--workers", str(workers)]
    with (served.folder / "serve.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "feedback", "serve", *options],
            env=served.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def wait_until_ready(page: str, process: subprocess.Popen[bytes]) -> None:
    """Ask until the server answers; fail when it ends or stays silent."""
    for _ in range(PATIENCE_SECONDS * 10):
        assert process.poll() is None, "the server ended before it was ready"
        try:
            with urlopen(page, timeout=5) as answer:  # noqa: S310  our own server on this machine
                assert answer.status == 200
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError("the server did not become ready")
