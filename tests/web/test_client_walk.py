"""Every page a client can meet, in every state: found, easy to read, in everyday words, with help at its foot."""

import re

import pytest

from tests.house.repository import TEMPLATES
from tests.support.client_pages import LANGUAGES, WAYS, every_client_page, walked
from tests.support.reading import grade

OF_STAFF = {"errors/staff.html"}
SAME_VIEW = {"/f/<token>"}
"""Addresses in lower case, beside their own in upper case."""

BANNED = re.compile(
    r"\b(alliances?|ruptur\w*|submi\w+|tokens?|risks?|risky|at-risk|alerts?|alarms?|fail\w*|poor(ly)?|complian\w*|"
    r"non-?respon\w*|below standard|diagnos\w*|symptoms?|patients?|users?|invalid|errors?)\b",
    re.IGNORECASE,
)
HARDEST = 6.0


def shown(page):
    """Everything a page says: text, and what attributes say to a screen reader."""
    said = [part for part in page.tree.find_all(string=True) if part.parent.name != "style"]
    named = ("aria-label", "title", "alt", "placeholder")
    return " ".join([*said, *(each[name] for name in named for each in page.tree.select(f"[{name}]"))])


def test_the_walk_asks_for_every_address_and_draws_every_template():
    (_, walker), (_, on_tablet) = walked("phone"), walked("tablet")
    views = walker.app.view_functions
    found = [rule for rule in walker.app.url_map.iter_rules() if rule.endpoint.startswith("intake.")]
    rules = {rule.rule for rule in found if not getattr(views[rule.endpoint], "admits", None)}
    assert rules - SAME_VIEW <= walker.rules | on_tablet.rules
    files = (path for folder in ("intake", "errors") for path in (TEMPLATES / folder).glob("[!_]*.html"))
    assert {path.relative_to(TEMPLATES).as_posix() for path in files} - OF_STAFF <= walker.templates


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_comes_in_the_language_asked_for(language):
    pages, _ = walked("phone", language)
    assert {page.tree.html["lang"] for page in pages} == {language}


def test_every_page_has_in_its_sheet_what_it_wears():
    bare = {}
    for page in every_client_page():
        sheet = page.tree.style.string
        worn = {name for each in page.tree.select("[class]") for name in each["class"]}
        bare |= {str(page): name for name in worn if not re.search(rf"\.{name}\b", sheet)}
        bare |= {str(page): "h2" for _ in page.tree.select("h2") if not re.search(r"[}]h2{", sheet)}
    assert bare == {}


@pytest.mark.checklist(20)
def test_every_english_page_is_read_by_a_child_of_eleven():
    grades = {str(page): grade(page.said) for page in every_client_page()}
    assert {name: each for name, each in grades.items() if each > HARDEST} == {}
    assert len(grades) > 100
    assert max(grades.values()) > 1, "the measure measures"


def test_no_sentence_of_an_english_page_is_longer_than_a_breath():
    long = {said for page in every_client_page() for said in page.said if len(said.split()) > 22}
    assert long == set()


def test_the_measure_knows_a_hard_text_from_an_easy_one():
    hard = "The administration necessitates comprehensive documentation regarding institutional responsibilities."
    assert grade([hard]) > 20
    assert grade(["The cat sat on the mat."]) < 1


@pytest.mark.checklist(20)
def test_no_page_uses_a_word_of_the_trade_or_of_blame():
    found = {str(page): hit for page in every_client_page() if (hit := BANNED.findall(shown(page)))}
    assert found == {}


@pytest.mark.checklist(14)
@pytest.mark.parametrize("way", WAYS)
def test_help_stands_in_the_same_order_at_the_foot_of_every_page(way):
    for page in walked(way)[0]:
        foot = page.tree.footer
        said = foot.get_text(" ", strip=True)
        assert re.search("In danger: 999 .*Samaritans: 116 123 .*Someone else to talk to", said), page
        dialled = [link["href"] for link in foot.select("a[href^='tel:']")]
        if way == "tablet" or "Shared tablet" in said:
            assert "Please tell anyone at the front desk" in said, page
            assert not dialled, page
        else:
            assert (dialled[0], dialled[-1]) == ("tel:999", "tel:116123"), page


WANTED = {"form with the script": ["/static/send.js"], "form with a way out and a colour": ["https://weather.example/"]}
"""What a clinic may ask for, and nobody else gets."""


@pytest.mark.checklist(2)
@pytest.mark.parametrize("way", ["phone", "easier"])
def test_no_page_loads_or_leads_to_anything_else_unless_the_clinic_asked_for_it(way):
    for page in walked(way)[0]:
        assert not page.tree.select("iframe, img, object, embed, [style], link[rel=stylesheet]"), page
        assert {link["href"] for link in page.tree.select("link")} == {"data:,"}, page
        assert ("Set-Cookie" in dict(page.headers)) == (page.template == "intake/kiosk.html"), page
        there = [each["src"] for each in page.tree.select("[src]")]
        there += [each["href"] for each in page.tree.select("[href^='http'], [href^='//'], [action^='http']")]
        assert [address.split("?")[0] for address in there] == WANTED.get(page.state, []), page


@pytest.mark.checklist(8)
def test_every_answer_is_given_with_a_tap_a_key_or_words_and_nothing_is_dragged():
    kinds = {each.get("type") for page in every_client_page() for each in page.tree.select("input")}
    assert kinds == {"radio", "checkbox", "text", "hidden"}
    for page in every_client_page():
        assert not page.tree.select("[draggable], [ontouchstart], select, canvas"), page
