"""The shared tablet with JavaScript off and the page cache that Back uses switched on, over HTTP and HTTPS; and axe.

What the next person finds in each browser is in test_next_person.py.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.support.browsing import violations
from tests.support.phone import SEVENS
from tests.support.serving import free_port, serving

pytestmark = pytest.mark.browser

TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TAPPED = "main label:has(input[type=radio]), main button, main a.b"


@pytest.fixture
def engine_name() -> str:
    """One database is enough for how pages look."""
    return "sqlite"


@pytest.fixture(params=[False, True], ids=["http", "https"])
def address(world, request) -> Iterator[str]:
    """The application on a port."""
    with serving(world.installation, free_port(), secure=request.param) as served:
        yield served


@pytest.fixture
def code(world):
    """A fresh code."""
    case = world.opens_a_case()
    return world.shows_a_code(case, world.meets(case))


@pytest.fixture
def tablet(browser_type, browser_type_launch_args):
    """A browser that keeps pages for Back, as people's do and the test tool's does not unless asked."""
    browser = browser_type.launch(**browser_type_launch_args, ignore_default_args=["--disable-back-forward-cache"])
    context = browser.new_context(
        viewport={"width": 820, "height": 1180}, java_script_enabled=False, ignore_https_errors=True
    )
    yield context.new_page()
    browser.close()


def start(page, address, code):
    page.goto(f"{address}/k/harbour1")
    page.get_by_label("Your code for today").fill(code.typed)
    page.get_by_role("button", name="Start").click()
    expect(page.locator("h1")).to_have_text("How was today?")


def fill(page):
    for name, value in SEVENS.items():
        page.locator(f"[name={name}][value='{value}']").check()
    page.get_by_label("Anything else you want to say?").fill("a private word")


@pytest.mark.checklist(29)
@pytest.mark.parametrize("button", ["Send to Dana", "Send without Dana seeing it"])
def test_back_shows_no_answer(tablet, address, code, button):
    start(tablet, address, code)
    fill(tablet)
    tablet.get_by_role("button", name=button, exact=True).click()
    expect(tablet.locator("h1")).to_have_text("Thank you.")
    tablet.get_by_role("link", name="Done").click()
    expect(tablet.locator("h1")).to_have_text("Ready when you are.")
    expect(tablet.get_by_label("Your code for today")).to_have_value("")
    for _ in range(2):
        tablet.go_back()
        expect(tablet.locator("h1")).to_have_text("Ready when you are.")
    assert "a private word" not in tablet.content()


@pytest.mark.parametrize("address", [False], ids=["http"], indirect=True)
@pytest.mark.parametrize("width", [320, 820])
def test_axe_objects_to_nothing_but_the_clearing_and_tiles_are_large(new_context, address, code, width):
    """A time limit is what keeps one person's answers from the next; every page says it (WCAG 2.2.1, essential)."""
    page = new_context(viewport={"width": width, "height": 1180}).new_page()
    page.goto(f"{address}/k/harbour1")
    assert {each.split(" ")[0] for each in violations(page)} == {"meta-refresh"}
    start(page, address, code)
    assert [each.split(" ")[0] for each in violations(page)] == ["meta-refresh"]
    assert page.evaluate(TOO_WIDE) <= 0
    for box in (each.bounding_box() for each in page.locator(TAPPED).all()):
        assert box is None or min(box["width"], box["height"]) >= 43.5
