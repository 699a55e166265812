"""A real browser: Chromium on a phone, with and without JavaScript, and axe to judge what it shows."""

from collections.abc import Callable, Iterator, Mapping
from itertools import cycle, product
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Playwright

from tests.support import chromium, driver
from tests.support.soak import IS_SOAK

PHONE = "Pixel 7"
SCHEMES = ("light", "dark")
Rules = Mapping[str, Any]
"""Which rules axe judges by, in its own words."""

_COLOUR_RULES = ("color-contrast", "link-in-text-block")
_AXE = Axe()
EVERY_RULE: Rules = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
NOT_ABOUT_COLOURS: Rules = EVERY_RULE | {"rules": {rule: {"enabled": False} for rule in _COLOUR_RULES}}
ABOUT_COLOURS: Rules = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": list(_COLOUR_RULES)}}


def pytest_configure() -> None:
    """Use the driver that `make test` prepared."""
    driver.choose()


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The browser; a suite without one fails."""
    return chromium.provide()


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict, chromium_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict:
    """Launch that browser, quietly, in a home of its own."""
    home = {"HOME": str(tmp_path_factory.mktemp("browser-home"))}
    return {**browser_type_launch_args, "executable_path": str(chromium_path), "args": chromium.flags(), "env": home}


@pytest.fixture
def phone_context(new_context: Callable[..., BrowserContext], playwright: Playwright) -> BrowserContext:
    """A client's phone with JavaScript off."""
    return new_context(**playwright.devices[PHONE], java_script_enabled=False, locale="en-GB")


@pytest.fixture
def phone(phone_context: BrowserContext) -> Page:
    """A tab on that phone."""
    return phone_context.new_page()


@pytest.fixture
def desk(new_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """A tab on a therapist's laptop, 1280 wide."""
    return new_context(viewport={"width": 1280, "height": 800}, locale="en-GB").new_page()


def screens(*widths: int) -> list[tuple[int, str]]:
    """Pair each width with a scheme, in turn light and dark; with both in `make soak`.

    For pages that a pairwise sample shows to axe as well (tests/browser/test_every_staff_page.py), or whose schemes
    differ in colours alone.
    """
    return list(product(widths, SCHEMES)) if IS_SOAK else list(zip(widths, cycle(SCHEMES), strict=False))


def violations(page: Page, rules: Rules = EVERY_RULE) -> list[str]:
    """Let axe judge the page once it is loaded; one line per violation. Needs a context with JavaScript on."""
    page.wait_for_load_state()  # a click returns when the next page begins, which has no document element yet
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(_AXE.axe_script)
    found = page.evaluate("rules => axe.run(document, rules)", rules)["violations"]
    return [f"{rule['id']} ({rule['impact']}): {node['target']}" for rule in found for node in rule["nodes"]]
