"""The clinic's figures in a real browser: axe finds nothing, nothing runs over the edge, and the report fits paper."""

import contextlib
import re
import zlib
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from feedback.domain.care import Role
from tests.support.browsing import screens, violations
from tests.support.layout import SIDEWAYS
from tests.support.people import enters
from tests.support.published import half_a_year, publish, too_small

PATHS = ("", "/2026-Q3", "/2026-06", "/2026-Q1", "/how")

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine_name", ["sqlite"])]


@pytest.fixture
def anna(served):
    """A clinic admin, in a clinic with half a year of figures."""
    publish(served, too_small(), *half_a_year())
    return served.hire(
        replace(served.therapist, id="anna", email="anna@example.org", display_name="Anna", role=Role.CLINIC_ADMIN)
    )


def test_axe_finds_nothing_and_nothing_runs_over_the_edge(served, anna, new_context):
    page = enters(served, new_context(locale="en-GB"), anna)
    found = {}
    for path in PATHS:
        page.goto(f"{served.address}/clinic/releases{path}")
        for width, scheme in screens(320, 390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate(SIDEWAYS) == 0, (path, width)
            found[path, width, scheme] = violations(page)
    assert {where: problems for where, problems in found.items() if problems} == {}


def test_words_in_a_chart_stay_readable_and_apart(served, anna, new_context):
    page = enters(served, new_context(locale="en-GB"), anna)
    page.goto(f"{served.address}/clinic/releases/2026-Q3")
    for width in (320, 390, 800, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        heights = page.evaluate(
            """[...document.querySelectorAll('svg.rows text')].map(one => one.getBoundingClientRect())
            .filter(box => box.width).map(box => box.height)"""
        )
        assert min(heights) >= 11, width
        overlaps = page.evaluate(
            """[...document.querySelectorAll('svg.rows text:not(.k)')]
            .map(one => [one.textContent, one.getBoundingClientRect(), one.nextElementSibling.getBoundingClientRect()])
            .filter(([, name, value]) => name.width && name.right > value.left).map(([name]) => name)"""
        )
        assert overlaps == [], width


@pytest.mark.parametrize(("paper", "size"), [("", "594.95"), ("letter", "612 ")])
def test_the_report_prints_on_its_paper_in_light_colours(served, anna, new_context, paper, size):
    page = enters(served, new_context(color_scheme="dark", locale="en-GB"), anna)
    page.goto(f"{served.address}/clinic/releases/2026-Q3?paper={paper}")
    boxes = re.findall(rb"/MediaBox \[0 0 ([0-9. ]+)\]", page.pdf(prefer_css_page_size=True))
    assert boxes
    assert all(box.decode().startswith(size) for box in boxes)
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_role("heading", name="Download")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink')") == "#26221c"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", "/2026-Q3", "/2026-06"])
def test_printed_charts_keep_every_bar_in_its_colour(served, anna, new_context, path, scheme):
    page = enters(served, new_context(color_scheme=scheme, locale="en-GB"), anna)
    page.goto(f"{served.address}/clinic/releases{path}")
    page.emulate_media(media="print", color_scheme=scheme)
    charts = page.evaluate(
        """[...document.querySelectorAll('svg.chart')].filter(one => getComputedStyle(one).display !== 'none')
        .map(one => [...one.querySelectorAll('rect')].map(bar => [getComputedStyle(bar).display,
        getComputedStyle(bar).fill, bar.getBoundingClientRect().width, bar.getBoundingClientRect().height]))"""
    )
    drawn = [bar for chart in charts for bar in chart]
    assert len(drawn) >= (3 if path else 18)
    for display, fill, width, height in drawn:
        assert display != "none"
        assert fill not in {"none", "rgba(0, 0, 0, 0)"}
        assert min(width, height) > 0
    assert coloured(page.pdf(prefer_css_page_size=True, print_background=True)) >= len(drawn)


def coloured(pdf):
    """Count the filled areas that a printed document draws: each is one bar, or the background of a word."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    plain = []
    for each in streams:
        with contextlib.suppress(zlib.error):
            plain.append(zlib.decompress(each))
    return sum(len(re.findall(rb"(?m)^f\*?\s*$", each)) for each in plain)


def test_a_file_is_downloaded_without_a_script(served, anna, new_context):
    page = enters(served, new_context(java_script_enabled=False, locale="en-GB"), anna)
    page.get_by_role("link", name="Figures").first.click()
    page.get_by_role("link", name="July to September 2026").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel").click()
    assert download.value.suggested_filename == "rapport-2026-Q3.xlsx"
