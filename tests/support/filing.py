"""Filing in a process of its own that can be killed at a step.

`python -m tests.support.filing ADDRESS KEYS DAY STEP`
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from feedback.domain.clock import FixedClock
from feedback.persistence.database import Database
from feedback.security.access_codes import SystemChance
from feedback.security.keyring import Keyring
from feedback.services.upkeep.file_pool import Filing, file_pool
from tests.support.folders import ROOT
from tests.support.world import World


def files(world: World, **more: object) -> Filing | None:
    """File the pool on the world's day, with real chance."""
    it = world.installation
    return file_pool(it.database, it.clock, it.keyring, SystemChance(), **more)


def killed_at(world: World, step: str) -> int:
    """File in another process that is killed (as with `kill -9`) once a step is done; gives its return code."""
    it = world.installation
    address = it.database.engine.url.render_as_string(hide_password=False)
    words = [address, str(it.keyring.folder), it.clock.now().date().isoformat(), step]
    command = [sys.executable, "-m", "tests.support.filing", *words]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _run(address: str, keys: str, day: str, fatal: str) -> None:
    def step(name: str) -> None:
        if name == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    file_pool(Database(address), FixedClock.on(day), Keyring.load(Path(keys)), SystemChance(), step=step)


if __name__ == "__main__":
    _run(*sys.argv[1:])
