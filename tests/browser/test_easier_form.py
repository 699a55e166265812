"""The easier version on a real screen: faces beside words, in reach of a thumb, and nothing lost on a narrow phone."""

import pytest
from playwright.sync_api import expect

from tests.support.serving import free_port, serving

pytestmark = pytest.mark.browser


@pytest.fixture
def engine_name() -> str:
    """One database is enough for how pages look."""
    return "sqlite"


@pytest.fixture
def easy(world):
    """The link of a fresh code, in the easier version."""
    case = world.opens_a_case()
    token = world.shows_a_code(case, world.meets(case)).token
    with serving(world.installation, free_port()) as address:
        yield f"{address}/F/{token}?easy=1"


def of_heard(page):
    return page.locator("label:has([name=heard])")


@pytest.mark.parametrize(("width", "stacked"), [(320, True), (390, False), (1280, False)])
def test_tiles_are_at_least_44_pixels_and_stand_below_each_other_on_a_narrow_phone(new_context, easy, width, stacked):
    page = new_context(viewport={"width": width, "height": 844}, java_script_enabled=False).new_page()
    page.goto(easy)
    for tile in page.locator("main label:has(input[type=radio])").all():
        box = tile.bounding_box()
        assert box is None or min(box["width"], box["height"]) >= 43.5
    tops = {tile.bounding_box()["y"] for tile in of_heard(page).all()}
    assert len(tops) == (5 if stacked else 1)


def test_every_face_is_drawn_and_no_letter_is_cut_off(new_context, easy):
    for width in (320, 360, 390):
        page = new_context(viewport={"width": width, "height": 844}).new_page()
        page.goto(easy)
        for face in of_heard(page).locator("svg").all():
            assert face.evaluate("face => face.getBBox().width") > 30
        cut = "tiles => tiles.filter(tile => tile.scrollWidth > tile.clientWidth).length"
        assert page.locator(".f span").evaluate_all(cut) == 0


def test_changing_over_and_back_is_two_taps_and_sending_works(new_context, easy):
    page = new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False).new_page()
    page.goto(easy)
    page.get_by_role("link", name="Use numbers 0 to 10").click()
    expect(of_heard(page)).to_have_count(11)
    page.get_by_role("link", name="Easier version").click()
    expect(of_heard(page)).to_have_count(5)
    for group in page.locator(".f").all():
        group.get_by_label("Mostly").check()
    page.get_by_role("button", name="Send to Dana", exact=True).click()
    expect(page.locator("h1")).to_have_text("Thank you.")
