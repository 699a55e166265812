"""Typing a code: forgiving about how it is written, helpful when it is wrong, slow only for those who guess."""

from dataclasses import replace
from datetime import timedelta

import pytest

from feedback.domain.clock import FixedClock
from feedback.domain.limits import TYPED_CODE
from feedback.services.answers import resolve_access_code
from tests.support.html import soup
from tests.support.limits import after
from tests.support.phone import heading


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


@pytest.fixture
def three_misses(monkeypatch):
    """Of an address, after which it has to wait."""
    monkeypatch.setattr(resolve_access_code, "TYPED_CODE", after(TYPED_CODE, 3))


@pytest.mark.fault("R14")
def test_an_address_that_guesses_is_slowed_down_and_its_neighbours_are_not(phone, code, three_misses):
    answers = [types(phone, "7K4M9QTX", REMOTE_ADDR="192.0.2.7").status_code for _ in range(4)]
    assert answers == [404, 404, 404, 429]
    for address in ("192.0.2.8", "::ffff:192.0.2.9", "198.51.100.1", "2001:db8::1"):
        assert types(phone, code.typed, REMOTE_ADDR=address).status_code == 303, address
    assert types(phone, code.typed, REMOTE_ADDR="::ffff:192.0.2.7").status_code == 429, (
        "one host, however it is written"
    )


def test_the_wait_is_told_and_short(phone, world, app, code, three_misses):
    for _ in range(3):
        types(phone, "7K4M9QTX", REMOTE_ADDR="192.0.2.7")
    page = types(phone, code.typed, REMOTE_ADDR="192.0.2.7")
    assert heading(page) == "Let us take a short break."
    assert page.headers["Retry-After"] == "1"
    later = FixedClock(world.installation.clock.now() + timedelta(seconds=1))
    app.extensions["feedback"] = replace(app.extensions["feedback"], clock=later)
    assert types(phone, code.typed, REMOTE_ADDR="192.0.2.7").status_code == 303


@pytest.mark.fault("R14")
@pytest.mark.parametrize("engine_name", ["sqlite"])  # misses are counted in memory
def test_a_right_code_opens_while_hosts_all_around_guess(app, phone, code):
    """Ten thousand misses, from a whole /24 and from two hundred other networks: beyond every bound there is."""
    app.test_client_class = None  # ten thousand times the same page
    phone.http = app.test_client(use_cookies=False)
    for number in range(256):
        for _ in range(8):
            types(phone, "7K4M9QTX", REMOTE_ADDR=f"192.0.2.{number}" if number != 77 else "192.0.2.1")
    for number in range(200):
        for _ in range(40):
            types(phone, "7K4M9QTX", REMOTE_ADDR=f"198.18.{number}.5")
    assert types(phone, code.typed, REMOTE_ADDR="192.0.2.77").status_code == 303
    assert types(phone, code.typed, REMOTE_ADDR="203.0.113.5").status_code == 303


def test_forty_in_a_waiting_room_mistype_and_the_next_one_gets_in(phone, code):
    assert {types(phone, "7K4M9QTX").status_code for _ in range(40)} == {404}
    assert types(phone, code.typed).status_code == 303


def test_right_codes_use_nothing_up(phone, code, three_misses):
    assert {types(phone, code.typed).status_code for _ in range(20)} == {303}


def test_a_code_too_short_is_no_guess(phone, three_misses):
    assert {types(phone, "7K4M").status_code for _ in range(5)} == {404}


def test_who_is_refused_opens_no_connection_to_the_database(phone, app, three_misses, monkeypatch):
    for _ in range(3):
        types(phone, "7K4M9QTX")
    monkeypatch.setattr("feedback.services.answers.resolve_access_code.tenant_lookup.clinics_behind", pytest.fail)
    assert types(phone, "7K4M9QTX").status_code == 429


def test_scanned_links_are_never_slowed_down(phone, three_misses):
    assert {phone.opens("0" * 26).status_code for _ in range(20)} == {404}
