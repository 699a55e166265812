"""Passkeys in a real browser, with an authenticator that the browser plays: made, used, and refused."""

import pytest
from playwright.sync_api import expect

from feedback.persistence.accounts.passkeys import list_passkeys
from feedback.persistence.audit import list_records
from tests.support.authenticator import hires_with_both_steps
from tests.support.browsing import violations
from tests.support.builders import a_clinic, a_therapist
from tests.support.installing import install
from tests.support.people import enters
from tests.support.serving import free_port, serving
from tests.support.world import World

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine_name", ["sqlite"])]


@pytest.fixture
def named(database, clock, chance, tmp_path):
    """The small clinic under a name instead of a number: browsers know no passkeys of numbers."""
    port = free_port()
    installation = install(database, tmp_path, clock=clock, chance=chance, base_url=f"http://localhost:{port}")
    small = World(installation, a_clinic(), a_therapist())
    small.found()
    with serving(installation, port):
        yield small


@pytest.fixture
def mika(named):
    return hires_with_both_steps(named)[0]


def with_an_authenticator(context, page):
    """Plug a key in that recognises its owner; gives how to make it stop."""
    plugged = context.new_cdp_session(page)
    plugged.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    added = plugged.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return lambda: plugged.send("WebAuthn.setUserVerified", added | {"isUserVerified": False})


def makes_a_passkey(named, page):
    page.goto(f"{named.address}/account/passkeys")
    page.get_by_label("What you call it").fill("My laptop")
    page.get_by_role("button", name="Make a passkey").click()


@pytest.mark.checklist(39)
def test_a_passkey_is_made_and_signs_in_without_anything_typed(named, mika, new_context):
    context = new_context(locale="en-GB")
    page = enters(named, context, mika)
    with_an_authenticator(context, page)
    makes_a_passkey(named, page)
    expect(page.get_by_role("row", name="My laptop")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto(f"{named.address}/cases")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert violations(page) == []
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/cases")
    with named.reading() as uow:
        assert "staff.passkey_added" in [record.action for record in list_records(uow)]
        (kept,) = list_passkeys(uow, mika.id)
    assert kept.uses > 0


def test_one_that_does_not_recognise_its_owner_does_not_sign_in(named, mika, new_context):
    context = new_context(locale="en-GB")
    page = enters(named, context, mika)
    forgets = with_an_authenticator(context, page)
    makes_a_passkey(named, page)
    expect(page.get_by_role("row", name="My laptop")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    forgets()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("No passkey was shown.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_removed_passkey_signs_nobody_in(named, mika, new_context):
    context = new_context(locale="en-GB")
    page = enters(named, context, mika)
    with_an_authenticator(context, page)
    makes_a_passkey(named, page)
    page.get_by_role("button", name="Remove My laptop").click()
    expect(page.get_by_text("You have none yet.")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("does not belong to an account here")


def test_without_a_script_or_by_number_no_passkey_is_offered(named, mika, new_context):
    page = new_context(java_script_enabled=False, locale="en-GB").new_page()
    page.goto(f"{named.address}/sign-in")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    expect(page.get_by_role("button", name="Continue")).to_be_visible()
