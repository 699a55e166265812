"""The staff's pages in a real browser: axe finds nothing, nothing runs over the edge, light and dark, no script.

On one engine: what a browser draws does not depend on the database, and the whole story runs on both.
"""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from feedback.persistence.flags import flags
from tests.support.answering import a_case_that_fell
from tests.support.browsing import screens, violations
from tests.support.layout import SIDEWAYS
from tests.support.people import enters

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine_name", ["sqlite"])]


@pytest.fixture
def mika(served):
    """A therapist with a possible rupture to look at, served on a real port."""
    served.therapist = served.hire(replace(served.therapist, id="mika", email="mika@example.org"))
    return served.therapist


@pytest.fixture
def case(served, mika):
    return a_case_that_fell(
        served, off="yes", wish="bring_up", closest="pushed", comment="I felt you moved on too fast."
    )


@pytest.mark.parametrize(("width", "scheme"), screens(320, 390, 1280))
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(served, case, new_context, width, scheme):
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="en-GB").new_page()
    page.goto(f"{served.address}/sign-in")
    found = {"/sign-in": violations(page)}
    page = enters(served, page.context, served.therapist)
    code = served.shows_a_code(case, served.meets(case))
    assert code.typed
    here = f"/cases/{case.code}"
    codes = (
        f"{here}/code",
        *(f"{here}/{kind}" for kind in ("code?session=6", "code?session=6&view=square", "card?session=6")),
    )
    for path in ("/dashboard", "/cases", "/account", here, f"{here}?session=2", *codes, "/cases/00000-0"):
        page.goto(served.address + path)
        for summary in page.locator("summary").all():
            summary.click()
        found[path] = violations(page)
        assert page.evaluate(SIDEWAYS) == 0, path
    assert {path: problems for path, problems in found.items() if problems} == {}


@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_shows_all_of_the_recent_sessions_with_nothing_to_push_aside(served, mika, case, new_context, width):
    page = enters(served, new_context(viewport={"width": width, "height": 900}, locale="en-GB"), mika)
    table = page.get_by_role("table", name="Recent sessions")
    expect(table).to_contain_text("felt off: Yes")
    assert table.evaluate("table => table.parentElement.scrollWidth - table.parentElement.clientWidth") == 0


@pytest.mark.checklist(38)
def test_the_whole_way_works_without_a_script_in_three_taps_from_the_list(served, mika, case, new_context):
    page = enters(served, new_context(java_script_enabled=False, locale="en-GB"), mika)
    page.get_by_role("link", name="Mark what happened").click()
    page.get_by_label("We talked and it feels settled").check()
    page.get_by_role("button", name="Save").click()
    with served.reading() as uow:
        assert flags.list_flags(uow, case.code)[0].status.value == "settled"
    page.get_by_role("button", name="Undo the last mark").click()
    with served.reading() as uow:
        assert flags.list_flags(uow, case.code)[0].status.value == "new"


def test_the_pages_ask_for_one_sheet_and_nothing_else_and_the_sheet_is_kept(served, mika, case, new_context):
    page = new_context(locale="en-GB").new_page()
    asked, refused = [], []
    page.on("request", lambda request: asked.append(request.url.removeprefix(served.address)))
    page.on("console", lambda message: refused.append(message.text))
    enters(served, page.context, mika).close()
    for path in ("/dashboard", f"/cases/{case.code}"):
        page.goto(served.address + path)
    sheets = [url for url in asked if url.startswith("/static/")]
    assert len(set(sheets)) == 1
    assert all(url.startswith(("/static/staff.css?v=", "/sign-in", "/dashboard", "/cases/", "data:")) for url in asked)
    assert refused == []


def test_every_control_is_large_enough_for_a_thumb(served, mika, case, new_context):
    page = enters(served, new_context(viewport={"width": 390, "height": 844}, has_touch=True, locale="en-GB"), mika)
    page.goto(f"{served.address}/cases/{case.code}")
    small = page.evaluate(
        """[...document.querySelectorAll('button, .b, input:not([type=hidden]):not([type=radio]), .opt, textarea')]
        .map(one => [one.innerText || one.name, one.getBoundingClientRect()])
        .filter(([, box]) => box.height < 43.5).map(([name]) => name)"""
    )
    assert small == []
