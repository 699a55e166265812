"""A client who reads Arabic, from the square to taking it back, without script; and what a screen shows of it."""

import pytest
from playwright.sync_api import expect

from feedback.domain.languages import LANGUAGES
from feedback.persistence.answers import responses
from tests.support.phone import SEVENS
from tests.support.serving import free_port, serving

pytestmark = pytest.mark.browser


@pytest.fixture
def engine_name() -> str:
    """One database is enough for how pages look."""
    return "sqlite"


@pytest.fixture
def address(world):
    """The application on a port, of a clinic that offers every language."""
    world.offers(*LANGUAGES)
    with serving(world.installation, free_port()) as served:
        yield served


@pytest.fixture
def case(world):
    """A new case."""
    return world.opens_a_case()


@pytest.fixture
def link(world, case, address):
    """The link of a fresh code."""
    return f"{address}/F/{world.shows_a_code(case, world.meets(case)).token}"


def test_an_arabic_reader_goes_all_the_way_without_script(new_context, world, case, link):
    page = new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}, locale="en-GB").new_page()
    page.goto(link)
    page.get_by_role("link", name="العربية").click()
    expect(page.locator("h1")).to_have_text("كيف كان اليوم؟")
    for name, value in SEVENS.items() - {("pace", "7")}:
        page.locator(f"[name={name}][value='{value}']").check()
    page.get_by_role("button", name="إرسال إلى Dana", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("ينقص سؤال واحد")
    page.locator("[name=pace][value='7']").check()
    page.get_by_role("button", name="إرسال إلى Dana", exact=True).click()
    expect(page.locator("h1")).to_have_text("شكرًا لك.")
    with world.reading() as uow:
        assert [each.response.language for each in responses.list_responses(uow, case.code)] == ["ar"]
    page.get_by_role("button", name="سحب إجاباتي").click()
    page.get_by_role("button", name="نعم، أريد سحبها").click()
    expect(page.locator("h1")).to_have_text("تم ذلك.")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    with world.reading() as uow:
        assert responses.list_responses(uow, case.code) == ()


def test_a_phone_set_to_arabic_opens_the_form_in_arabic(new_context, link):
    page = new_context(java_script_enabled=False, viewport={"width": 320, "height": 844}, locale="ar-EG").new_page()
    page.goto(link)
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    expect(page.locator("header")).to_contain_text("الاثنين 2 مارس")


def test_each_language_has_a_link_that_a_thumb_can_hit(new_context, link):
    page = new_context(java_script_enabled=False, viewport={"width": 320, "height": 844}, locale="en-GB").new_page()
    page.goto(link)
    boxes = [each.bounding_box() for each in page.locator("main a[lang]").all()]
    assert len(boxes) == len(LANGUAGES) - 1
    assert min(min(box["width"], box["height"]) for box in boxes) >= 44
