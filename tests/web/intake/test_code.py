"""Typing a code: forgiving about how it is written, helpful when it is wrong, slow only for those who guess."""

import pytest

from feedback.services.answers import find_typed_code
from feedback.web import throttle
from feedback.web.intake import code as code_page
from tests.support.html import soup
from tests.support.phone import heading


@pytest.fixture(autouse=True)
def fresh_networks(monkeypatch):
    """Nobody has guessed yet."""
    monkeypatch.setattr(code_page, "_networks", throttle.NetworkTries())


def types(phone, typed, **environment):
    return phone.http.post("/code", data={"code": typed}, environ_overrides=environment)


@pytest.mark.checklist(30)
@pytest.mark.parametrize(
    "written",
    [
        str,
        str.lower,
        lambda code: f"{code[:4]}-{code[4:]}",
        lambda code: f" {code[:4]} {code[4:]} ",
        lambda code: code.replace("0", "o").replace("1", "l"),
        lambda code: code.replace("0", "O").replace("1", "I"),
    ],
)
def test_a_code_leads_to_its_form_however_it_is_written(phone, code, written):
    led = types(phone, written(code.typed))
    assert (led.status_code, led.location) == (303, f"/F/{code.token}")


@pytest.mark.checklist(30)
@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("7K4M-9QT", "We could not find 7K4M-9QT. It looks 1 short."),
        ("7K4M-9Q", "It looks 2 short."),
        ("7K4M-9QTXX", "It looks 1 too long."),
        ("7K4M-9QTX", "We could not find 7K4M-9QTX. Check for a mix-up and try again."),
        ("", "We could not find that code."),
        ("<script>alert(1)</script>", "We could not find"),
        ("\u202e7K4M\x00", "We could not find 7K4M. It looks 4 short."),
    ],
)
def test_a_wrong_code_is_kept_and_explained(phone, typed, says):
    page = types(phone, typed)
    assert page.status_code == 404
    assert says in soup(page.text).select_one("#code-e").text
    assert soup(page.text).select_one("input[name=code]")["value"] in typed


def test_the_start_page_leads_staff_to_their_sign_in(phone):
    assert soup(phone.http.get("/").text).find("a", string="Staff sign-in")["href"] == "/sign-in"


@pytest.mark.fault("R14")
def test_a_network_that_guesses_is_slowed_down_and_others_are_not(phone, code, monkeypatch):
    monkeypatch.setattr(throttle, "MOST_MISSES", 3)
    answers = [types(phone, "7K4M9QTX", REMOTE_ADDR="192.0.2.7").status_code for _ in range(4)]
    assert answers == [404, 404, 404, 429]
    assert types(phone, code.typed, REMOTE_ADDR="192.0.2.8").status_code == 429
    assert types(phone, code.typed, REMOTE_ADDR="198.51.100.1").status_code == 303
    assert types(phone, code.typed, REMOTE_ADDR="2001:db8::1").status_code == 303


@pytest.mark.fault("R14")
def test_all_networks_together_are_bounded_by_the_database(phone, world, monkeypatch):
    monkeypatch.setattr(find_typed_code, "MOST_MISSES", 2)
    answers = [types(phone, "7K4M9QTX", REMOTE_ADDR=f"198.51.{number}.1").status_code for number in range(3)]
    assert answers == [404, 404, 429]
    page = types(phone, "7K4M9QTX")
    assert heading(page) == "Let us take a short break."
    assert page.headers["Retry-After"] == "600"


def test_a_code_too_short_is_no_guess(phone, monkeypatch):
    monkeypatch.setattr(throttle, "MOST_MISSES", 1)
    assert {types(phone, "7K4M").status_code for _ in range(5)} == {404}


def test_a_new_window_forgets(phone, world, app, monkeypatch):
    monkeypatch.setattr(throttle, "MOST_MISSES", 1)
    assert [types(phone, "7K4M9QTX").status_code for _ in range(2)] == [404, 429]
    app.extensions["feedback"] = world.on("2026-03-02", hour=13).installation
    assert types(phone, "7K4M9QTX").status_code == 404


def test_scanned_links_are_never_slowed_down(phone, monkeypatch):
    monkeypatch.setattr(find_typed_code, "MOST_MISSES", 1)
    assert {phone.opens("0" * 26).status_code for _ in range(20)} == {404}
