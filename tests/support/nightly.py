"""What runs at night, in a process of its own that can be killed at a step.

`python -m tests.support.nightly WHAT ADDRESS KEYS JOURNAL DAY STEP`, where WHAT is `rewrite` or `purge`.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from feedback.domain.clock import FixedClock
from feedback.persistence.database import Database
from feedback.persistence.figures.journal import Journal
from feedback.security.access_codes import SystemChance
from feedback.security.keyring import Keyring
from feedback.services.upkeep.purge import purge
from feedback.services.upkeep.rewrite_submissions import Rewritten, rewrite_submissions
from tests.support.folders import ROOT
from tests.support.world import World


def rewrites(world: World, **more: object) -> Rewritten | None:
    """Rewrite the sealed submissions on the world's day, with real chance."""
    it = world.installation
    return rewrite_submissions(it.database, it.clock, it.keyring, SystemChance(), **more)


def killed_at(world: World, step: str, what: str = "rewrite") -> int:
    """Do it in another process that is killed (as with `kill -9`) once a step is done; gives its return code."""
    it = world.installation
    address = it.database.engine.url.render_as_string(hide_password=False)
    folders = [str(it.keyring.folder), str(it.settings.data_dir / "journal")]
    words = [what, address, *folders, it.clock.now().date().isoformat(), step]
    it.database.close()
    command = [sys.executable, "-m", "tests.support.nightly", *words]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _run(words: list[str]) -> None:
    what, address, keys, journal, day, fatal = words

    def step(name: str) -> None:
        if name == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    database, clock = Database(address), FixedClock.on(day)
    if what == "purge":
        purge(database, clock, SystemChance(), Journal(Path(journal)), step=step)
    else:
        rewrite_submissions(database, clock, Keyring.load(Path(keys)), SystemChance(), step=step)


if __name__ == "__main__":
    _run(sys.argv[1:])
