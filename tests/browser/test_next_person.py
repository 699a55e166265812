"""The shared tablet in Chromium, Firefox and WebKit: whatever somebody left behind, the next person finds nothing."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from feedback.web.intake import kiosk, tablet_form, tablet_thanks
from tests.support.phone import SEVENS
from tests.support.serving import address as address_of
from tests.support.serving import free_port, serving
from tests.support.webdriver import DriverError

pytestmark = pytest.mark.browser

NOTE = "a private word"
CLEAR = "Clear this screen now"
BEFORE = "/healthz"
"""The page at which each tablet's history begins."""


@pytest.fixture
def engine_name() -> str:
    """One database is enough for what browsers keep."""
    return "sqlite"


@pytest.fixture
def address(world, request) -> Iterator[str]:
    """The application on a port, over http unless a test asks for both: what browsers keep differs.

    Over http it says so in its settings as well: WebKit keeps no cookie for https that came over http.
    """
    is_secure, port, it = getattr(request, "param", "http") == "https", free_port(), world.installation
    there = it if is_secure else replace(it, settings=it.settings.model_copy(update={"base_url": address_of(port)}))
    with serving(there, port, secure=is_secure) as served:
        yield served


BOTH = pytest.mark.parametrize("address", ["http", "https"], indirect=True)


@pytest.fixture
def code(world):
    """A fresh code."""
    case = world.opens_a_case()
    return world.shows_a_code(case, world.meets(case))


def starts(tab, address, code):
    tab.goes(address + BEFORE)
    tab.goes(f"{address}/k/harbour1")
    tab.writes("#code", code.typed)
    tab.presses("Start")
    tab.waits_for("How was today?")


def fills(tab, **apart):
    answers = {name: value for name, value in (SEVENS | apart).items() if value}
    tab.chooses(answers)
    tab.writes("textarea", NOTE)


def misses_one(tab):
    fills(tab, pace=None)
    tab.presses("Send to Dana")
    tab.one("//h2[contains(., 'You missed 1 question')]")


def sends(tab):
    fills(tab)
    tab.presses("Send to Dana")
    tab.waits_for("Thank you.")
    return tab.text(".code")


def goes_back_to_the_start(tab):
    """Press Back until the start page shows."""
    for _ in range(3):
        tab.back()
        if tab.heading == "Ready when you are.":
            break
    assert tab.address.endswith("/k/harbour1")


def looks_around(tab, *secrets, is_in_a_visit=False):
    """Be the next person: go back and forward through all there is, and send again whatever can be sent again.

    Whoever is in a visit of their own begins at its form, and finds it over on the way back to it.
    """
    if not is_in_a_visit:
        tab.reload()
        finds_nothing(tab, *secrets)
    steps = 0
    while steps < 9:
        tab.back()
        if tab.address.endswith(BEFORE):
            break
        steps += 1
        finds_nothing(tab, *secrets)
        tab.reload()
        finds_nothing(tab, *secrets)
    assert steps >= 1, "there was something to go back to"
    for _ in range(steps):
        tab.forward()
        finds_nothing(tab, *secrets)
        tab.reload()
        finds_nothing(tab, *secrets)


def finds_nothing(tab, *secrets):
    assert tab.heading == "Ready when you are."
    assert not [secret for secret in (NOTE, *secrets) if secret in tab.html]
    assert tab.given() == []
    assert not tab.finds("//button[contains(., 'Send')]")


@pytest.mark.checklist(29)
@BOTH
def test_after_done(tab, address, code):
    starts(tab, address, code)
    receipt = sends(tab)
    tab.presses("Done")
    tab.waits_for("Ready when you are.")
    looks_around(tab, receipt)


@pytest.mark.checklist(29)
@BOTH
def test_after_clearing_a_form_that_was_filled(tab, address, code):
    starts(tab, address, code)
    fills(tab)
    tab.presses(CLEAR)
    tab.waits_for("Ready when you are.")
    looks_around(tab)


@pytest.mark.checklist(29)
@BOTH
def test_after_clearing_a_form_that_was_returned_for_a_missed_question(tab, address, code):
    starts(tab, address, code)
    misses_one(tab)
    tab.presses(CLEAR)
    tab.waits_for("Ready when you are.")
    looks_around(tab)


def test_after_a_missed_question_was_answered_and_sent(tab, address, code):
    starts(tab, address, code)
    misses_one(tab)
    tab.chooses({"pace": "3"})
    tab.presses("Send to Dana")
    tab.waits_for("Thank you.")
    receipt = tab.text(".code")
    tab.presses("Done")
    tab.waits_for("Ready when you are.")
    looks_around(tab, receipt)


