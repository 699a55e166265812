"""What a client is shown or given on paper: in the language of the case, of the clinic, or as asked for."""

import pytest

from feedback.domain.care import Role
from feedback.domain.languages import LANGUAGES
from feedback.persistence.cases import care
from feedback.web import i18n
from tests.support.builders import a_therapist
from tests.support.desk import Desk, a_desk
from tests.support.html import soup
from tests.support.pseudo import Pseudo, bare_words

TITLES = {"en": "How was today?", "es": "¿Qué tal hoy?", "de": "Wie war es heute?", "ar": "كيف كان اليوم؟"}


@pytest.fixture
def engine_name():
    """One database is enough for what is printed."""
    return "sqlite"


@pytest.fixture
def case(world):
    case = world.opens_a_case()
    world.shows_a_code(case)
    return case


def comes_in(world, case, code):
    with world.writing() as uow:
        care.put_language(uow, case.code, code)


def printed(page, what=".card"):
    (found,) = soup(page.text).select(what)
    return found["lang"], found["dir"], found.select_one(".serif").text


def test_a_card_comes_in_the_clinics_language_in_the_cases_or_as_asked_for(world, case):
    path, desk = f"/cases/{case.code}/card", a_desk(world)
    assert printed(desk.opens(path)) == ("en", "ltr", TITLES["en"])
    world.offers("de", "en", "ar")
    assert printed(desk.opens(path)) == ("de", "ltr", TITLES["de"])
    comes_in(world, case, "ar")
    assert printed(desk.opens(path)) == ("ar", "rtl", TITLES["ar"])
    assert printed(desk.opens(path, lang="en")) == ("en", "ltr", TITLES["en"])
    assert printed(desk.opens(path, lang="fr")) == ("ar", "rtl", TITLES["ar"]), "not on offer"
    assert soup(desk.opens(path, lang="ar").text).html["lang"] == "en", "the page around it is for staff"


def test_the_screen_turned_to_a_client_speaks_their_language_and_what_is_beside_it_the_staffs(world, case):
    world.offers("de", "en", "ar")
    comes_in(world, case, "ar")
    desk = a_desk(world)
    page = soup(desk.opens(f"/cases/{case.code}/code").text)
    (panel,) = page.select(".panel.show [lang]")
    assert (panel["lang"], panel["dir"], panel.select_one(".serif").text) == ("ar", "rtl", TITLES["ar"])
    assert panel.select_one(".addr").text == "hl.example"
    assert page.html["lang"] == "en"
    comes_in(world, case, None)
    assert printed(desk.opens(f"/cases/{case.code}/code"), ".panel.show [lang]") == ("de", "ltr", TITLES["de"])


def test_links_lead_to_each_language_on_offer_and_keep_the_paper(world, case):
    world.offers("de", "en", "ar")
    page = soup(a_desk(world).opens(f"/cases/{case.code}/card?paper=letter&lang=ar").text)
    links = {link["lang"]: link["href"] for link in page.select(".screen a[lang]")}
    assert links == {each: f"/cases/{case.code}/card?lang={each}&paper=letter" for each in ("de", "en")}
    assert page.select_one(".cards")["class"] == ["cards", "letter"]
    world.offers("en")
    assert soup(a_desk(world).opens(f"/cases/{case.code}/card").text).select(".screen a[lang]") == []


def test_the_poster_comes_in_the_clinics_language_or_as_asked_for(world):
    world.offers("es", "ar")
    desk = a_desk(world)
    assert printed(desk.opens("/poster"), ".poster") == ("es", "ltr", TITLES["es"])
    assert printed(desk.opens("/poster?lang=ar"), ".poster") == ("ar", "rtl", TITLES["ar"])
    assert printed(desk.opens("/poster?lang=en"), ".poster") == ("es", "ltr", TITLES["es"]), "not on offer"


def test_each_slip_of_a_sheet_and_the_desks_card_come_in_the_language_of_their_case(world):
    world.offers("en", "de", "ar")
    cases = [world.opens_a_case() for _ in range(3)]
    for case, code in zip(cases, ("ar", None, "de"), strict=True):
        comes_in(world, case, code)
    desk = Desk(world, world.hire(a_therapist(id="rosa", email="rosa@example.org", role=Role.DESK)))
    sheet = soup(desk.sends("/sheet", typed="\n".join(case.code for case in cases), paper="a4").text)
    assert [card["lang"] for card in sheet.select(".card")] == ["ar", "en", "de"]
    handed = desk.sends("/desk", case=cases[0].code)
    for what in (".card", ".panel.show [lang]"):
        assert printed(handed, what) == ("ar", "rtl", TITLES["ar"])


@pytest.mark.parametrize("code", LANGUAGES)
def test_codes_domains_and_days_stand_whole_on_a_card_of_any_language(world, code):
    world.offers(code)
    case = world.opens_a_case(seats=2)
    shown = world.shows_a_code(case, world.meets(case), "B")
    (card,) = soup(a_desk(world).opens(f"/cases/{case.code}/card?session=1").text).select(".card")
    said = card.get_text(" ", strip=True)
    for whole in (f"{shown.typed[:4]}-{shown.typed[4:]}", "hl.example", world.clinic.name, world.clinic.phone, "B"):
        assert whole in said
    assert "%" not in said
    assert case.code not in said


def test_nothing_shown_or_printed_was_left_untranslated(world, case, monkeypatch):
    world.offers("ar")
    monkeypatch.setattr(i18n, "catalogue", lambda code: Pseudo())
    desk = a_desk(world)
    known = (world.clinic.name, world.clinic.phone, "hl.example")
    shown = {f"/cases/{case.code}/card": ".card", f"/cases/{case.code}/code": ".panel.show", "/poster": ".poster"}
    for path, what in shown.items():
        (paper,) = soup(desk.opens(path).text).select(what)
        paper.svg.decompose()
        assert bare_words(str(paper), allowed=known) == []
