"""What the client's pages do on a real screen: reveal, focus, reach, one request."""

import pytest
from playwright.sync_api import expect

from tests.support.phone import SEVENS
from tests.support.serving import free_port, serving
from tests.support.world import World

pytestmark = pytest.mark.browser

STORED_AFTER = 1_500
"""Milliseconds in which Chromium stores what was filled in, for Back: it does so once a second."""


@pytest.fixture
def engine_name() -> str:
    """One database is enough for how pages look."""
    return "sqlite"


@pytest.fixture
def address(world: World):
    """The application on a port."""
    port = free_port()
    with serving(world.installation, port) as served:
        yield served


@pytest.fixture
def link(world: World, address: str) -> str:
    """The link of a fresh code."""
    case = world.opens_a_case()
    return f"{address}/F/{world.shows_a_code(case, world.meets(case)).token}"


def fill(page, answers):
    for name, value in answers.items():
        page.locator(f"[name={name}][value='{value}']").check()


@pytest.mark.checklist(9)
def test_a_little_reveals_the_follow_up_and_no_hides_it(new_context, link):
    page = new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}).new_page()
    page.goto(link)
    follow_up = page.get_by_text("What should Dana do?")
    expect(follow_up).to_be_hidden()
    for answer, is_shown in (("Not sure", True), ("No", False), ("A little", True), ("Yes", True)):
        page.get_by_label(answer, exact=True).check()
        expect(follow_up).to_be_visible() if is_shown else expect(follow_up).to_be_hidden()


@pytest.mark.checklist(2)
def test_opening_the_form_is_one_request(new_context, link):
    page = new_context(viewport={"width": 390, "height": 844}).new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(link, wait_until="networkidle")
    assert [url for url in asked if not url.startswith("data:")] == [link]
    assert page.context.cookies() == []


@pytest.mark.checklist(12)
def test_gaps_bring_the_focus_to_the_summary_and_its_links_to_the_questions(new_context, link):
    page = new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}).new_page()
    page.goto(link)
    page.locator('input[name="heard"][value="7"]').check(force=True)
    page.get_by_role("button", name="Send without Dana seeing it").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="How right was the pace for you?").click()
    expect(page.locator("#pace")).to_be_in_viewport()
    page.get_by_role("button", name="Send as it is").click()
    expect(page.locator("main")).to_contain_text("Dana cannot see them")


def test_the_keyboard_reaches_the_easier_version_and_every_question_once(new_context, link):
    page = new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(link)
    reached = []
    for _ in range(14):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.name || document.activeElement.tagName"))
    assert reached[1:12] == [
        "A",
        "heard",
        "safe",
        "goals",
        "approach",
        "pace",
        "respect",
        "off",
        "comment",
        *["audience"] * 2,
    ]


def test_a_phone_on_the_clinics_own_network_can_send_over_plain_http(browser_type, browser_type_launch_args, served):
    """There a browser leaves `Sec-Fetch-Site` away, so that `Origin` alone decides."""
    case = served.opens_a_case()
    link = f"{served.address}/F/{served.shows_a_code(case, served.meets(case)).token}"
    named = "--host-resolver-rules=MAP clinic-pc 127.0.0.1"
    flags = [*browser_type_launch_args["args"], named]
    browser = browser_type.launch(**(browser_type_launch_args | {"args": flags}))
    page = browser.new_page(java_script_enabled=False)
    page.goto(link.replace("127.0.0.1", "clinic-pc"))
    fill(page, SEVENS)
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_role("button", name="Send to Dana", exact=True).click()
    expect(page.locator("h1")).to_have_text("Thank you.")
    headers = sent.value.all_headers()
    assert "sec-fetch-site" not in headers
    assert headers["origin"].startswith("http://clinic-pc:")
    browser.close()


@pytest.mark.checklist(28)
def test_without_signal_nothing_is_lost_and_one_attempt_later_succeeds(new_context, link):
    context = new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(link)
    fill(page, SEVENS)
    page.locator("textarea").fill("still here")
    page.wait_for_timeout(STORED_AFTER)
    context.set_offline(True)
    page.get_by_role("button", name="Send to Dana", exact=True).click()
    page.wait_for_url("chrome-error://**")
    context.set_offline(False)
    page.go_back()
    expect(page.locator(":checked")).to_have_count(len(SEVENS))
    expect(page.locator("textarea")).to_have_value("still here")
    page.get_by_role("button", name="Send to Dana", exact=True).click()
    expect(page.locator("h1")).to_have_text("Thank you.")


@pytest.mark.checklist(2)
def test_nothing_is_left_on_the_phone(new_context, link):
    page = new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(link)
    fill(page, SEVENS)
    page.get_by_role("button", name="Send to Dana", exact=True).click()
    expect(page.locator("h1")).to_have_text("Thank you.")
    left = """async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
      (await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length, document.cookie]"""
    assert page.evaluate(left) == [0, 0, 0, 0, 0, ""]
