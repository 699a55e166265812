"""`make scan`: a black-box scanner over every surface as each role, against a throw-away clinic on this machine.

Wapiti is installed into a folder of its own and never into the environment of the product. What it found is printed as
JSON, one line per role; `docs/security-scan.md` keeps the last result, with each finding explained. Takes about half an
hour; `SCAN_SECONDS` says for how long each group of attacks is tried, per role.
"""

import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from feedback.bootstrap import make_installation
from feedback.demo.clinic import make_demo
from feedback.demo.folder import settings_of
from feedback.domain.care import Role
from feedback.persistence.accounts.accounts import add_staff, list_staff
from feedback.persistence.clinic.clinics import list_clinics
from feedback.services.accounts.keep_signed_in import start_session
from tests.support.online import Served, running
from tests.support.serving import address, free_port

SCANNER = "wapiti3==3.2.3"
SECONDS = int(os.environ.get("SCAN_SECONDS", "60"))
ATTACKS = (
    "cookieflags,csp,csrf,htaccess,http_headers,methods",
    "crlf,exec,file,ldap,redirect,xxe",
    "sql,timesql",
    "permanentxss,upload,xss",
)
"""All that need no server of the scanner's makers. The product itself asks no address that a visitor gives it."""

NEVER = ("/sign-out", "/account/sign-out-everywhere", "/account/sessions/*")
"""What would end the scanner's own session; the tests try these."""

FIRST_PAGES = {
    None: ("/", "/code", "/withdraw", "/help", "/sign-in", "/k"),
    Role.THERAPIST: ("/dashboard", "/cases", "/account", "/clinic/releases"),
    Role.SUPERVISOR: ("/shared", "/account", "/clinic/releases"),
    Role.CLINIC_ADMIN: ("/clinic", "/clinic/staff", "/clinic/settings", "/clinic/instruments", "/account"),
    Role.AUDITOR: ("/clinic/audit", "/account", "/clinic/releases"),
    Role.DESK: ("/desk", "/account"),
}


@dataclass(frozen=True)
class Target:
    """A served clinic: its address, a form's link, and a cookie for each role."""

    base_url: str
    form: str
    cookies: dict[Role, str]


@contextmanager
def target(folder: Path) -> Iterator[Target]:
    """Make a small demo with somebody signed in for each role, and serve it."""
    base_url = address(free_port())
    it = make_installation(settings_of(folder, base_url))
    made = make_demo(it, cases=24, months=3, seed=1)
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
        inside.commit()
    it.database.close()
    own = {"DATA_DIR": str(it.settings.data_dir), "KEYS_DIR": str(it.settings.keys_dir), "BASE_URL": base_url}
    environment = os.environ | {f"FEEDBACK_{name}": value for name, value in own.items()}
    with running(Served(base_url, "", environment, folder)):
        yield Target(base_url, f"{base_url}/F/{made.code.token}", cookies)


def scan(scanner: Path, clinic: Target, role: Role | None, report: Path) -> dict:
    """Crawl, then attack what was found, as one role; None is a client and whoever is not signed in.

    Each group of attacks is a process of its own that ends when its time is over; what it found until then is kept.
    """
    shared = [str(scanner), "-u", f"{clinic.base_url}/", "-f", "json", "-o", str(report), "--tasks", "4", "-v", "0"]
    shared += ["--no-bugreport", "--drop-set-cookie", "--store-session", str(report.with_suffix(".session"))]
    shared += ["--store-config", str(report.with_suffix(".config"))]
    shared += [word for path in NEVER for word in ("-x", clinic.base_url + path)]
    if role:
        shared += ["-C", f"feedback_staff={clinic.cookies[role]}"]
    starts = [clinic.base_url + path for path in FIRST_PAGES[role]] + ([] if role else [clinic.form])
    _run(shared + ["-m", "", "--max-scan-time", str(SECONDS)] + [word for start in starts for word in ("-s", start)], 2)
    unfinished = [attacks for attacks in ATTACKS if not _run([*shared, "--skip-crawl", "-m", attacks], 1)]
    _run([*shared, "--skip-crawl", "-m", "cookieflags"], 2)
    return json.loads(report.read_text(encoding="utf-8")) | {"unfinished": unfinished}


def _run(command: list[str], times: int) -> bool:
    """Say whether it came to its end within its time."""
    try:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=SECONDS * times)
    except subprocess.TimeoutExpired:
        return False
    return True


def summary(role: Role | None, found: dict) -> dict:
    """Give what is worth keeping of a report: how much was looked at, and each finding once."""
    findings = {
        (kind, one["method"], one["path"], one["parameter"] or "", one["info"])
        for group in ("vulnerabilities", "anomalies", "additionals")
        for kind, ones in found[group].items()
        for one in ones
    }
    pages = found["infos"].get("crawled_pages_nbr")
    said = {"role": role or "not signed in", "pages": pages, "findings": sorted(findings)}
    return said | {"ended by time": found["unfinished"]}


def main() -> None:
    """Install the scanner, scan as each role, print a line for each."""
    with TemporaryDirectory() as scratch:
        place = Path(scratch)
        venv.create(place / "scanner", with_pip=True)
        subprocess.run([place / "scanner/bin/pip", "install", "--quiet", SCANNER], check=True)
        (place / "clinic").mkdir()
        with target(place / "clinic") as clinic:
            for role in FIRST_PAGES:
                found = scan(place / "scanner/bin/wapiti", clinic, role, place / f"{role}.json")
                print(json.dumps(summary(role, found)), flush=True)
        sys.stderr.write((place / "clinic/serve.log").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
