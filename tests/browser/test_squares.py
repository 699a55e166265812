"""Squares as a phone meets them: on the therapist's screen in every scheme, and on paper as a printer gets it.

What is printed is Chromium's own PDF, drawn at 150 dots per inch by another renderer and read by a third program.
"""

import io
from dataclasses import replace

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from feedback.domain.care import Role
from feedback.domain.languages import LANGUAGES
from feedback.persistence.clinic import clinics
from feedback.services.accounts.keep_signed_in import start_session
from tests.support.builders import a_therapist

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine_name", ["sqlite"])]

DPI = 150
MILLIMETRES = 25.4
PAPER = {"a4": (210, 297), "letter": (215.9, 279.4)}
LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "forced colours, dark": {"forced_colors": "active", "color_scheme": "dark"},
}


@pytest.fixture
def enters(served, new_context):
    """Somebody of the staff at a tab, signed in."""

    def enter(person, **look):
        it = served.installation
        with served.writing() as uow:
            cookie = start_session(uow, it.clock, it.keyring, it.chance, staff=person)
        context = new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", **look)
        context.add_cookies([{"name": "feedback_staff", "value": cookie, "url": served.address}])
        return context.new_page()

    return enter


def link_of(served, code):
    return f"{served.address}/F/{code.token}".upper()


def printed(page):
    """Every sheet of what the page prints, as a picture."""
    document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    sheets = [sheet.render(scale=DPI / 72).to_pil() for sheet in document]
    document.close()
    return sheets


def read(picture):
    return {found.text: found for found in zxingcpp.read_barcodes(picture)}


def millimetres(found):
    """How wide a square is on paper, without its quiet zone."""
    return (found.position.top_right.x - found.position.top_left.x) / DPI * MILLIMETRES


@pytest.mark.checklist(31)
@pytest.mark.parametrize("look", LOOKS)
def test_a_square_on_the_screen_is_black_on_white_and_read_in_every_scheme(served, enters, look):
    case = served.opens_a_case()
    meeting = served.meets(case)
    link = link_of(served, served.shows_a_code(case, meeting))
    page = enters(served.therapist, **LOOKS[look])
    for path in ("code?session=1", "code?session=1&view=square"):
        page.goto(f"{served.address}/cases/{case.code}/{path}")
        square = page.locator("svg.qr")
        picture = Image.open(io.BytesIO(square.screenshot())).convert("RGB")
        (found,) = zxingcpp.read_barcodes(picture)
        assert found.text == link
        modules = int(square.get_attribute("viewBox").split()[2])
        quiet = 4 * picture.width / modules
        assert found.position.top_left.x >= quiet - 2
        edge = round(quiet / 2)
        corners = [(x, y) for x in (edge, picture.width - edge) for y in (edge, picture.height - edge)]
        assert {picture.getpixel(corner) for corner in corners} == {(255, 255, 255)}
        assert picture.getpixel((round(quiet * 1.125), round(quiet * 1.125))) == (0, 0, 0)


@pytest.mark.checklist(32)
@pytest.mark.parametrize("paper", PAPER)
def test_eight_cards_are_one_sheet_and_each_is_read_from_it_thirty_millimetres_wide(served, enters, paper):
    case = served.opens_a_case(seats=8)
    links = {link_of(served, served.shows_a_code(case, None, seat)) for seat in case.places}
    page = enters(served.therapist)
    page.goto(f"{served.address}/cases/{case.code}/card?paper={paper}")
    (sheet,) = printed(page)
    assert tuple(side / DPI * MILLIMETRES for side in sheet.size) == pytest.approx(PAPER[paper], abs=1)
    found = read(sheet)
    assert found.keys() == links
    assert min(map(millimetres, found.values())) >= 30


