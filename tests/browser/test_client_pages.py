"""What the client's pages are like on a real screen: sizes, reach, reveal, focus, and what axe says of them."""

import pytest
from playwright.sync_api import expect

from tests.support.browsing import violations
from tests.support.phone import SEVENS
from tests.support.serving import free_port, serving
from tests.support.world import World

pytestmark = pytest.mark.browser

WIDTHS = (320, 390, 1280)
TAPPED = "main label:has(input[type=radio]), main label:has(input[type=checkbox]), main button, footer a, main summary"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


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


def walk(page, link, address):
    """Visit every kind of client page, and name each as it stands."""
    page.goto(link)
    yield "form"
    page.get_by_text("More about who sees this").click()
    page.get_by_label("A little").check()
    yield "form revealed"
    page.get_by_role("button", name="Send to Dana", exact=True).click()
    expect(page.locator("[role=alert] h2")).to_have_text("You missed 6 questions")
    yield "missed"
    fill(page, SEVENS)
    page.get_by_role("button", name="Send to Dana", exact=True).click()
    expect(page.locator("h1")).to_have_text("Thank you.")
    yield "thanks"
    page.get_by_role("button", name="Take my answers back").click()
    yield "withdraw"
    page.goto(link)
    yield "done"
    for path in ("/", "/help/harbour1", "/withdraw", "/F/unknown", "/nowhere"):
        page.goto(address + path)
        yield path
    page.goto(address)
    page.get_by_label("Code").fill("7K4M-9QT")
    page.get_by_role("button", name="Open").click()
    yield "wrong code"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(new_context, link, address, scheme, width):
    page = new_context(viewport={"width": width, "height": 844}, color_scheme=scheme, locale="en-GB").new_page()
    found = {}
    for name in walk(page, link, address):
        found[name] = violations(page)
        assert page.evaluate(TOO_WIDE) <= 0, name
    assert {name: each for name, each in found.items() if each} == {}
    assert len(found) == 12


@pytest.mark.parametrize("width", [320, 390])
def test_everything_that_is_tapped_is_at_least_44_pixels(new_context, link, address, width):
    page = new_context(viewport={"width": width, "height": 844}, java_script_enabled=False).new_page()
    for name in walk(page, link, address):
        for box in (each.bounding_box() for each in page.locator(TAPPED).all()):
            assert box is None or min(box["width"], box["height"]) >= 43.5, (name, box)


def test_a_little_reveals_the_follow_up_and_no_hides_it(new_context, link):
    page = new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}).new_page()
    page.goto(link)
    follow_up = page.get_by_text("What should Dana do?")
    expect(follow_up).to_be_hidden()
    for answer, is_shown in (("Not sure", True), ("No", False), ("A little", True), ("Yes", True)):
        page.get_by_label(answer, exact=True).check()
        expect(follow_up).to_be_visible() if is_shown else expect(follow_up).to_be_hidden()


def test_opening_the_form_is_one_request(new_context, link):
    page = new_context(viewport={"width": 390, "height": 844}).new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(link, wait_until="networkidle")
    assert [url for url in asked if not url.startswith("data:")] == [link]
    assert page.context.cookies() == []


def test_gaps_bring_the_focus_to_the_summary_and_its_links_to_the_questions(new_context, link):
    page = new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}).new_page()
    page.goto(link)
    page.get_by_role("button", name="Send without Dana seeing it").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="How right was the pace for you?").click()
    expect(page.locator("#pace")).to_be_in_viewport()
    page.get_by_role("button", name="Send as it is").click()
    expect(page.locator("main")).to_contain_text("Dana cannot see your answers")


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


def test_large_text_and_wide_spacing_cut_nothing_off(new_context, link):
    page = new_context(viewport={"width": 320, "height": 844}, bypass_csp=True).new_page()
    for sheet in (
        "html{font-size:200%}",
        "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}",
    ):
        page.goto(link)
        page.add_style_tag(content=sheet)
        assert page.evaluate(TOO_WIDE) <= 0, sheet


def test_forced_colours_keep_the_chosen_tile_apart(new_context, link):
    page = new_context(viewport={"width": 390, "height": 844}, forced_colors="active").new_page()
    page.goto(link)
    page.locator("[name=heard][value='3']").check()
    colours = "each => each.map(tile => getComputedStyle(tile).backgroundColor)"
    tiles = page.locator("label:has([name=heard]) span").evaluate_all(colours)
    assert tiles.count(tiles[3]) == 1


def test_a_phone_on_the_clinics_own_network_can_send_over_plain_http(browser_type, browser_type_launch_args, link):
    """There a browser leaves `Sec-Fetch-Site` away, so that `Origin` alone decides."""
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
