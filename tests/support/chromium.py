"""Finds a real Chromium for the suite, and fetches one where there is none: `python -m tests.support.chromium`.

In this order: `FEEDBACK_TEST_CHROMIUM`; PATH; as root the distribution's package; that package with all it needs,
unpacked into `.cache/`; last the test tool's own download. A browser that does not start does not count.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.support import debian, driver
from tests.support.folders import CACHE

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "chromium-sandbox", "fonts-dejavu-core")
FLAGS = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
UNPACKED = CACHE / "chromium"
WRAPPER = UNPACKED / "chromium"
DOWNLOADS = CACHE / "playwright"


class NoChromium(Exception):
    """No browser could be found or fetched; the message says what was tried."""


def flags() -> list[str]:
    """Return the flags every launch needs: a quiet browser, without its sandbox only where root may not have one."""
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(FLAGS)


def find() -> Path | None:
    """Return a browser that is already here and starts, or nothing. Raises `NoChromium` where none ever could."""
    named = os.environ.get("FEEDBACK_TEST_CHROMIUM")
    if named:
        return Path(named)
    return next((path for path in _present() if _starts(path)), None)


def provide() -> Path:
    """Return a browser, fetching one if there is none. Raises `NoChromium`."""
    found = find()
    tried = []
    ways = [_unpack_package, _download] if os.geteuid() else [_install_package, _unpack_package, _download]
    for way in ways:
        if found:
            break
        try:
            way()
        except (debian.NotDebian, OSError, subprocess.CalledProcessError) as error:
            tried.append(f"{way.__name__.strip('_')}: {error}")
        found = find()
    if found is None:
        raise NoChromium("; ".join(tried) + ". Install Chromium, or name one in FEEDBACK_TEST_CHROMIUM.")
    return found


def _present() -> Iterator[Path]:
    yield from (Path(path) for path in map(shutil.which, NAMES) if path)
    if WRAPPER.exists():
        yield WRAPPER
    yield from sorted(DOWNLOADS.glob("chromium-*/chrome-*/chrome"))
    yield from sorted(DOWNLOADS.glob("chromium-*/chrome-*/*.app/Contents/MacOS/*"))


def _starts(path: Path) -> bool:
    """Open an empty page. A library that is missing, or a sandbox the system forbids, shows only then."""
    with tempfile.TemporaryDirectory() as home:
        command = [path, *flags(), "--headless", "--disable-gpu", f"--user-data-dir={home}", "--dump-dom", "data:,"]
        try:
            done = subprocess.run(
                command, env=os.environ | {"HOME": home}, capture_output=True, text=True, timeout=60, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
    if "No usable sandbox" in done.stderr:
        raise NoChromium(
            f"{path}: this system lets no ordinary user start the browser's sandbox. Allow user namespaces, install "
            "chromium-sandbox, or name in FEEDBACK_TEST_CHROMIUM a script that starts the browser with --no-sandbox."
        )
    return done.returncode == 0 and "<html" in done.stdout


def _install_package() -> None:
    debian.install(PACKAGES)


def _unpack_package() -> None:
    """Unpack the package beside what the system has, and write a script that shows it its libraries and fonts."""
    root = UNPACKED / "root"
    debian.unpack(PACKAGES, root)
    fonts = UNPACKED / "fonts.conf"
    folders = "".join(f"<dir>{folder}</dir>" for folder in (root / "usr/share/fonts", "/usr/share/fonts"))
    fonts.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n'
        f"<fontconfig>{folders}<cachedir>{UNPACKED}/font-cache</cachedir></fontconfig>\n"
    )
    debian.wrap(root / "usr/lib/chromium/chromium", root, WRAPPER, FONTCONFIG_FILE=fonts)


def _download() -> None:
    libraries = [] if os.geteuid() else ["--with-deps"]
    command = [sys.executable, "-m", "playwright", "install", "--no-shell", *libraries, "chromium"]
    subprocess.run(command, check=True, env=os.environ | {"PLAYWRIGHT_BROWSERS_PATH": str(DOWNLOADS)})


def main() -> int:
    """Print the browser's path; exit with 1 and what was tried when there is none."""
    try:
        driver.provide()
        print(f"Chromium: {provide()}")
    except (NoChromium, driver.NoDriver) as error:
        print(f"No browser to test with: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