@pytest.mark.checklist(32)
def test_each_card_names_the_domain_the_code_the_clinic_and_its_telephone(served, enters):
    case = served.opens_a_case(seats=8)
    typed = [served.shows_a_code(case, None, seat).typed for seat in case.places]
    page = enters(served.therapist)
    page.goto(f"{served.address}/cases/{case.code}/card")
    document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    words = " ".join(document[0].get_textpage().get_text_bounded().split())
    document.close()
    for code in typed:
        assert f"{code[:4]}-{code[4:]}" in words
    for told in (served.address.split("/")[2], served.clinic.name, served.clinic.phone):
        assert words.count(told) == 8, told


def test_cards_for_the_wallet_are_a_bank_card_each_in_every_language_and_are_read_from_it(served, enters):
    with served.writing() as uow:
        clinics.save_clinic(uow, replace(served.clinic, languages=tuple(LANGUAGES)))
    case = served.opens_a_case(seats=2)
    meeting = served.meets(case)
    links = [link_of(served, served.shows_a_code(case, meeting, seat)) for seat in case.places]
    kept = [link_of(served, served.shows_a_code(case, None, seat)) for seat in case.places]
    page = enters(served.therapist)
    for code in LANGUAGES:
        for which, carried in (("session=1&", links), ("", kept)):
            page.goto(f"{served.address}/cases/{case.code}/card?{which}paper=wallet&lang={code}")
            assert page.locator(".card").first.get_attribute("lang") == code
            sheets = printed(page)
            for sheet in sheets:
                assert tuple(side / DPI * MILLIMETRES for side in sheet.size) == pytest.approx((85.6, 54), abs=1)
            found = [read(sheet) for sheet in sheets]
            assert [list(each) for each in found] == [[link] for link in carried], f"{code}: one to a page"
            assert min(millimetres(square) for each in found for square in each.values()) >= 30


def test_a_single_card_and_the_front_desks_card_are_read_from_paper(served, enters):
    case = served.opens_a_case()
    code = served.shows_a_code(case, served.meets(case))
    page = enters(served.therapist)
    page.goto(f"{served.address}/cases/{case.code}/card?session=1")
    rosa = served.hire(a_therapist(id="rosa", email="rosa@example.org", display_name="Rosa", role=Role.DESK))
    desk = enters(rosa)
    desk.goto(f"{served.address}/desk")
    desk.get_by_label("Case code").fill(case.code)
    desk.get_by_role("button", name="Show today’s code").click()
    desk.locator(".show").wait_for()
    for tab in (page, desk):
        (sheet,) = printed(tab)
        found = read(sheet)
        assert found.keys() == {link_of(served, code)}
        assert min(map(millimetres, found.values())) >= 30


@pytest.mark.parametrize("paper", PAPER)
def test_a_sheet_of_nine_cases_is_two_pages_and_each_slip_is_read_from_it(served, enters, paper):
    codes = [served.shows_a_code(case, served.meets(case)) for case in (served.opens_a_case() for _ in range(9))]
    desk = enters(served.hire(a_therapist(id="rosa", email="rosa@example.org", display_name="Rosa", role=Role.DESK)))
    desk.goto(f"{served.address}/sheet")
    desk.get_by_label("Case codes").fill("\n".join(code.code.case_code for code in codes))
    desk.get_by_label("Paper").select_option(paper)
    desk.get_by_role("button", name="Show the sheet").click()
    desk.locator(".slot").first.wait_for()
    sheets = printed(desk)
    found = [read(sheet) for sheet in sheets]
    assert [len(each) for each in found] == [8, 1]
    assert found[0].keys() | found[1].keys() == {link_of(served, code) for code in codes}
    assert tuple(side / DPI * MILLIMETRES for side in sheets[0].size) == pytest.approx(PAPER[paper], abs=1)
    assert min(millimetres(square) for each in found for square in each.values()) >= 30


def test_the_poster_is_one_sheet_with_a_square_for_the_far_wall_and_no_code(served, enters):
    page = enters(served.therapist)
    page.goto(f"{served.address}/poster")
    (sheet,) = printed(page)
    (found,) = read(sheet).values()
    assert found.text == f"{served.address}/".upper()
    assert millimetres(found) >= 110
