"""The ruler itself: what is wrong on purpose is found, what is right is not."""

import pytest

from tests.support.layout import (
    CUT_OR_COVERED,
    FOCUS,
    SIDEWAYS,
    TILES_TOO_SMALL,
    TOO_SMALL_TO_TAP,
    ZOOMING_FIELDS,
    contrast,
)
from tests.support.staff_ruler import FAULTS, LARGE_TEXT

pytestmark = pytest.mark.browser

RIGHT = "<main><p>One line</p><p>Another</p><button style='height:48px'>Send</button></main>"


@pytest.mark.parametrize(
    ("what", "wrong", "found"),
    [
        (CUT_OR_COVERED, "<p style='margin-inline-start:300px;white-space:nowrap'>Out of sight</p>", "beyond the edge"),
        (CUT_OR_COVERED, "<p>Under</p><p style='margin-top:-2.2rem'>Over it</p>", "one over the other"),
        (CUT_OR_COVERED, "<button style='width:40px;white-space:nowrap'>A long word</button>", "out of its tile"),
        (
            TILES_TOO_SMALL,
            "<main><div class=s><label style='display:block;width:40px;height:48px'>3</label></div></main>",
            "3",
        ),
        (TOO_SMALL_TO_TAP, "<main><button style='height:20px'>Small</button></main>", "Small"),
        (ZOOMING_FIELDS, "<input name=code style='font-size:14px'>", "code"),
    ],
)
def test_what_is_wrong_is_found_and_what_is_right_is_not(new_context, what, wrong, found):
    page = new_context(viewport={"width": 320, "height": 400}).new_page()
    page.set_content(RIGHT)
    assert page.evaluate(what) == []
    page.set_content(RIGHT + wrong)
    assert any(found in each for each in page.evaluate(what))


def test_a_wide_page_is_found_and_a_missing_ring_too(new_context):
    page = new_context(viewport={"width": 320, "height": 400}).new_page()
    page.set_content("<div style='width:500px'>wide</div><a href=x style='outline:none'>x</a>")
    assert page.evaluate(SIDEWAYS) > 0
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["style"] == "none"


def test_contrast_is_that_of_the_guidelines():
    assert contrast("rgb(255, 255, 255)", "rgb(0, 0, 0)") == pytest.approx(21)
    assert contrast("rgb(119, 119, 119)", "rgb(255, 255, 255)") == pytest.approx(4.48, abs=0.01)


ON_PURPOSE = """<a class=skip href=#x style='position:absolute;inset-inline-start:-99rem'>Skip to the content</a>
<span class=vh style='position:absolute;width:1px;height:1px;overflow:hidden;white-space:nowrap'>only heard</span>
<div style='overflow-x:auto'><table><tr><td><p style='width:900px'>a table that scrolls</p><td>far</table></div>
<svg class=chart viewBox='0 0 280 60' width=280 height=60><text x=5 y=40 font-size=13>10</text></svg>
<button>Save</button><label>Day <select><option>Monday</select></label>"""


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ("<p style='margin-inline-start:300px;white-space:nowrap'>Out of sight</p>", "beyond the edge"),
        ("<div style='width:60px;overflow:hidden;white-space:nowrap'>cut off in the middle</div>", "cut off"),
        ("<button style='width:40px;white-space:nowrap'>A long word</button>", "out of its box"),
        ("<p>Under</p><p style='margin-top:-2.2rem'>Over it</p>", "one over the other"),
        ("<p>Under</p><textarea style='display:block;margin-top:-2.4rem'></textarea>", "covered by a field"),
        ("<select style='width:60px'><option>Far too long to read</select>", "cut in its field"),
        ("<svg class=chart viewBox='0 0 280 60' width=140><text x=5 y=40 font-size=13>9</text></svg>", "too small"),
    ],
)
def test_on_staff_pages_what_is_hidden_on_purpose_is_no_fault_and_what_is_cut_is(new_context, wrong, found):
    page = new_context(viewport={"width": 320, "height": 400}).new_page()
    page.set_content(ON_PURPOSE)
    assert page.evaluate(FAULTS) == []
    page.set_content(ON_PURPOSE + wrong)
    assert [each for each in page.evaluate(FAULTS) if found in each]


def test_large_text_is_twice_as_large(new_context):
    page = new_context().new_page()
    page.set_content("<p style='font-size:1rem'>text</p>")
    page.evaluate(LARGE_TEXT)
    assert page.evaluate("getComputedStyle(document.querySelector('p')).fontSize") == "32px"