@pytest.mark.checklist(29)
@BOTH
def test_after_going_back_to_the_start_page(tab, address, code):
    starts(tab, address, code)
    receipt = sends(tab)
    goes_back_to_the_start(tab)
    tab.forward()
    finds_nothing(tab, receipt)
    tab.forward()
    looks_around(tab, receipt)


@pytest.mark.parametrize("address", ["https"], indirect=True)
def test_after_going_back_to_the_start_page_from_a_form(tab, address, code):
    """Over http WebKit brings the start page back without asking for it, and the visit goes on until its time ends."""
    starts(tab, address, code)
    fills(tab)
    goes_back_to_the_start(tab)
    tab.forward()
    looks_around(tab)


@BOTH
def test_after_the_address_of_the_start_page_was_typed(tab, address, code):
    starts(tab, address, code)
    receipt = sends(tab)
    tab.goes(f"{address}/k/harbour1")
    looks_around(tab, receipt)


@pytest.mark.checklist(29)
@BOTH
def test_after_another_code_was_typed(tab, address, code, world):
    """Whoever begins a visit of their own goes back as far as there is, and forward again."""
    starts(tab, address, code)
    receipt = sends(tab)
    goes_back_to_the_start(tab)
    case = world.opens_a_case()
    tab.writes("#code", world.shows_a_code(case, world.meets(case)).typed)
    tab.presses("Start")
    tab.waits_for("How was today?")
    assert tab.given() == []
    looks_around(tab, receipt, is_in_a_visit=True)


def test_a_form_that_was_returned_shows_nothing_given_to_whoever_stands_before_it(tab, address, code):
    starts(tab, address, code)
    misses_one(tab)
    for move in (tab.reload, tab.back, tab.reload, tab.forward, tab.reload):
        move()
        assert tab.given() == []
        assert NOTE not in tab.html


def test_a_code_that_was_typed_wrong_is_not_shown_again(tab, address, code):
    tab.goes(address + BEFORE)
    tab.goes(f"{address}/k/harbour1")
    tab.writes("#code", "7K4M-9QT")
    tab.presses("Start")
    tab.one("//p[contains(., 'It looks 1 short.')]")
    assert "9QT" not in tab.html.replace("7K4M-9QTX", "")
    looks_around(tab, "7K4M-9QT ")


@pytest.mark.checklist(29)
def test_after_the_timer_of_the_thank_you(tab, address, code, monkeypatch):
    monkeypatch.setattr(tablet_thanks, "SHOWN_SECONDS", 1)
    starts(tab, address, code)
    fills(tab)
    tab.presses("Send to Dana")
    tab.waits_for("Ready when you are.")
    looks_around(tab, "Your receipt")


@pytest.mark.checklist(29)
def test_after_the_timer_of_a_form_that_was_left(tab, address, code, monkeypatch):
    starts(tab, address, code)
    fills(tab, pace=None)
    monkeypatch.setattr(tablet_form, "CLEARS_SECONDS", 1)
    tab.presses("Send to Dana")
    tab.waits_for("Ready when you are.")
    looks_around(tab)


def test_a_tap_keeps_the_thank_you_and_its_receipt_until_done(tab, address, code):
    starts(tab, address, code)
    receipt = sends(tab)
    tab.presses("Keep this page 2 minutes longer")
    tab.one('meta[http-equiv=refresh][content^="120;"]')
    assert tab.text(".code") == receipt
    tab.presses("Done")
    tab.waits_for("Ready when you are.")
    looks_around(tab, receipt)


def test_taking_back_from_the_thank_you_leaves_nothing(tab, address, code):
    starts(tab, address, code)
    receipt = sends(tab)
    tab.presses("Take my answers back")
    tab.waits_for("Take your answers back?")
    assert receipt not in tab.html
    tab.presses("Yes, take them back")
    tab.waits_for("That is done.")
    tab.presses(CLEAR)
    tab.waits_for("Ready when you are.")
    tab.back()
    tab.waits_for("That is done.")
    tab.back()
    finds_nothing(tab, receipt)


def is_still_typed(tab):
    """Say whether something stands in the page; a page that is just being loaded anew is asked again."""
    try:
        return bool(tab.given())
    except DriverError:
        return True


def test_a_code_that_was_typed_and_left_is_gone_when_the_start_page_clears(tab, address, code, monkeypatch):
    monkeypatch.setattr(kiosk, "START_SECONDS", 2)
    tab.goes(address + BEFORE)
    tab.goes(f"{address}/k/harbour1")
    tab.writes("#code", code.typed)
    until = time.monotonic() + 20
    while is_still_typed(tab) and time.monotonic() < until:
        time.sleep(0.1)
    finds_nothing(tab, code.typed)
