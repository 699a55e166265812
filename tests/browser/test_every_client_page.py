"""Every client page on a real screen: axe, edges, sizes, keyboard, colours, in every way and language that ships.

The pages are those of the walk (tests/support/client_pages.py), shown to the browser as they came over the wire. Here
axe sees a pairwise sample of template × width × scheme × language × details, the states and ways of a template in
turn; `make soak` shows it all of them (tests/support/looks.py).
"""

import pytest

from tests.support.browsing import violations
from tests.support.client_pages import LANGUAGES, walked
from tests.support.layout import (
    CUT_OR_COVERED,
    FOCUS,
    OPEN_ALL,
    SIDEWAYS,
    TILE_COLOURS,
    TILES_TOO_SMALL,
    TOO_SMALL_TO_TAP,
    ZOOMING_FIELDS,
    contrast,
)
from tests.support.looks import everything, sampled, shapes
from tests.support.soak import IS_SOAK, scaled

pytestmark = pytest.mark.browser

HEIGHT = 844
SITE = "http://rapport.test/"

SHARES = scaled(1, soak=8)
"""Into how many parts the pages of a language are divided: everything takes long, and each part says how it went."""

DOUBLE_TEXT = "html{font-size:200%}"
WIDE_TEXT = (
    "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}"
    "p{margin-bottom:2em!important}"
)
"""The least that a page has to bear (WCAG 2.2, 1.4.12)."""


class Screen:
    """One tab that shows pages as they came over the wire, at a width, in a scheme."""

    def __init__(self, context):
        self.tab = context.new_page()
        self.now = None
        context.route(f"{SITE}**", self._answer)

    def shows(self, page, width=390, *, opened=False, **media):
        self.now = page
        self.tab.set_viewport_size({"width": width, "height": HEIGHT})
        self.tab.emulate_media(**{"color_scheme": "light", "forced_colors": "none"} | media)
        self.tab.goto(SITE)
        if opened:
            self.tab.evaluate(OPEN_ALL)
        return self.tab

    def shows_each(self, page, looks):
        """Load a page once and look at it in each way; once details are open they stay so."""
        now = None
        for look in looks:
            if now is None:
                self.shows(page, look.width, opened=look.opened, color_scheme=look.scheme)
            elif (look.width, look.scheme, look.opened) != (now.width, now.scheme, now.opened):
                self.tab.set_viewport_size({"width": look.width, "height": HEIGHT})
                self.tab.emulate_media(color_scheme=look.scheme)
                if look.opened:
                    self.tab.evaluate(OPEN_ALL)
            now = look
            yield look, self.tab

    def _answer(self, route):
        """Answer once; a page that would clear itself meanwhile stays (a 204 leaves a browser where it is)."""
        page, self.now = self.now, None
        if page is None:
            route.fulfill(status=204)
        else:
            route.fulfill(status=page.status, headers=dict(page.headers), body=page.html)


def is_clearing(page, violation):
    """Say whether axe only finds that a shared tablet clears, which protects the person before (WCAG 2.2.1)."""
    return ";url=/k/" in page.html and violation.startswith("meta-refresh")


@pytest.fixture
def screen(new_context):
    """A screen that obeys the pages' own policy."""
    return Screen(new_context(locale="en-GB"))


@pytest.fixture
def pliant(new_context):
    """A screen on which a reader's own style sheet is laid over ours."""
    return Screen(new_context(locale="en-GB", bypass_csp=True))


LONGEST = (
    "form while a flag is open",
    "all missed",
    "thanks, totals",
    "withdraw",
    "help",
    "tablet start",
    "code closed",
)
"""States with most words, to see whether other languages fit."""


def to_be_measured(language):
    """Every shape in English, and the wordiest pages in every other language; all of all, if there is time."""
    if IS_SOAK or language == "en":
        return shapes(language)
    wordy = [page for page in walked("phone", language)[0] if page.state in LONGEST]
    return [*wordy, named("form while a flag is open", "easier", language)]


def named(state, way="phone", language="en"):
    return next(page for page in walked(way, language)[0] if page.state == state)


@pytest.mark.checklist(15)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("share", range(SHARES))
def test_axe_finds_nothing_and_nothing_scrolls_sideways(screen, language, share):
    wrong, seen = {}, set()
    for page, looks in list((everything if IS_SOAK else sampled)(language))[share::SHARES]:
        seen.add(page.template)
        for look, tab in screen.shows_each(page, looks):
            found = [each for each in violations(tab, look.rules) if not is_clearing(page, each)]
            found += ["scrolls sideways"] * (tab.evaluate(SIDEWAYS) > 0)
            wrong |= {f"{page} {look}": found} if found else {}
    assert wrong == {}
    assert seen == {page.template for page in shapes()} or IS_SOAK


READERS_OWN = {"as it is": "* {}", "text twice as large": DOUBLE_TEXT, "text set wide": WIDE_TEXT}


