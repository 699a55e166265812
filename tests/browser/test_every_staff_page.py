"""Every page of a therapist and a supervisor on a real screen: axe, edges, keyboard, colours, sizes.

The pages are those of tests/support/staff_pages.py, shown to the browser as they came over the wire. They are drawn
once for all tests here. Every page is looked at in every width, and axe sees each once, in turn in one of a pairwise
sample of width × scheme × forced colours × details; `make soak` shows it each page in all of them.
"""

from itertools import cycle

import pytest
from playwright.sync_api import expect

from feedback.domain.clock import FixedClock
from tests.support.browsing import violations
from tests.support.builders import a_clinic, a_therapist
from tests.support.chance import SeededChance
from tests.support.installing import install
from tests.support.layout import FOCUS, OPEN_ALL, SIDEWAYS, contrast
from tests.support.pairwise import sample
from tests.support.soak import IS_SOAK
from tests.support.staff_pages import SHEET, every_staff_page
from tests.support.staff_ruler import FAULTS, LARGE_TEXT
from tests.support.world import World

pytestmark = pytest.mark.browser

SITE = "https://hl.example"
WIDTHS = (320, 390, 768, 1280, 1920) if IS_SOAK else (320, 1280, 1920)


class Screen:
    """A tab that shows staff pages as they came over the wire, with their own sheet."""

    def __init__(self, context, pages):
        self.pages, self.now = pages, None
        context.route(f"{SITE}/**", self._answer)
        self.tab = context.new_page()

    def shows(self, name, width=1280, *, opened=False, **media):
        self.now = self.pages[name]
        self.stands(width, **media)
        self.tab.goto(SITE + self.now.path)
        if opened:
            self.tab.evaluate(OPEN_ALL)
        return self.tab

    def stands(self, width, **media):
        self.tab.set_viewport_size({"width": width, "height": 900})
        self.tab.emulate_media(**{"color_scheme": "light", "forced_colors": "none", "media": "screen"} | media)

    def _answer(self, route):
        if "/static/" in route.request.url:
            route.fulfill(content_type="text/css", body=SHEET)
        else:
            route.fulfill(status=self.now.status, headers=dict(self.now.headers), body=self.now.html)


@pytest.fixture(scope="module")
def pages(sqlite_shelf, tmp_path_factory):
    """Every page, from a world that has lived."""
    folder = tmp_path_factory.mktemp("staff")
    with sqlite_shelf.migrated(folder) as database:
        house = install(database, folder, clock=FixedClock.on("2026-03-02"), chance=SeededChance())
        world = World(house, a_clinic(), a_therapist())
        world.found()
        return every_staff_page(world)


@pytest.fixture
def screen(new_context, pages):
    """A screen that obeys the pages' own policy."""
    return Screen(new_context(locale="en-GB"), pages)


def looks(pages):
    """Pair each page with the ways it is shown to axe."""
    axes = {"width": WIDTHS, "scheme": ["light", "dark"], "forced": ["none", "active"], "opened": [False, True]}
    ways = sample(axes)
    if IS_SOAK:
        return [(name, way) for name in pages for way in ways]
    return list(zip(pages, cycle(ways), strict=False))


def test_axe_finds_nothing_and_nothing_runs_over_the_edge(screen):
    wrong, seen = {}, set()
    for name, way in looks(screen.pages):
        colours = {"color_scheme": way["scheme"], "forced_colors": way["forced"]}
        tab = screen.shows(name, way["width"], opened=way["opened"], **colours)
        found = [each for each in violations(tab) if way["forced"] == "none" or "contrast" not in each]
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 900})
            found += [f"scrolls sideways at {width}"] * (tab.evaluate(SIDEWAYS) > 0)
        wrong |= {f"{name} {way}": found} if found else {}
        seen |= {("page", name), *way.items()}
    assert wrong == {}
    assert len(seen) == len(screen.pages) + len(WIDTHS) + 6, "every page, and every way"


def test_no_text_is_cut_covered_or_shrunk_at_any_width_in_any_colours_with_large_text_too(screen):
    axes = {
        "name": list(screen.pages),
        "width": [320, 390, 1280, 1920],
        "large": [False, True],
        "scheme": ["light", "dark"],
        "forced": ["none", "active"],
    }
    wrong, shown = {}, ("", False)
    for row in sorted(sample(axes), key=lambda row: (row["name"], row["large"])):
        name, large = row["name"], row["large"]
        if (name, large) != shown:
            screen.shows(name, opened=True)
            if large:
                screen.tab.evaluate(LARGE_TEXT)
            shown = (name, large)
        screen.stands(row["width"], color_scheme=row["scheme"], forced_colors=row["forced"])
        found = screen.tab.evaluate(FAULTS, row["large"])
        wrong |= {str(row): found} if found else {}
    assert not wrong, "\n".join(f"{row}: {found}" for row, found in wrong.items())


REACHABLE = """() => {
  const groups = new Set();
  return [...document.querySelectorAll('a[href], button, select, textarea, summary, input:not([type=hidden])')]
    .filter(one => one.checkVisibility())
    .filter(one => one.type !== 'radio' || !groups.has(one.name) && groups.add(one.name)).length;
}"""
"""How many stops the keyboard has to make at least: one for each control, one for each group of radio buttons."""

KEYBOARD = ("therapist: dashboard", "therapist: talked", "therapist: arrangements", "therapist: guess")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_keyboard_reaches_everything_and_its_ring_is_seen_at_every_stop(screen, scheme):
    for name in KEYBOARD if not IS_SOAK else screen.pages:
        tab = screen.shows(name, color_scheme=scheme)
        paper = tab.evaluate("getComputedStyle(document.body).backgroundColor")
        reachable = tab.evaluate(REACHABLE)
        stops, before = 0, ""
        while True:
            tab.keyboard.press("Tab")
            stop = tab.evaluate(FOCUS)
            if not stop["name"] or stops > 150:
                break
            stops += 1
            if stop["name"] == before:
                continue  # the parts of a date field: the ring is around the whole of it
            before = stop["name"]
            assert (stop["width"] >= 2, stop["style"], stop["seen"]) == (True, "solid", True), (name, stop)
            assert contrast(stop["colour"], paper) >= 3, (name, stop)
        assert stops >= reachable, name


@pytest.mark.checklist(34)
def test_no_page_of_the_desk_has_anything_red(screen):
    reds = """[...document.querySelectorAll('body *')].flatMap(one => {
        const look = getComputedStyle(one);
        return [look.color, look.backgroundColor, look.borderTopColor, look.fill].filter(colour => {
          const [r, g, b] = (colour.match(/[\\d.]+/g) || []).map(Number);
          return r > 150 && g < 80 && b < 80;
        }).map(colour => `${one.tagName} ${colour}`);
      })"""
    for name in ("therapist: dashboard", "therapist: case", "therapist: talked", "therapist: cases"):
        for scheme in ("light", "dark"):
            assert screen.shows(name, color_scheme=scheme).evaluate(reds) == [], name


def test_a_case_on_paper_is_one_to_two_pages_without_a_button(screen):
    tab = screen.shows("therapist: print", media="print")
    expect(tab.locator("svg.wide").first).to_be_visible()
    expect(tab.locator("header.top")).to_be_hidden()
    expect(tab.locator(".screen")).to_be_hidden()
    pages = tab.pdf(format="A4").count(b"/Type /Page\n")
    assert 1 <= pages <= 3
