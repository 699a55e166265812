"""A stranger's hour: from an empty Debian to a clinic in use, each step as docs/for-operators.md has it.

`make stranger`, as root, with debootstrap. The lines of *One small server in ten minutes* are read from the page and
typed into a fresh root file system; then people use the clinic in browsers, and it is backed up and restored.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from tests.support import chromium, driver
from tests.support.folders import ROOT
from tests.support.online import wait_until_ready
from tests.support.people import Client, StaffMember
from tests.support.serving import HOST, address, free_port

PACKAGES = "python3,python3-venv,git,make,ca-certificates,curl"
SUITE = os.environ.get("SUITE", "bookworm")
"""Which Debian: bookworm is 12, trixie is 13."""

DEBIAN = os.environ.get("DEBIAN")
"""Where debootstrap made such a root file system before, to begin from a copy of it."""

ON_THIS_MACHINE = ("/etc/resolv.conf", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt")
"""How packages are reached from here; the product's own files come from nowhere else."""

NO_INIT = re.compile(r"apt-get |git clone |certbot |sed ")
"""Lines that need a running system, names in the network or the repository's address."""

BACKUP = "/var/backups/feedback.backup"


class Machine:
    """A root file system to type commands into."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def types(self, line: str) -> str:
        """Type a line as root, and give what it prints; it has to end well."""
        print(f"# {line}", flush=True)
        done = subprocess.run(
            ["chroot", self.folder, "/bin/sh", "-euc", f"cd /opt/feedback 2>/dev/null || true; {line}"],
            env={**_reaching_packages(), "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        print(done.stdout, flush=True)
        return done.stdout

    @contextmanager
    def serves(self, port: int) -> Iterator[None]:
        """Run what the systemd unit runs, until the block ends."""
        unit = (ROOT / "deploy/systemd/feedback.service").read_text()
        line = re.search(r"^ExecStart=/opt/feedback/\.venv/bin/(.+)$", unit, flags=re.MULTILINE)
        assert line is not None
        command = ["chroot", str(self.folder), "/usr/local/bin/feedback", *line[1].split()[1:]]
        with subprocess.Popen([each.replace("8000", str(port)) for each in command]) as process:
            try:
                wait_until_ready(f"{address(port)}/readyz", process)
                yield
            finally:
                process.terminate()


def _reaching_packages() -> dict[str, str]:
    wanted = re.compile(r"PIP_|SSL_|REQUESTS_|(?:https?|no)_proxy$", flags=re.IGNORECASE)
    return {name: value for name, value in os.environ.items() if wanted.match(name)}


def steps() -> list[str]:
    """Return the lines of the page's section, each whole."""
    page = (ROOT / "docs/for-operators.md").read_text(encoding="utf-8")
    block = re.search(r"## One small server in ten minutes.*?```sh\n(.*?)```", page, flags=re.DOTALL)
    assert block is not None
    return block[1].replace("\\\n", " ").splitlines()


@contextmanager
def bare_machine() -> Iterator[Machine]:
    """Make an empty Debian with what the page begins with."""
    folder = Path(tempfile.mkdtemp(prefix="rapport-stranger-"))
    if DEBIAN:
        subprocess.run(["cp", "--archive", f"{DEBIAN}/.", folder], check=True)
    else:
        subprocess.run(["debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, folder], check=True)
    folder.chmod(0o755)  # the root directory of a machine, which everybody on it may enter
    for name in ON_THIS_MACHINE:
        if Path(name).exists():
            shutil.copy(name, folder / name.lstrip("/"))
    try:
        yield Machine(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def installs(machine: Machine, port: int) -> str:
    """Type the section; give the invitation of the first clinic admin."""
    subprocess.run(["git", "clone", "--quiet", ROOT, machine.folder / "opt/feedback"], check=True)
    said = machine.types("make setup")
    for line in steps():
        ours = line.replace("https://feedback.clinic.example", address(port)).replace("PROXIES=1", "PROXIES=0")
        if not NO_INIT.match(line) and "systemctl" not in line and "doctor" not in line:
            said += machine.types(ours)
    link = re.search(r"http://\S+/invite/\S+", said)
    assert link is not None, said
    return link[0]


def first_flag(browser: Browser, base_url: str, invitation: str) -> tuple[str, StaffMember]:
    """Let the admin invite Dana, Dana show a code, and a client answer; give the case and Dana."""

    def tab() -> StaffMember:
        return StaffMember(browser.new_context(java_script_enabled=False, locale="en-GB").new_page(), base_url)

    anna, dana = tab(), tab()
    anna.takes_up(invitation)
    anna.page.goto(f"{base_url}/clinic/settings")
    anna.page.get_by_label("Someone to talk to who is not the therapist").fill("Anna Lind, 020 7946 0000")
    anna.page.get_by_role("button", name="Save").click()
    anna.page.goto(f"{base_url}/clinic/staff")
    anna.page.get_by_label("E-mail").fill("dana@example.org")
    anna.page.get_by_label("Name clients see").fill("Dana")
    anna.page.get_by_label("Role").select_option("therapist")
    anna.page.get_by_role("button", name="Invite", exact=True).click()
    dana.takes_up(anna.page.locator("p.addr").inner_text())
    case = dana.opens_a_case()
    client = Client(browser.new_context(java_script_enabled=False, locale="en-GB"))
    client.scans(dana.shows_a_code(case))
    client.rates(4, safe=2)
    client.chooses("A little", "held something back", "Please bring it up with me")
    client.sends("Send to Dana")
    sees(dana, case)
    return case, dana


def sees(dana: StaffMember, case: str) -> None:
    """See the case on the dashboard."""
    expect(dana.looks_at_the_dashboard().locator(f'article[data-case="{case}"]')).to_contain_text("a little")


def main() -> None:
    """Go the whole way."""
    driver.choose()
    port = free_port()
    with bare_machine() as machine, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium.provide()), args=chromium.flags())
        invitation = installs(machine, port)
        with machine.serves(port):
            case, dana = first_flag(browser, address(port), invitation)
            machine.types("feedback run-due")
            machine.types(f"install -d -o feedback -m 0700 /var/backups && feedback db backup {BACKUP}")
        machine.types("find /var/lib/feedback -mindepth 1 -maxdepth 1 ! -name journal -exec rm -r {} +")
        machine.types(f"feedback db restore {BACKUP} && feedback run-due && feedback audit verify")
        with machine.serves(port):
            dana.signs_in("dana@example.org")
            sees(dana, case)
        browser.close()
    print(f"From an empty Debian to a flag, a backup and a restored flag, at {HOST}.")


if __name__ == "__main__":
    sys.exit(main())
