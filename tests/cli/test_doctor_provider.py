"""`feedback doctor` asks the organisation's sign-in what a sign-in would ask, and says what to do."""

import sqlite3
from contextlib import closing

import pytest
from joserfc.jwk import OctKey, RSAKey

from feedback.domain.clock import SystemClock
from tests.support.hostile_provider import CLIENT_ID, HONEST_KEY, SECRET, providing

ANNA = ("anna@clinic.example", "--role", "clinic-admin")


@pytest.fixture
def provider(linked, folders, monkeypatch):
    """A clinic in order, and a provider that its settings name."""
    with closing(sqlite3.connect(folders / "data/feedback.db")) as connection, connection:
        connection.execute("UPDATE clinics SET contact = 'Front desk'")
    with providing(SystemClock()) as running:
        for name, value in {"ISSUER": running.issuer, "CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": SECRET}.items():
            monkeypatch.setenv(f"FEEDBACK_OIDC_{name}", value)
        yield running


def said(installed):
    """What is said of the sign-in: how it is, and the sentence with its remedy in one line."""
    done = installed("doctor")
    lines = done.stdout.splitlines()
    (place,) = [number for number, line in enumerate(lines) if line[6:].startswith("sign-in ")]
    assert (done.exit_code == 0) == all(not line.startswith("LOOK") for line in lines)
    more = [line.strip() for line in lines[place + 1 : place + 2] if line.startswith(" " * 20)]
    return lines[place][:4], " ".join([lines[place][20:], *more])


def test_one_that_answers_is_well_once_an_admin_could_do_without(installed, provider):
    state, words = said(installed)
    assert (state, "no clinic admin could sign in on a day it does not" in words) == ("LOOK", True)
    assert "feedback staff break-glass" in words
    installed("staff", "break-glass", *ANNA)
    state, words = said(installed)
    assert (state, words) == ("well", f"{provider.issuer} answers, is who it should be and publishes 1 usable keys.")


def test_where_none_is_set_nothing_is_asked(installed):
    assert said(installed) == ("well", "People sign in here: no sign-in of an organisation is set.")


FAULTS = {
    "another issuer": ({"issuer": "https://other.example"}, "FEEDBACK_OIDC_ISSUER to the letter"),
    "no issuer": ({"issuer": None}, "it calls itself 'None'"),
    "keys over http": ({"jwks_uri": "ftp://keys.example"}, "no address over https as its jwks_uri"),
    "no way in": ({"authorization_endpoint": None}, "authorization_endpoint"),
    "keys elsewhere": ({"jwks_uri": "http://127.0.0.1:9/keys"}, "http://127.0.0.1:9/keys does not answer"),
    "a signature not taken": ({"id_token_signing_alg_values_supported": ["HS256"]}, "neither RS256 nor ES256"),
    "no code challenge": ({"code_challenge_methods_supported": ["plain"]}, "PKCE"),
}


@pytest.mark.parametrize(("says", "words"), FAULTS.values(), ids=FAULTS)
def test_each_fault_is_found_with_its_remedy(installed, provider, says, words):
    provider.says = says
    state, told = said(installed)
    assert (state, words in told) == ("LOOK", True), told
    assert SECRET not in told


@pytest.mark.parametrize(
    "keys",
    [[], [OctKey.generate_key(256)], [RSAKey.import_key(HONEST_KEY.as_dict(private=False) | {"use": "enc"})]],
    ids=["none", "shared", "for secrets"],
)
def test_keys_that_no_token_could_be_judged_by_are_no_keys(installed, provider, keys):
    provider.keys = keys
    state, told = said(installed)
    assert (state, "publishes no key for RS256 or ES256" in told) == ("LOOK", True), told


def test_one_that_is_silent_leads_to_the_glass(installed, provider, monkeypatch):
    monkeypatch.setenv("FEEDBACK_OIDC_ISSUER", "http://127.0.0.1:9")
    state, told = said(installed)
    assert (state, "does not answer" in told, "feedback staff break-glass" in told) == ("LOOK", True, True)


def test_one_that_points_elsewhere_is_not_followed(installed, provider):
    provider.moved_to = "http://127.0.0.1:9/"
    state, told = said(installed)
    assert (state, "answers with status 302" in told) == ("LOOK", True), told
