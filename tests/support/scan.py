"""`make scan`: a black-box scanner over every surface as each role, each in a throw-away clinic of its own.

Wapiti is installed into a folder of its own and never into the environment of the product. What it found goes into
`docs/security-scan.md` role by role, each finding beside its explanation (`tests/support/scan_page.py`); a finding
without one, a fault of the server, or a sign-in that did not last to the end, ends the command with status 1.
`SCAN_SECONDS` says for how long each group of attacks may go on, per role.
"""

import json
import os
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from feedback.bootstrap import make_installation
from feedback.demo.clinic import make_demo
from feedback.demo.folder import settings_of
from feedback.domain.care import Role
from feedback.persistence.accounts.accounts import add_staff, list_staff
from feedback.persistence.clinic.clinics import list_clinics
from feedback.services.accounts.keep_signed_in import start_session
from tests.support.online import Served, running
from tests.support.scan_page import SCANNER, Scanned, read_report, unexplained, write_page
from tests.support.serving import address, free_port

_MAKING = Lock()
"""Held while a clinic is made: what makes its tables can do so once at a time in a process."""

SECONDS = int(os.environ.get("SCAN_SECONDS", "60"))
AT_ONCE = int(os.environ.get("SCAN_AT_ONCE", "3"))
"""Roles that are scanned beside one another: a scanner waits much."""

MOST_ALIKE = 4
"""Addresses of one folder that are attacked: all cases are one program. The token of a form is left as it is, or every
attack would end at it; the tests try tokens."""

ATTACKS = (
    "cookieflags,crlf,csp,csrf,htaccess,http_headers,ldap,methods,redirect,xxe",
    "permanentxss,upload,xss",
    "sql",
    "timesql",
    "file",
    "exec",
)
"""All that need no server of the scanner's makers. The product itself asks no address that a visitor gives it. Those
that take long stand alone, so that a limit which ends one keeps no other from its turn."""

NEVER = (
    "/sign-out",
    "/account/sign-out-everywhere",
    "/account/sessions/*",
    "/account/password",
    "/account/second-step",
)
"""What would end the scanner's own session, or begin another (a payload is a good password); the tests try these."""

OPEN = ("/", "/code", "/withdraw", "/help", "/sign-in", "/k", "/k/*", "/F/*", "/thanks/*", "/preview*", "/sign-in/*")
"""Attacked as nobody alone: these pages do not look at who is signed in."""

FIRST_PAGES = {
    None: ("/", "/code", "/withdraw", "/help", "/sign-in", "/k"),
    Role.THERAPIST: ("/dashboard", "/cases", "/sheet", "/own-figures", "/notices", "/account", "/clinic/releases"),
    Role.SUPERVISOR: ("/shared", "/account", "/clinic/releases"),
    Role.CLINIC_ADMIN: ("/clinic", "/clinic/staff", "/clinic/settings", "/clinic/instruments", "/account"),
    Role.AUDITOR: ("/clinic/audit", "/account", "/clinic/releases"),
    Role.DESK: ("/desk", "/sheet", "/poster", "/account"),
}


@dataclass(frozen=True)
class Target:
    """A served clinic: its address, a form's link, a cookie for each role, and what the server writes."""

    base_url: str
    form: str
    cookies: dict[Role, str]
    log: Path


@contextmanager
def target(folder: Path) -> Iterator[Target]:
    """Make a small demo with somebody signed in for each role, and serve it."""
    base_url = address(free_port())
    with _MAKING:
        folders, token, cookies = _demo(folder, base_url)
    own = {"DATA_DIR": str(folders[0]), "KEYS_DIR": str(folders[1]), "BASE_URL": base_url}
    environment = os.environ | {f"FEEDBACK_{name}": value for name, value in own.items()}
    with running(Served(base_url, "", environment, folder)):
        yield Target(base_url, f"{base_url}/F/{token}", cookies, folder / "serve.log")


def _demo(folder: Path, base_url: str) -> tuple[tuple[Path, Path], str, dict[Role, str]]:
    """Return the folders of data and keys of a new demo, the token of a code in it, and a cookie for each role."""
    it = make_installation(settings_of(folder, base_url))
    made = make_demo(it, cases=12, months=2, seed=1)
    cookies: dict[Role, str] = {}
    with it.database.writing(None) as uow:
        inside = uow.within(list_clinics(uow)[0].id)
        known = {person.role: person for person in list_staff(inside)}
        for role in Role:
            if role not in known:
                add_staff(inside, replace(known[Role.THERAPIST], id=role, email=f"{role}@harbour.example", role=role))
        known = {person.role: person for person in list_staff(inside)}
        for role, person in known.items():
            cookies[role] = start_session(inside, it.clock, it.keyring, it.chance, staff=person)
    it.database.close()
    return (it.settings.data_dir, it.settings.keys_dir), made.code.token, cookies