@pytest.mark.checklist(15, 16)
@pytest.mark.parametrize("language", LANGUAGES)
def test_at_320_pixels_nothing_is_cut_or_covered_or_scrolls_sideways_however_it_is_read(pliant, language):
    wrong = {}
    for page in to_be_measured(language):
        tab = pliant.shows(page, 320, opened=True)
        for name, sheet in READERS_OWN.items():
            laid = tab.add_style_tag(content=sheet)
            found = tab.evaluate(CUT_OR_COVERED) + ["scrolls sideways"] * (tab.evaluate(SIDEWAYS) > 0)
            laid.evaluate("each => each.remove()")
            wrong |= {f"{page}, {name}": found} if found else {}
        tab.emulate_media(forced_colors="active")
        found = tab.evaluate(CUT_OR_COVERED) + ["scrolls sideways"] * (tab.evaluate(SIDEWAYS) > 0)
        wrong |= {f"{page}, forced colours": found} if found else {}
    assert wrong == {}


@pytest.mark.checklist(7, 14, 21)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_tile_and_every_button_is_large_enough_for_a_thumb_and_no_field_zooms(screen, language):
    wrong = {}
    for page in to_be_measured(language):
        tab = screen.shows(page, opened=True)
        for width in (320, 360, 390):
            tab.set_viewport_size({"width": width, "height": HEIGHT})
            found = [
                each for what in (TILES_TOO_SMALL, TOO_SMALL_TO_TAP, ZOOMING_FIELDS) for each in tab.evaluate(what)
            ]
            wrong |= {f"{page} at {width}": found} if found else {}
    assert wrong == {}


@pytest.mark.checklist(10, 17)
@pytest.mark.parametrize("way", ["phone", "easier"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_keyboard_meets_each_question_once_and_its_ring_is_seen_at_every_stop(screen, way, scheme):
    tab = screen.shows(named("form while a flag is open", way), opened=True, color_scheme=scheme)
    paper = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    stops = []
    while len(stops) < 60:
        tab.keyboard.press("Tab")
        stop = tab.evaluate(FOCUS)
        if not stop["name"]:
            break
        stops.append(stop)
    names = [stop["name"] for stop in stops]
    asked = [
        "heard",
        "safe",
        "goals",
        "approach",
        "pace",
        "respect",
        "off",
        *["closest"] * 9,
        "wish",
        "repair",
        "comment",
    ]
    assert [name for name in names if name in asked] == asked
    assert names[names.index("comment") + 1 :][:2] == ["audience", "audience"]
    for stop in stops:
        assert (stop["width"], stop["style"], stop["seen"]) == (3, "solid", True), stop
        assert contrast(stop["colour"], paper) >= 3, stop


@pytest.mark.checklist(10)
def test_arrows_move_within_a_question_and_choose(screen):
    tab = screen.shows(named("form"))
    tab.locator("[name=heard][value='3']").check()
    for key, chosen in (("ArrowRight", "4"), ("ArrowDown", "5"), ("ArrowLeft", "4"), ("ArrowUp", "3")):
        tab.keyboard.press(key)
        assert tab.evaluate("document.querySelector('[name=heard]:checked').value") == chosen
    assert tab.evaluate("document.querySelectorAll(':checked').length") == 1


@pytest.mark.checklist(17)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", ["form", "all missed"])
def test_edges_and_the_chosen_tile_stand_out_in_both_schemes(screen, scheme, state):
    tab = screen.shows(named(state), color_scheme=scheme)
    tab.locator("[name=heard][value='3']").check()
    tiles = tab.evaluate(TILE_COLOURS)
    (chosen,) = [tile for tile in tiles if tile["chosen"]]
    assert chosen["bold"]
    assert contrast(chosen["text"], chosen["fill"]) >= 4.5
    for tile in tiles:
        assert contrast(tile["edge"], tile["page"]) >= 3
        assert tile["chosen"] or contrast(chosen["fill"], tile["fill"]) >= 3


@pytest.mark.checklist(18)
@pytest.mark.parametrize("way", ["phone", "easier"])
def test_forced_colours_leave_every_tile_an_edge_and_the_chosen_one_apart(screen, way):
    tab = screen.shows(named("form", way), forced_colors="active")
    tab.locator("[name=heard][value='3']").check()
    tiles = tab.evaluate(TILE_COLOURS)
    (chosen,) = [tile for tile in tiles if tile["chosen"]]
    for tile in tiles:
        assert tile["wide"] >= 1
        assert tile["chosen"] or (contrast(tile["edge"], tile["page"]) >= 3 and tile["fill"] != chosen["fill"])


@pytest.mark.checklist(19)
def test_in_arabic_the_page_mirrors_zero_is_at_the_right_and_numbers_read_as_they_are(screen):
    tab = screen.shows(named("form", language="ar"))
    assert tab.evaluate("getComputedStyle(document.documentElement).direction") == "rtl"
    rows = tab.locator("label:has([name=heard])").evaluate_all(
        "tiles => tiles.map(tile => [tile.innerText.trim(), tile.getBoundingClientRect().x])"
    )
    assert [text for text, _ in rows] == [str(number) for number in range(11)]
    assert [x for _, x in rows[:6]] == sorted((x for _, x in rows[:6]), reverse=True)
    assert [x for _, x in rows[6:]] == sorted((x for _, x in rows[6:]), reverse=True)
    low, high = (tab.locator(f"#heard-{end}").evaluate("end => getComputedStyle(end).textAlign") for end in "lh")
    assert (low, high) == ("start", "end")
    (said,) = tab.locator("footer a[href='tel:116123'] bdi").all_inner_texts()
    assert said == "116 123"
