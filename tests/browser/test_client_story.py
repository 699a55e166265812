"""The client's story in Chromium, Firefox and WebKit: from the link to the thank-you, and back with the receipt."""

import pytest

from tests.support.phone import SEVENS
from tests.support.serving import free_port, serving

pytestmark = pytest.mark.browser


@pytest.fixture
def engine_name() -> str:
    """One database is enough for what browsers do."""
    return "sqlite"


@pytest.fixture
def address(world):
    """The application on a port."""
    with serving(world.installation, free_port()) as served:
        yield served


@pytest.fixture
def code(world):
    """A fresh code."""
    case = world.opens_a_case()
    return world.shows_a_code(case, world.meets(case))


@pytest.fixture
def link(address, code):
    """What the square says, as a scanner opens it."""
    return f"{address}/F/{code.token}"


def test_from_the_link_to_the_thank_you_and_back_with_the_receipt(tab, address, link):
    tab.goes(link)
    tab.waits_for("How was today?")
    tab.chooses(SEVENS)
    tab.writes("textarea", "It helped.")
    tab.presses("Send to Dana")
    tab.waits_for("Thank you.")
    assert "Dana can see your answers now." in tab.text("main")
    receipt = tab.text(".code")
    tab.goes(link)
    tab.waits_for("This one is done.")
    tab.goes(f"{address}/withdraw")
    tab.writes("#receipt", receipt.lower())
    tab.presses("Yes, take them back")
    tab.waits_for("That is done.")
    tab.goes(link)
    tab.waits_for("How was today?")


def test_a_missed_question_comes_back_with_everything_else_in_it(tab, link):
    tab.goes(link)
    tab.chooses({name: value for name, value in SEVENS.items() if name != "pace"})
    tab.writes("textarea", "Too fast.")
    tab.presses("Send without Dana seeing it")
    tab.one("//h2[contains(., 'You missed 1 question')]")
    assert sorted(tab.given()) == sorted([*(set(SEVENS) - {"pace"}), "Too fast."])
    tab.chooses({"pace": "2"})
    tab.presses("Send without Dana seeing it")
    tab.waits_for("Thank you.")
    assert "Your answers count in the clinic’s totals." in tab.text("main")


def test_back_on_somebodys_own_phone_finds_the_form_as_it_was(tab, address, link):
    tab.goes(link)
    tab.chooses(SEVENS)
    tab.writes("textarea", "still here")
    tab.presses("Someone else to talk to")
    tab.waits_for("Someone else to talk to")
    tab.back()
    tab.waits_for("How was today?")
    assert sorted(tab.given()) == sorted([*SEVENS, "still here"])


def test_a_little_reveals_what_should_happen_without_script(tab, link):
    tab.goes(link)
    follow_up = "//legend[contains(., 'What should Dana do?')]"
    assert not tab.is_seen(follow_up)
    for answer, is_shown in (("not_sure", True), ("no", False), ("a_little", True), ("yes", True)):
        tab.chooses({"off": answer})
        assert tab.is_seen(follow_up) == is_shown


def test_a_typed_code_and_the_easier_form(tab, address, code):
    tab.goes(f"{address}/")
    tab.writes("#code", "7K4M-9QT")
    tab.presses("Open")
    tab.one("//p[contains(., 'It looks 1 short.')]")
    tab.writes("#code", code.typed.lower())
    tab.presses("Open")
    tab.waits_for("How was today?")
    tab.presses("Easier version")
    tab.one("//a[normalize-space()='Use numbers 0 to 10']")
    tab.chooses(SEVENS | dict.fromkeys(set(SEVENS) - {"off"}, "3"))
    tab.presses("Send to Dana")
    tab.waits_for("Thank you.")


def test_the_whole_story_works_with_javascript_off(tab_without_javascript, link):
    tab = tab_without_javascript
    tab.goes("data:text/html,<h1>off</h1><script>document.querySelector('h1').textContent = 'on'</script>")
    assert tab.heading == "off"
    tab.goes(link)
    tab.chooses(SEVENS)
    tab.presses("Send to Dana")
    tab.waits_for("Thank you.")


@pytest.mark.parametrize("name", ["German", "Arabic"])
def test_another_language_stays_to_the_thank_you(tab, world, address, link, name):
    world.offers("en", "de", "ar")
    tab.goes(link)
    tab.presses({"German": "Deutsch", "Arabic": "العربية"}[name])
    tab.one(f"html[lang={name[:2].lower().replace('ge', 'de')}]")
    tab.chooses(SEVENS)
    tab.clicks("button[value=therapist]")
    tab.one(".code")
    assert tab.finds(f"html[dir={'rtl' if name == 'Arabic' else 'ltr'}]")
