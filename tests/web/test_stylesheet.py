"""A clinic's own colour, its way out and the optional script: on its client pages, in the policy, nowhere else."""

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from feedback import paths
from feedback.persistence.clinic import clinics
from feedback.web import create_app
from feedback.web.assets import asset
from tests.support.builders import a_clinic
from tests.support.html import soup
from tests.support.phone import Phone, without_nonce

AWAY = "https://www.weather.example/"
OUT = "Leave\N{NO-BREAK SPACE}this\N{NO-BREAK SPACE}page"
NOTHING_RUNS = "default-src 'none'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


@pytest.fixture
def engine_name():
    """One database is enough for how pages look."""
    return "sqlite"


def chooses(world, **choices):
    with world.writing() as uow:
        clinics.save_clinic(uow, replace(world.clinic, **choices))


def pages(phone, code):
    """Answers of every kind: the form twice (drawn, then from memory), one that came back, thanks, errors, help."""
    first, again = phone.opens(code.token), phone.opens(code.token)
    missed = phone.sends(code.token, pace=None)
    thanks = phone.http.get(phone.sends(code.token).location)
    others = [phone.http.get(path) for path in ("/", "/help/harbour1", "/k/harbour1", "/withdraw", "/nowhere", "/F/x")]
    return [first, again, missed, thanks, phone.opens(code.token), *others]


SHARED = 3000
"""Letters of the sheet that every page has; what only pages after the form need comes behind."""


def sheet_of(page):
    return re.search(r"<style>(.*?)</style>", page.text, re.DOTALL)[1]


def test_every_page_wears_the_clinics_colour_and_the_policy_names_exactly_that_sheet(world, phone, code):
    plain = sheet_of(phone.opens(code.token))
    chooses(world, accent="#7a3b69")
    for page in pages(phone, code):
        sheet = sheet_of(page)
        digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
        assert page.headers["Content-Security-Policy"] == f"{NOTHING_RUNS}; style-src 'sha256-{digest}'"
        assert sheet.startswith(plain[:SHARED])
        light, dark = re.findall(r"--accent:(#[0-9a-f]{6});--on:#[0-9a-f]{6};--tint:#[0-9a-f]{6}}", sheet)[-2:]
        assert light == "#7a3b69"
        assert dark != light
    chooses(world, accent="")
    assert "#7a3b69" not in sheet_of(phone.opens(code.token))


def test_two_clinics_keep_their_own_colours(world, phone):
    chooses(world, accent="#7a3b69")
    with world.installation.database.writing(None) as uow:
        clinics.add_clinic(uow.within("second"), a_clinic(id="second", name="Second", accent="#00418a"))
    seen = [sheet_of(phone.http.get(f"/help/{clinic}")) for clinic in ("harbour1", "second", "harbour1")]
    assert ["#7a3b69" in sheet for sheet in seen] == [True, False, True]
    assert "#00418a" in seen[1]
    assert "#00418a" not in sheet_of(phone.http.get("/help"))


def test_a_form_answered_for_the_totals_still_looks_unused_in_a_clinics_colour(world, phone, code):
    chooses(world, accent="#7a3b69", quick_exit=AWAY, script_enabled=True)
    before = phone.opens(code.token)
    phone.sends(code.token, "totals")
    after = phone.opens(code.token)
    assert list(before.headers) == list(after.headers)
    assert without_nonce(before) == without_nonce(after)


def test_the_way_out_stands_first_on_every_page_and_is_a_plain_link(world, phone, code):
    assert all("noreferrer" not in page.text for page in pages(phone, code))
    chooses(world, quick_exit=AWAY)
    for page in pages(phone, world.shows_a_code(world.opens_a_case())):
        if "Shared tablet" in page.text:
            assert AWAY not in page.text
            continue
        first = soup(page.text).body.find(["a", "button", "input"])
        assert (first["href"], first["rel"], first.text) == (AWAY, ["noreferrer"], OUT)
        assert first.find_parent("header")


def test_a_tablet_has_no_way_out_to_elsewhere_and_no_script(world, phone, code):
    chooses(world, quick_exit=AWAY, script_enabled=True)
    page = phone.http.get(phone.http.get(f"/F/{code.token}?kiosk=1").location)
    assert AWAY not in page.text
    assert "<script" not in page.text
    assert "script-src" not in page.headers["Content-Security-Policy"]


def test_the_script_is_on_the_form_of_a_clinic_that_wants_it_and_on_no_other_page(world, phone, code):
    chooses(world, script_enabled=True)
    form, again, missed, *others = pages(phone, code)
    for page in (form, again, missed):
        scripts = soup(page.text).select("script")
        assert [script["src"].split("?")[0] for script in scripts] == ["/static/send.js"]
        assert page.headers["Content-Security-Policy"].endswith("; script-src 'self'; connect-src 'self'")
        assert soup(page.text).select_one("#unsent[hidden]").h2.text == "Not sent yet"
    for page in others:
        assert "<script" not in page.text
        assert "script-src" not in page.headers["Content-Security-Policy"]
    chooses(world)
    assert "<script" not in phone.opens(world.shows_a_code(world.opens_a_case()).token).text


def test_the_script_is_one_small_file_of_our_own_that_stores_nothing(phone, app):
    script = (paths.static() / "send.js").read_text()
    assert len(script.encode()) <= 1024
    assert not re.search("localStorage|sessionStorage|indexedDB|caches|cookie|serviceWorker|https?:", script)
    with app.test_request_context():
        address = asset("send.js")
    with phone.http.get(address) as kept:
        assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_process_that_serves_no_staff_pages_lets_the_script_be_kept_as_well(world, code):
    chooses(world, script_enabled=True)
    settings = world.installation.settings.model_copy(update={"surfaces": ("intake",)})
    phone = Phone(create_app(replace(world.installation, settings=settings)))
    script = soup(phone.opens(code.token).text).script["src"]
    with phone.http.get(script) as kept:
        assert "immutable" in kept.headers["Cache-Control"]


@pytest.mark.parametrize("choice", [{}, {"totals_enabled": False}, {"comment_enabled": False}, {"accent": "#7a3b69"}])
def test_the_preview_is_the_form_as_chosen_and_nothing_can_be_sent_from_it(world, phone, choice):
    chooses(world, **choice)
    page = phone.http.get("/preview/harbour1")
    tree = soup(page.text)
    assert "This is a preview." in tree.main.get_text()
    assert not tree.select("[name=nonce]")
    assert tree.form.get("method") is None
    buttons = tree.select("form button")
    assert buttons[0].text == "Send to Dana"
    assert all(button.has_attr("disabled") for button in buttons)
    assert len(buttons) == (1 if choice.get("totals_enabled") is False else 2)
    assert bool(tree.select("textarea")) == choice.get("comment_enabled", True)
    assert phone.http.post("/preview/harbour1").status_code == 405
    assert phone.http.get("/preview/nobody").status_code == 404


def test_dark_differs_from_light_in_colours_alone(world, phone, code):
    """What is not about colours, axe judges once for both schemes (tests/support/looks.py)."""
    chooses(world, accent="#7a3b69")
    sheet = sheet_of(phone.opens(code.token))
    dark = re.findall(r"@media\s?\(prefers-color-scheme:dark\){(.*?})}", sheet)
    assert len(dark) == sheet.count("prefers-color-scheme") == 2
    for block in dark:
        assert re.fullmatch(r":root{(--[a-z]+:#[0-9a-f]{3,6};?)+}", block)
