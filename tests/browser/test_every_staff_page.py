"""Every page of a therapist and a supervisor on a real screen: axe, edges, keyboard, colours, sizes.

The pages are those of tests/support/staff_pages.py, shown to the browser as they came over the wire. Axe sees a
pairwise sample of page × width × scheme × forced colours × details; `make soak` shows it all of them.
"""

import pytest
from playwright.sync_api import expect

from tests.support.browsing import violations
from tests.support.layout import FOCUS, OPEN_ALL, SIDEWAYS, contrast
from tests.support.pairwise import sample
from tests.support.soak import IS_SOAK
from tests.support.staff_pages import SHEET, StaffPage, every_staff_page
from tests.support.staff_ruler import FAULTS, LARGE_TEXT

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine_name", ["sqlite"])]

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


PAGES: dict[str, StaffPage] = {}
"""What the server sent: the same for every test here, so it is asked once."""


@pytest.fixture
def screen(new_context, world):
    """A screen that obeys the pages' own policy."""
    if not PAGES:
        PAGES.update(every_staff_page(world))
    return Screen(new_context(locale="en-GB"), PAGES)


def test_axe_finds_nothing_and_nothing_runs_over_the_edge(screen):
    axes = {
        "name": list(screen.pages),
        "width": WIDTHS,
        "scheme": ["light", "dark"],
        "forced": ["none", "active"],
        "opened": [False, True],
    }
    wrong, count = {}, 0
    for row in sample(axes):
        colours = {"color_scheme": row["scheme"], "forced_colors": row["forced"]}
        tab = screen.shows(row["name"], row["width"], opened=row["opened"], **colours)
        found = [each for each in violations(tab) if row["forced"] == "none" or "contrast" not in each]
        found += ["scrolls sideways"] * (tab.evaluate(SIDEWAYS) > 0)
        wrong |= {str(row): found} if found else {}
        count += 1
    assert wrong == {}
    assert count >= len(screen.pages) * len(WIDTHS)


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
