"""The product as it is deployed, for a measurement: `feedback serve` in a process of its own, and a clinic to act in."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from feedback import paths
from feedback.domain.clock import SystemClock
from feedback.persistence import migrate
from feedback.persistence.database import Database
from feedback.security.access_codes import SystemChance
from tests.support.builders import a_clinic, a_therapist
from tests.support.installing import install
from tests.support.online import Served, running
from tests.support.serving import address, free_port
from tests.support.world import World


@contextmanager
def clinic_online() -> Iterator[World]:
    """Serve a fresh clinic on SQLite until the block ends; its pages are at `world.address`."""
    with TemporaryDirectory() as place:
        folder, port = Path(place), free_port()
        database = Database(f"sqlite:///{folder / 'feedback.db'}")
        migrate.upgrade(database, paths.migrations())
        house = install(database, folder, clock=SystemClock(), chance=SystemChance(), base_url=address(port))
        world = World(house, a_clinic(), a_therapist())
        world.found()
        own = {
            "FEEDBACK_DATA_DIR": str(folder),
            "FEEDBACK_KEYS_DIR": str(folder / "keys"),
            "FEEDBACK_DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
            "FEEDBACK_BASE_URL": world.address,
        }
        with running(Served(world.address, "", {**os.environ, **own}, folder), port):
            yield world
        database.close()
