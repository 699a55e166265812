"""A couple's pages, cards, the front desk and the poster in a real browser: axe, edges, squares, paper.

On one engine: what a browser draws does not depend on the database.
"""

import io
import re

import pytest
import zxingcpp
from PIL import Image

from feedback.domain.care import Role
from tests.support.answering import a_couple
from tests.support.browsing import screens, violations
from tests.support.builders import a_therapist
from tests.support.layout import SIDEWAYS
from tests.support.people import enters

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine_name", ["sqlite"])]


@pytest.fixture
def rosa(served):
    return served.hire(a_therapist(id="rosa", email="rosa@example.org", display_name="Rosa", role=Role.DESK))


def hands_out(page, served, case):
    page.goto(f"{served.address}/desk")
    page.get_by_label("Case code").fill(case.code.lower())
    page.get_by_role("button", name="Show today’s code").click()
    page.locator(".show").wait_for()


def squares(page):
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    return [found.text for found in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize(("width", "scheme"), screens(1280, 320))
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(served, rosa, new_context, width, scheme):
    case = a_couple(served)
    meeting = served.meets(case)
    for seat in case.places:
        served.shows_a_code(case, meeting, seat)
    look = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme, "locale": "en-GB"}
    page, found = enters(served, new_context(**look), served.therapist), {}
    here = f"/cases/{case.code}"
    code = f"{here}/code?session=6&seat=B"
    for path in ("/dashboard", "/cases", here, f"{here}?session=5", code, f"{code}&view=square", "/poster"):
        page.goto(served.address + path)
        for summary in page.locator("summary").all():
            summary.click()
        found[path] = [*violations(page), *[f"{path} runs over"] * bool(page.evaluate(SIDEWAYS))]
    page.goto(f"{served.address}{here}/card?session=6")
    found["card"] = [*violations(page), *["card runs over"] * bool(page.evaluate(SIDEWAYS))]
    page = enters(served, new_context(**look), rosa)
    page.goto(f"{served.address}/desk")
    found["desk"] = [*violations(page), *["desk runs over"] * bool(page.evaluate(SIDEWAYS))]
    page.goto(f"{served.address}/sheet")
    found["sheet"] = [*violations(page), *["sheet runs over"] * bool(page.evaluate(SIDEWAYS))]
    page.get_by_label("Case codes").fill(case.code)
    page.get_by_role("button", name="Show the sheet").click()
    page.locator(".slot").first.wait_for()
    found["printed"] = [*violations(page), *["printed runs over"] * bool(page.evaluate(SIDEWAYS))]
    hands_out(page, served, case)
    found["handed out"] = [*violations(page), *["code runs over"] * bool(page.evaluate(SIDEWAYS))]
    assert {path: problems for path, problems in found.items() if problems} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_person_scans_their_own_square_and_there_is_one_at_a_time(served, new_context, scheme):
    case = served.opens_a_case(seats=2)
    meeting = served.meets(case)
    codes = [served.shows_a_code(case, meeting, seat) for seat in case.places]
    page = enters(served, new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme), served.therapist)
    page.goto(f"{served.address}/cases/{case.code}/code?session=1&view=square")
    seen = squares(page)
    page.get_by_role("link", name="Person B").click()
    page.wait_for_url("**seat=B**")
    seen += squares(page)
    assert seen == [f"{served.address}/F/{code.token}".upper() for code in codes]


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_eight_cards_fill_one_page_and_each_can_be_read_from_it(served, new_context, paper, size):
    case = served.opens_a_case(seats=8)
    codes = [served.shows_a_code(case, None, seat) for seat in case.places]
    page = enters(served, new_context(viewport={"width": 704, "height": 1000}), served.therapist)
    page.goto(f"{served.address}/cases/{case.code}/card?paper={paper}")
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    box = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert [abs(float(box[at + 1]) - size[at]) < 1 for at in range(2)] == [True, True]
    page.emulate_media(media="print")
    assert sorted(squares(page)) == sorted(f"{served.address}/F/{code.token}".upper() for code in codes)


def test_one_click_takes_hold_of_the_whole_link(served, new_context):
    case = served.opens_a_case()
    code = served.shows_a_code(case, served.meets(case))
    page = enters(served, new_context(), served.therapist)
    page.goto(f"{served.address}/cases/{case.code}/code?session=1")
    page.locator("#link").click()
    assert page.evaluate("getSelection().toString()").strip() == f"{served.address}/F/{code.token}"


def test_a_square_on_a_card_is_thirty_millimetres_without_its_quiet_zone(served, new_context):
    case = served.opens_a_case()
    served.shows_a_code(case)
    page = enters(served, new_context(), served.therapist)
    page.goto(f"{served.address}/cases/{case.code}/card")
    page.emulate_media(media="print")
    wide = page.locator(".card .qr").bounding_box()["width"] / 96 * 25.4
    modules = int(page.locator(".card .qr").get_attribute("viewBox").split()[2])
    assert wide * (modules - 8) / modules >= 30


def test_the_front_desk_prints_the_card_alone_and_it_can_be_read(served, rosa, new_context):
    case = served.opens_a_case()
    page = enters(served, new_context(java_script_enabled=False), rosa)
    hands_out(page, served, case)
    (on_screen,) = squares(page)
    page.emulate_media(media="print")
    assert not page.locator(".show").is_visible()
    assert squares(page) == [on_screen]
    assert on_screen.startswith(f"{served.address}/F/".upper())


def test_the_poster_leads_to_the_page_where_a_code_is_typed(served, rosa, new_context):
    page = enters(served, new_context(), rosa)
    page.goto(f"{served.address}/poster")
    assert squares(page) == [f"{served.address}/".upper()]
    page.goto(squares(page)[0].lower())
    assert page.get_by_label("code").first.is_visible()
    page.goto(f"{served.address}/poster")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
