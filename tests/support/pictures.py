"""The pictures of the README, taken from the demo: `make pictures`.

The demo's day and seed are fixed, so a picture changes only when a page does.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.support import chromium
from tests.support.folders import ROOT
from tests.support.online import wait_until_ready
from tests.support.serving import address, free_port

PICTURES = ROOT / "docs" / "pictures"
TODAY = "2026-03-02T15:00:00+00:00"
PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1280, "height": 900}


def main() -> None:
    """Start the demo, take the four pictures, stop it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "demo.json"
        command = [sys.executable, "-m", "feedback", "demo", "--dir", f"{folder}/demo", "--port", str(port)]
        process = subprocess.Popen([*command, "--now", TODAY, "--json", str(told)], stdout=subprocess.DEVNULL)
        try:
            wait_until_ready(f"{address(port)}/readyz", process)
            take(json.loads(told.read_text(encoding="utf-8")))
        finally:
            process.terminate()
            process.wait()


def take(demo: dict[str, Any]) -> None:
    """Take every picture of a running demo."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium.provide()), args=chromium.flags())
        phone = browser.new_page(viewport=PHONE, device_scale_factor=2)
        phone.goto(demo["client_url"])
        keep(phone, "form")
        desk = browser.new_page(viewport=LAPTOP)
        desk.goto(f"{demo['base_url']}/sign-in")
        desk.get_by_label("E-mail").fill(demo["therapist"]["email"])
        desk.get_by_label("Password").fill(demo["therapist"]["password"])
        desk.get_by_role("button", name="Continue").click()
        desk.get_by_label("Code").fill(demo["therapist"]["recovery_codes"][0])
        desk.get_by_role("button", name="Sign in").click()
        keep(desk, "dashboard")
        desk.locator("article[data-flag] h3 a").first.click()
        keep(desk, "case")
        desk.goto(f"{demo['base_url']}/cases/{demo['case']}")
        desk.get_by_role("link", name="Show code").first.click()
        keep(desk, "code")
        browser.close()


def keep(page: Page, name: str) -> None:
    """Keep what the screen shows."""
    page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
