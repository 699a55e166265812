"""Every page of an account, from the first link to the log of an auditor: axe, edges, thumbs, keyboard."""

import pytest

from feedback.domain.care import Role
from feedback.security.provider.oidc_identity import Vouched, identity_hash
from feedback.services.accounts.invite_staff import invite_staff
from feedback.services.accounts.link_identity import link_identity
from tests.support.authenticator import PHRASE, hires_with_both_steps
from tests.support.browsing import violations
from tests.support.layout import CUT_OR_COVERED, FOCUS, OPEN_ALL, SIDEWAYS, TOO_SMALL_TO_TAP, ZOOMING_FIELDS, contrast
from tests.support.people import enters
from tests.support.soak import IS_SOAK, scaled

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine_name", ["sqlite"])]

MOST_STOPS = 40
LEAST_CONTRAST = 3
"""Of the ring around where the keyboard is, against the page (WCAG 2.2, 1.4.11)."""

SCREENS = {
    "a narrow phone": {"viewport": {"width": 320, "height": 844}, "has_touch": True},
    "a laptop in the dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "a phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
    "a narrow phone in the dark": {"viewport": {"width": 320, "height": 844}, "color_scheme": "dark"},
    "a laptop": {"viewport": {"width": 1280, "height": 900}},
}
USUAL = scaled(2, len(SCREENS))
"""How many of them are looked at: the others in `make soak`, where axe also sees each page on each."""


def invited(served):
    it = served.installation
    with served.writing() as uow:
        person = {"email": "iris@example.org", "display_name": "Iris", "role": Role.AUDITOR}
        link = invite_staff(uow, it.clock, it.keyring, it.chance, by="anna", **person)
    return f"/invite/{link.token}"


def signs_in(page, served, codes):
    """From the sign-in page to the account, past every refusal; says where it stands, each time."""
    page.goto(f"{served.address}/sign-in")
    yield "sign in"
    page.get_by_role("button", name="Continue").click()
    yield "sign in, blank"
    for password in ("not this one at all", PHRASE):
        page.get_by_label("E-mail").fill("mika@example.org")
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Continue").click()
        yield "sign in, refused" if password != PHRASE else "which role"
    page.get_by_role("button", name="Therapist").click()
    yield "code"
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    yield "code, refused"
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Sign in").click()


def looks_after_the_account(page, served):
    for path in ("/account", "/account/passkeys", "/account/log", "/account/confirm", "/account/second-step"):
        page.goto(served.address + path)
        yield path
    page.get_by_role("button", name="Finish").click()
    yield "another app, refused"
    page.goto(f"{served.address}/account/password")
    yield "new password"
    page.get_by_label("New password").fill("passwordpassword")
    page.locator("main form button").click()
    yield "new password, refused"
    page.goto(f"{served.address}/account")
    page.get_by_role("button", name="New recovery codes").click()
    yield "recovery codes"
    page.goto(f"{served.address}/clinic/audit")
    yield "not yours to open"


def tour(served, context):
    """Give every page of an account in turn: its name, and the tab that shows it."""
    _person, app = hires_with_both_steps(served)
    auditor, _ = hires_with_both_steps(served, id="mika2", role=Role.AUDITOR)
    page = context.new_page()
    for name in signs_in(page, served, app.recovery_codes):
        yield name, page
    for name in looks_after_the_account(page, served):
        yield name, page
    context.clear_cookies()
    link = invited(served)
    page.goto(served.address + link)
    yield "invitation", page
    page.get_by_label("New password").fill("short")
    page.get_by_role("button", name="Set password").click()
    yield "invitation, refused", page
    page.get_by_label("New password").fill("five odd words make one")
    page.get_by_role("button", name="Set password").click()
    yield "one more step", page
    page.goto(served.address + link)
    yield "invitation, used", page
    context.clear_cookies()
    page.close()
    page = enters(served, context, auditor)
    for path in ("/clinic/audit", "/clinic/audit?check=yes"):
        page.goto(served.address + path)
        yield path, page
    context.clear_cookies()
    page.close()
    for name, page in breaks_the_glass(served, context):
        yield name, page


def breaks_the_glass(served, context):
    """A clinic admin whose account is linked lets herself in beside the organisation's sign-in."""
    head, _ = hires_with_both_steps(served, id="head", email="head@example.org", role=Role.CLINIC_ADMIN)
    it = served.installation
    hashed = identity_hash(it.keyring, Vouched("https://login.example", "head-1", None, frozenset()))
    with served.writing() as uow:
        link_identity(uow, it.clock, it.keyring, journal=it.journal, staff=head, hashed=hashed)
    page = enters(served, context, head)
    for path in ("/clinic/staff", "/clinic/staff/head/local-sign-in"):
        page.goto(served.address + path)
        yield path, page
    page.get_by_role("button", name="Allow a password beside it").click()
    yield "people, one with a password beside it", page
    page.goto(f"{served.address}/clinic/staff/head/local-sign-in")
    yield "ending it", page


def stops_of(page):
    """Press Tab from the top until the keyboard is back there."""
    page.evaluate("document.activeElement.blur()")
    stops = []
    while len(stops) < MOST_STOPS:
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if not stop["name"]:
            break
        stops.append(stop)
    return stops


def wrong_with_the_keyboard(page):
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    stops = stops_of(page)
    reached = page.evaluate(
        "[...document.querySelectorAll('main a[href], main button, main input:not([type=hidden]), main select')]"
        ".filter(each => each.checkVisibility()).length"
    )
    wrong = [f"no ring: {one['name']}" for one in stops if one["width"] < 2 or one["style"] == "none"]
    wrong += [f"out of sight: {one['name']}" for one in stops if not one["seen"]]
    wrong += [f"faint ring: {one['name']}" for one in stops if contrast(one["colour"], paper) < LEAST_CONTRAST]
    return wrong + (["not everything is reached"] if len(stops) < min(reached, MOST_STOPS) else [])


def laid_out_wrong(page):
    """What lies over something else or scrolls sideways; a wide table may, within its own frame."""
    covered = [one for one in page.evaluate(CUT_OR_COVERED) if not one.startswith("beyond the edge")]
    return covered + ["scrolls sideways"] * (page.evaluate(SIDEWAYS) > 0)


def wrong_on(page, *, with_axe, forced):
    """What axe, the edges, thumbs and the keyboard find, the last in the page's own colours or in forced ones."""
    page.wait_for_load_state()
    page.evaluate(OPEN_ALL)
    wrong = violations(page) if with_axe else []
    wrong += laid_out_wrong(page) + page.evaluate(TOO_SMALL_TO_TAP) + page.evaluate(ZOOMING_FIELDS)
    for colours in forced:
        page.emulate_media(forced_colors=colours)
        wrong += [f"{one}, forced colours {colours}" for one in laid_out_wrong(page) + wrong_with_the_keyboard(page)]
    page.emulate_media(forced_colors="none")
    return wrong


@pytest.mark.parametrize("screen", list(SCREENS)[:USUAL])
def test_every_page_of_an_account_can_be_seen_touched_and_reached(served, new_context, screen, record_property):
    found, place = {}, list(SCREENS).index(screen)
    for number, (name, page) in enumerate(tour(served, new_context(**SCREENS[screen], locale="en-GB"))):
        is_turn = (number + place) % 2 == 0
        forced = ("active", "none") if IS_SOAK else ("none",) if is_turn else ("active",)
        found[name] = wrong_on(page, with_axe=IS_SOAK or is_turn, forced=forced)
    record_property("pages", len(found))
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert len(found) >= 26
