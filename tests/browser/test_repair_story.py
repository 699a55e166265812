"""From a possible rupture to what became of it, and a case that passes through several hands, in a real browser.

On one engine and without a script; each later day is the same clinic on a server of its own.
"""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from feedback.domain.care import Role
from tests.support.answering import a_case_that_fell
from tests.support.browsing import violations
from tests.support.layout import SIDEWAYS
from tests.support.people import Client, enters
from tests.support.serving import free_port, serving

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine_name", ["sqlite"])]


@pytest.fixture
def dana(served):
    """The therapist of the case."""
    return served.therapist


@pytest.fixture
def case(served):
    return a_case_that_fell(served, off="yes", wish="bring_up", closest="pushed", comment="Too fast.")


@pytest.fixture
def desk_of(served, new_context):
    """A browser without script in which somebody is signed in, at a server's address."""

    def opened(person, world=served, address=None):
        context = new_context(java_script_enabled=False, locale="en-GB", viewport={"width": 1280, "height": 900})
        page = enters(world, context, person)
        page.goto(f"{address or served.address}/{'shared' if person.role is Role.SUPERVISOR else 'dashboard'}")
        return page

    return opened


@contextmanager
def later(served, day):
    """The same clinic on another day: its world, and where it is served."""
    world = served.on(day)
    with serving(world.installation, free_port()) as address:
        yield world, address


def marks(page, label):
    page.get_by_label(label, exact=True).check()
    page.get_by_role("button", name="Save").click()


def stands(page, status):
    expect(page.locator("header.said .tag")).to_have_text(status)


@pytest.fixture
def client(new_context, playwright):
    """The client's phone."""
    return Client(new_context(**playwright.devices["Pixel 7"], java_script_enabled=False, locale="en-GB"))


def test_a_flag_is_opened_talked_about_and_repaired_and_each_step_can_be_taken_back(
    served, dana, case, desk_of, client
):
    page = desk_of(dana)
    page.get_by_role("link", name=f"Open case {case.code}").click()
    expect(page.locator("#open")).to_contain_text("They asked you to bring it up.")
    expect(page.locator("#open")).to_contain_text("went too fast for you")
    marks(page, "I plan to talk about it")
    stands(page, "Talk planned")
    page.get_by_role("button", name="Undo the last mark").click()
    stands(page, "New")
    marks(page, "I plan to talk about it")
    with later(served, "2026-03-09") as (world, address):
        page = desk_of(dana, world, address)
        page.get_by_role("link", name=f"Mark what happened in case {case.code}").click()
        marks(page, "We talked about it")
        stands(page, "Talked")
        page.get_by_role("button", name="Undo the last mark").click()
        stands(page, "Talk planned")
        marks(page, "We talked about it")
        expect(page.locator("#after")).to_contain_text("Not known yet.")
        page.get_by_role("button", name="New session and code").click()
        link = page.locator("#link").inner_text()
        client.page.goto(link.replace(served.address, address))
        client.rates(8)
        client.chooses("No", "Yes, and it helped")
        client.sends("Send to Dana")
        page.goto(f"{address}/cases/{case.code}?session=5")
        told = page.locator("#after")
        expect(told).to_contain_text("Repaired.")
        expect(told).to_contain_text("Yes, we talked, and it helped.")
        expect(told.locator("dl")).to_contain_text("talked, 9 March")
        expect(told.locator("ol li")).to_have_count(1)


def test_a_case_closed_too_early_ended_while_open_and_opening_it_again_takes_that_back(dana, case, desk_of):
    page = desk_of(dana)
    page.get_by_role("link", name=f"Open case {case.code}").click()
    page.get_by_role("button", name="Close this case").click()
    expect(page.locator("#after")).to_contain_text("Ended while open.")
    page.get_by_role("button", name="Open this case again").click()
    expect(page.locator("#after")).to_have_count(0)


def test_a_colleague_takes_over(served, dana, case, desk_of):
    iris = served.hire(replace(dana, id="iris", email="iris@example.org", display_name="Iris"))
    page = desk_of(dana)
    page.goto(f"{served.address}/cases/{case.code}/arrangements")
    page.get_by_label("To", exact=True).select_option("iris")
    page.get_by_role("button", name="Hand the case over").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your cases")
    expect(page.locator("main")).not_to_contain_text(case.code)
    expect(desk_of(iris).locator(f'article[data-case="{case.code}"]')).to_have_count(1)


def test_a_supervisor_reads_for_a_week_and_no_longer(served, dana, case, desk_of):
    sol = served.hire(replace(dana, id="sol", email="sol@example.org", display_name="Sol", role=Role.SUPERVISOR))
    page = desk_of(dana)
    page.goto(f"{served.address}/cases/{case.code}/arrangements")
    page.get_by_label("Supervisor", exact=True).select_option("sol")
    page.get_by_role("button", name="Share for this time").click()
    expect(page.locator("main")).to_contain_text("Sol, supervisor, until the end of 8 March")
    advice = desk_of(sol)
    advice.get_by_role("link", name=case.code).click()
    expect(advice.locator("main")).to_contain_text("Too fast.")
    expect(advice.locator("main button")).to_have_count(0)
    with later(served, "2026-03-09") as (world, address):
        late = desk_of(sol, world, address)
        expect(late.locator("main")).to_contain_text("No case is shared with you at present.")
        assert late.goto(f"{address}/cases/{case.code}").status == 404


@pytest.mark.parametrize("screen", [(320, "dark"), (1920, "light")])
def test_axe_finds_nothing_on_the_rarer_pages_and_nothing_runs_over_the_edge(served, dana, case, new_context, screen):
    served.hire(replace(dana, id="sol", email="sol@example.org", display_name="Sol", role=Role.SUPERVISOR))
    width, scheme = screen
    context = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="en-GB")
    page, found = enters(served, context, dana), {}
    here = f"/cases/{case.code}"
    kinds = ("print", "together", "arrangements", "guess?session=5")
    for path in ("/own-figures", "/notices", "/cases?q=zz", *(f"{here}/{kind}" for kind in kinds)):
        page.goto(served.address + path)
        for summary in page.locator("details:not([open]) summary").all():
            summary.click()
        found[path] = violations(page)
        assert page.evaluate(SIDEWAYS) == 0, path
    assert {path: problems for path, problems in found.items() if problems} == {}


def test_a_case_on_paper_prints_its_charts_and_no_button(served, dana, case, new_context):
    page = enters(served, new_context(locale="en-GB"), dana)
    page.goto(f"{served.address}/cases/{case.code}/print")
    page.emulate_media(media="print")
    expect(page.locator("svg.wide").first).to_be_visible()
    expect(page.locator("header.top")).to_be_hidden()
    expect(page.locator(".screen")).to_be_hidden()
    assert page.pdf(format="A4").startswith(b"%PDF")
