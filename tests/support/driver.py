"""The program that drives the browser: the test tool brings its own, which wants a library that a bare system lacks."""

import os
import subprocess
from importlib.util import find_spec
from pathlib import Path

from tests.support import debian
from tests.support.folders import CACHE

CHOICE = "PLAYWRIGHT_NODEJS_PATH"
PACKAGES = ("libatomic1", "libstdc++6")
UNPACKED = CACHE / "driver"
WRAPPER = UNPACKED / "node"


class NoDriver(Exception):
    """The driver does not start; the message says why."""


def provide() -> None:
    """Make sure that the driver starts, fetching its libraries if they are not there. Raises `NoDriver`."""
    choose()
    if _fault() is None:
        return
    try:
        _fetch_libraries()
    except (debian.NotDebian, OSError, subprocess.CalledProcessError) as error:
        raise NoDriver(f"{_fault()} ({error})") from error
    choose()
    fault = _fault()
    if fault is not None:
        raise NoDriver(fault)


def choose() -> None:
    """Point the test tool at the driver that was given its libraries, if there is one."""
    if WRAPPER.exists():
        os.environ.setdefault(CHOICE, str(WRAPPER))


def _bundled() -> Path:
    tool = find_spec("playwright")
    if tool is None or tool.origin is None:
        raise NoDriver("playwright is not installed")
    return Path(tool.origin).parent / "driver/node"


def _fault() -> str | None:
    program = os.environ.get(CHOICE) or _bundled()
    done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=False)
    return done.stderr.strip() if done.returncode else None


def _fetch_libraries() -> None:
    if os.geteuid() == 0:
        debian.install(PACKAGES)
        return
    debian.unpack(PACKAGES, UNPACKED / "root")
    debian.wrap(_bundled(), UNPACKED / "root", WRAPPER)
