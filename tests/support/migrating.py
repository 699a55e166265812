"""An upgrade in a process of its own that is killed before one of its statements.

`python -m tests.support.migrating ADDRESS REVISION STATEMENT`
"""

import os
import signal
import subprocess
import sys

from sqlalchemy import event

from feedback import paths
from feedback.persistence.database import Database
from feedback.persistence.upkeep import migrate
from tests.support.folders import ROOT


def killed_before(database: Database, revision: str, statement: int) -> int:
    """Upgrade in another process that is killed (as with `kill -9`) before its nth statement; gives its return code."""
    address = database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.support.migrating", address, revision, str(statement)]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _run(address: str, revision: str, fatal: str) -> None:
    database, seen = Database(address), [0]

    def count(*_: object) -> None:
        seen[0] += 1
        if seen[0] == int(fatal):
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.engine, "before_cursor_execute", count)
    migrate.upgrade(database, paths.migrations(), revision)


if __name__ == "__main__":
    _run(*sys.argv[1:])
