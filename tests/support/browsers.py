"""Chromium, Firefox and WebKitGTK, each as people have it: found, or fetched as the distribution's package.

`python -m tests.support.browsers` does that before the suite runs, and prints what it did not find as *not checked*.
Tests that ask for `tab` run once in each; in one that is not here they are skipped with the reason, never passed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support import chromium, debian
from tests.support.folders import CACHE
from tests.support.serving import free_port
from tests.support.webdriver import HttpWire, MarionetteWire, Tab, Wire

NAMES = ("chromium", "firefox", "webkit")
FIREFOX = ("firefox-esr", "firefox")
MINI_BROWSERS = ("webkit2gtk-4.1/MiniBrowser", "webkit2gtk-4.0/MiniBrowser", "webkitgtk-6.0/MiniBrowser")
PACKAGES: Mapping[str, tuple[str, ...]] = {
    "chromium": ("chromium-driver",),
    "firefox": ("firefox-esr",),
    "webkit": ("webkit2gtk-driver", "xvfb", "xauth"),
}
UNPACKED = CACHE / "firefox"
WRAPPER = UNPACKED / "firefox-esr"
START_SECONDS = 60.0

PREFERENCES: Mapping[str, str] = {
    "marionette.port": "0",
    "dom.confirm_repost.testing.always_accept": "true",
    "browser.shell.checkDefaultBrowser": "false",
    "datareporting.policy.dataSubmissionEnabled": "false",
    "app.update.disabledForTesting": "true",
    "network.captive-portal-service.enabled": "false",
    "network.connectivity-service.enabled": "false",
    "services.settings.server": '"data:,#remote-settings-dummy/v1"',
}
"""A quiet browser that says yes where a person is asked whether to send a form again."""


class NotHere(Exception):
    """A browser that cannot be started here; the message says why."""


def chromedriver() -> str:
    """Return the driver of Chromium. Raises `NotHere`."""
    found = shutil.which("chromedriver") or shutil.which("chromium.chromedriver")
    return found or _missing("no chromedriver on PATH (Debian: chromium-driver)")


def firefox() -> str:
    """Return Firefox. Raises `NotHere`."""
    named = os.environ.get("FEEDBACK_TEST_FIREFOX")
    found = named or next(filter(None, map(shutil.which, FIREFOX)), None) or (WRAPPER.exists() and str(WRAPPER))
    return found or _missing("no Firefox on PATH (Debian: firefox-esr)")


def webkit() -> tuple[str, str, str]:
    """Return WebKitGTK's driver, its browser and the virtual display it is shown on. Raises `NotHere`."""
    programs = [shutil.which(name) for name in ("WebKitWebDriver", "Xvfb")]
    places = [place / name for place in sorted(Path("/usr/lib").glob("*-linux-*")) for name in MINI_BROWSERS]
    mini = next((str(place) for place in places if place.exists()), None)
    if not all([*programs, mini]):
        _missing("no WebKitWebDriver with MiniBrowser and Xvfb (Debian: webkit2gtk-driver, xvfb)")
    return str(programs[0]), str(mini), str(programs[1])


FINDERS: Mapping[str, Callable[[], Any]] = {"chromium": chromedriver, "firefox": firefox, "webkit": webkit}


def _missing(what: str) -> Any:
    raise NotHere(what)


def provide(name: str) -> None:
    """Find a browser with its driver, or fetch it. Raises `NotHere`."""
    with suppress(NotHere):
        return FINDERS[name]()
    try:
        if os.geteuid() == 0:
            debian.install(PACKAGES[name])
        elif name == "firefox":
            _unpack_firefox()
        else:
            _missing(f"only root installs {' and '.join(PACKAGES[name])}")
    except (debian.NotDebian, OSError, subprocess.CalledProcessError) as error:
        raise NotHere(f"{error}") from error
    return FINDERS[name]()


def _unpack_firefox() -> None:
    """Unpack the package beside what the system has. WebKit cannot be: it looks for its parts under /usr alone."""
    root = UNPACKED / "root"
    debian.unpack(PACKAGES["firefox"], root)
    debian.wrap(root / "usr/lib/firefox-esr/firefox-esr", root, WRAPPER)


@dataclass(frozen=True)
class Start:
    """How a browser is started: with what is ended after it, in which home, and whether with JavaScript."""

    stack: ExitStack
    home: Path
    environment: dict[str, str]
    has_javascript: bool

    def run(self, command: list[str], **more: str) -> subprocess.Popen[bytes]:
        """Let a program run until the browser is ended."""
        environment = self.environment | more
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.stack.callback(_end, process)
        return process


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(10)
    process.kill()
    process.wait()
    if process.stdout:
        process.stdout.close()