def scan(scanner: Path, clinic: Target, role: Role | None, report: Path) -> Scanned:
    """Crawl, then attack what was found, as one role; None is a client and whoever is not signed in.

    Each group of attacks is a process of its own that ends when its time is over; what it found until then is kept.
    """
    shared = [str(scanner), "-u", f"{clinic.base_url}/", "-f", "json", "-o", str(report), "--tasks", "4", "-v", "0"]
    shared += ["--no-bugreport", "--store-session", str(report.with_suffix(".session"))]
    shared += ["--store-config", str(report.with_suffix(".config"))]
    shared += [word for path in NEVER + (OPEN if role else ()) for word in ("-x", clinic.base_url + path)]
    shared += ["--max-files-per-dir", str(MOST_ALIKE), "-S", "polite", "--skip", "csrf_token"]
    if role:
        shared += ["-C", f"feedback_staff={clinic.cookies[role]}"]
    starts = [clinic.base_url + path for path in FIRST_PAGES[role]] + ([] if role else [clinic.form])
    begun = time.monotonic()
    _run([*shared, "-m", "", *(word for start in starts for word in ("-s", start))], report, SECONDS * 2)
    cut = [attacks for attacks in ATTACKS if not _run([*shared, "--skip-crawl", "-m", attacks], report, SECONDS)]
    _run([*shared, "--skip-crawl", "-m", "cookieflags"], report, SECONDS * 2)
    opened, faults = _answers(clinic.log)
    return read_report(
        json.loads(report.read_text(encoding="utf-8").replace(clinic.base_url, "")),
        role.value if role else "nobody, a client",
        tuple(cut),
        minutes=round((time.monotonic() - begun) / 60),
        opened=opened,
        stayed=role is None or (opened >= len(FIRST_PAGES[role]) and _is_signed_in(clinic, role)),
        faults=faults,
    )


def _run(command: list[str], report: Path, seconds: int) -> bool:
    """Return whether it came to its end within its time."""
    with report.with_suffix(".log").open("ab") as log:
        try:
            subprocess.run(command, check=True, stdout=log, stderr=log, timeout=seconds)
        except subprocess.TimeoutExpired:
            return False
    return True


def _is_signed_in(clinic: Target, role: Role) -> bool:
    request = Request(f"{clinic.base_url}/account", headers={"Cookie": f"feedback_staff={clinic.cookies[role]}"})  # noqa: S310  our own server
    with urlopen(request, timeout=30) as answer:  # noqa: S310  our own server
        return urlsplit(answer.url).path == "/account"  # and not /sign-in?next=/account


def _answers(log: Path) -> tuple[int, int]:
    """Count, in what the server wrote, the staff's addresses that opened, and the answers that were its own fault."""
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]
    opened = {line.get("route") for line in lines if (line.get("method"), line.get("status")) == ("GET", 200)}
    return len(opened), sum(1 for line in lines if int(line.get("status") or 0) >= 500)


def main() -> None:
    """Install the scanner, scan as each role, write down each as it is done."""
    done: dict[Role | None, Scanned] = {}
    with TemporaryDirectory() as scratch, ThreadPoolExecutor(AT_ONCE) as workers:
        place = Path(scratch)
        venv.create(place / "scanner", with_pip=True)
        subprocess.run([place / "scanner/bin/pip", "install", "--quiet", SCANNER], check=True)
        begun = {workers.submit(_as, role, place): role for role in FIRST_PAGES}
        for ended in as_completed(begun):
            done[begun[ended]] = ended.result()
            print(ended.result(), flush=True)
            write_page([done[role] for role in FIRST_PAGES if role in done], SECONDS)
    sys.exit(1 if any(unexplained(one) for one in done.values()) else 0)


def _as(role: Role | None, place: Path) -> Scanned:
    folder = place / f"as {role}"
    folder.mkdir()
    with target(folder) as clinic:
        return scan(place / "scanner/bin/wapiti", clinic, role, folder / "report.json")


if __name__ == "__main__":
    main()
