"""The clinic admin's pages in a real browser: axe finds nothing, nothing runs over the edge, light and dark."""

from dataclasses import replace

import pytest

from feedback.domain.care import Role, Team
from feedback.persistence.clinic.clinics import add_team
from tests.support.browsing import screens, violations
from tests.support.layout import SIDEWAYS
from tests.support.people import enters

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine_name", ["sqlite"])]


@pytest.fixture
def anna(served):
    """A clinic admin who can sign in, in a clinic with a team."""
    person = replace(
        served.therapist,
        id="anna",
        email="anna@example.org",
        display_name="Anna",
        role=Role.CLINIC_ADMIN,
    )
    served.hire(person)
    with served.writing() as uow:
        add_team(uow, Team("quay", "Quay"))
    return person


SMALL = """[...document.querySelectorAll('button, .b, input:not([type=hidden]):not([type=checkbox]), .opt, select')]
    .map(one => [one.innerText || one.name, one.getBoundingClientRect()])
    .filter(([, box]) => box.height < 43.5).map(([name]) => name)"""
"""The controls that are too small for a thumb."""


@pytest.mark.parametrize(("width", "scheme"), screens(1280, 320, 390))
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(served, anna, new_context, width, scheme):
    page = enters(
        served, new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="en-GB"), anna
    )
    found = {}
    for path in (
        "/clinic",
        "/clinic/staff",
        "/clinic/staff/dana/cases",
        "/clinic/instruments",
        "/clinic/settings",
        "/clinic/settings?saved=yes",
    ):
        page.goto(served.address + path)
        found[path] = violations(page)
        assert page.evaluate(SIDEWAYS) == 0, path
    page.get_by_label("Time zone").fill("Atlantis")
    page.get_by_label("Days a code works").fill("99")
    page.get_by_role("button", name="Save").click()
    found["refused"] = violations(page)
    page.goto(f"{served.address}/clinic/staff")
    page.get_by_label("Name clients see").fill("Iris")
    page.get_by_label("E-mail").fill("iris@example.org")
    page.get_by_role("button", name="Invite").click()
    found["invited"] = violations(page)
    assert page.evaluate(SIDEWAYS) == 0
    assert {path: problems for path, problems in found.items() if problems} == {}


def test_the_whole_way_works_without_a_script(served, anna, new_context):
    page = enters(served, new_context(java_script_enabled=False, locale="en-GB"), anna)
    page.get_by_role("link", name="Settings").first.click()
    page.get_by_label("Country", exact=True).select_option("IE")
    page.get_by_role("button", name="Use this list").click()
    page.get_by_label("Clients may write a note").uncheck()
    page.get_by_role("button", name="Save").click()
    assert "Saved." in page.inner_text("main")
    assert page.get_by_label("As dialled").first.input_value() == "112"
    assert not page.get_by_label("Clients may write a note").is_checked()
    page.get_by_role("link", name="People").first.click()
    page.get_by_role("button", name="Disable Dana").click()
    assert "Where do the open cases of Dana go?" in page.inner_text("h1")
    page.get_by_role("button", name="Disable Dana").click()
    page.get_by_role("button", name="Enable Dana").click()
    assert page.get_by_role("button", name="Disable Dana").is_visible()


def test_every_control_is_large_enough_for_a_thumb(served, anna, new_context):
    page = enters(served, new_context(viewport={"width": 390, "height": 844}, has_touch=True, locale="en-GB"), anna)
    for path in ("/clinic", "/clinic/staff", "/clinic/settings"):
        page.goto(served.address + path)
        assert page.evaluate(SMALL) == [], path


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_teams_are_made_and_given_on_a_page_that_reads_well(served, anna, new_context, width, scheme):
    page = enters(
        served, new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="en-GB"), anna
    )
    page.get_by_role("link", name="Teams").first.click()
    page.get_by_label("Name of the team").fill("North")
    page.get_by_role("button", name="Make it").click()
    page.get_by_label("Dana").select_option("North")
    page.get_by_role("button", name="Save").click()
    for summary in page.locator("summary").all():
        summary.click()
    assert "1 therapist" in page.inner_text("main")
    assert page.evaluate(SIDEWAYS) == 0
    assert page.evaluate(SMALL) == []
    assert violations(page) == []
    page.get_by_role("button", name="Archive North").click()
    assert page.get_by_role("heading", name="North").count() == 0