@contextmanager
def started(name: str, *, javascript: bool = True) -> Iterator[Wire]:
    """Start a browser without anything from an earlier one, and end it after the block. Raises `NotHere`."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        environment = os.environ | {"HOME": str(home), "NO_AT_BRIDGE": "1", "GTK_A11Y": "none"}
        try:
            wire = _STARTERS[name](Start(stack, home, environment, javascript))
        except (AssertionError, OSError) as error:
            raise NotHere(f"it does not start: {error}") from error
        stack.callback(wire.close)
        wire.send("SetTimeouts", {"pageLoad": 30_000, "implicit": 0})
        yield wire


def _start_chromium(start: Start) -> Wire:
    port = free_port()
    start.run([chromedriver(), f"--port={port}"])
    path = chromium.find()
    if path is None:
        _missing("no Chromium")
    options: dict[str, Any] = {
        "binary": str(path),
        "args": [*chromium.flags(), "--headless=new", "--disable-gpu", "--lang=en-GB"],
        "prefs": {} if start.has_javascript else {"profile.managed_default_content_settings.javascript": 2},
    }
    wanted = {"acceptInsecureCerts": True, "goog:chromeOptions": options}
    return _when_up(lambda: HttpWire(port, wanted))


def _start_firefox(start: Start) -> Wire:
    preferences = PREFERENCES | ({} if start.has_javascript else {"javascript.enabled": "false"})
    lines = [f'user_pref("{name}", {value});\n' for name, value in preferences.items()]
    (start.home / "user.js").write_text("".join(lines))
    start.run([firefox(), "--headless", "--marionette", "--no-remote", "--profile", str(start.home)])
    port = start.home / "MarionetteActivePort"
    return _when_up(lambda: MarionetteWire(int(port.read_text()), {"acceptInsecureCerts": True}))


def _start_webkit(start: Start) -> Wire:
    if not start.has_javascript:
        _missing("its driver finds elements by JavaScript, so that cannot be switched off")
    driver, browser, display = webkit()
    screen = [display, "-displayfd", "1", "-screen", "0", "1280x1400x24", "-nolisten", "tcp"]
    shown = start.run(screen)
    assert shown.stdout is not None
    number = shown.stdout.readline().decode().strip()
    port = free_port()
    start.run([driver, f"--port={port}"], DISPLAY=f":{number}", GDK_BACKEND="x11")
    options = {"binary": browser, "args": ["--automation"]}
    wanted = {"acceptInsecureCerts": True, "webkitgtk:browserOptions": options}
    return _when_up(lambda: HttpWire(port, wanted))


_STARTERS: Mapping[str, Callable[[Start], Wire]] = {
    "chromium": _start_chromium,
    "firefox": _start_firefox,
    "webkit": _start_webkit,
}


def _when_up(connect: Callable[[], Wire]) -> Wire:
    """Connect as soon as somebody answers. Raises `OSError`."""
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            return connect()
        except (OSError, ValueError) as error:
            if time.monotonic() > until:
                raise OSError(f"nobody answers: {error}") from error
        time.sleep(0.05)


@pytest.fixture(scope="session")
def running() -> Iterator[Callable[..., Wire]]:
    """Browsers by name, each started once in a process, when it is first asked for."""
    with ExitStack() as stack:
        wires: dict[tuple[str, bool], Wire | NotHere] = {}

        def start(name: str, *, javascript: bool = True) -> Wire:
            if (name, javascript) not in wires:
                try:
                    provide(name)
                    wires[name, javascript] = stack.enter_context(started(name, javascript=javascript))
                except NotHere as error:
                    wires[name, javascript] = error
            wire = wires[name, javascript]
            if isinstance(wire, NotHere):
                pytest.skip(f"not checked in {name}: {wire}")
            return wire

        yield start


@pytest.fixture(params=NAMES)
def tab(running: Callable[..., Wire], request: pytest.FixtureRequest) -> Iterator[Tab]:
    """A tab with an empty history, in each browser in turn."""
    tab = Tab(running(request.param), request.param)
    yield tab
    tab.close()


@pytest.fixture(params=NAMES)
def tab_without_javascript(running: Callable[..., Wire], request: pytest.FixtureRequest) -> Iterator[Tab]:
    """The same with JavaScript off, where a browser can do that and still be driven."""
    tab = Tab(running(request.param, javascript=False), request.param)
    yield tab
    tab.close()


def main() -> int:
    """Provide every browser; print those that will not be checked. Only Chromium's lack ends it with 1."""
    failed = chromium.main()
    for name in NAMES:
        try:
            provide(name)
            print(f"{name}: found")
        except NotHere as error:
            print(f"{name}: NOT CHECKED: {error}", file=sys.stderr)
    return failed


if __name__ == "__main__":
    sys.exit(main())
