"""What false providers, answers and browsers try at the organisation's sign-in: refused, said, written down."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections import Counter
from functools import partial
from hashlib import sha256

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from feedback.domain.limits import PROVIDER
from feedback.persistence.accounts.identities import identity_of
from tests.support.authenticator import hires_with_both_steps
from tests.support.elsewhere import is_signed_in
from tests.support.hostile_provider import CLIENT_ID, HONEST_KEY, SECRET, signed

BEGIN_AGAIN = "Please begin again"
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"}, auto_kid=False)
DAY = 24 * 3600
NOON = 1772452800
"""The suite's Monday, in seconds since 1970."""

ON_ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"])
"""What an ID token says is judged before a database is asked."""


def _by_hand(header, claims, signature=b""):
    """A token as nobody's library would make it; `signature` is made over what is signed."""
    parts = [urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims)]
    made = signature(b".".join(parts)) if callable(signature) else signature
    return b".".join([*parts, urlsafe_b64encode(made).rstrip(b"=")]).decode()


def unsigned(claims):
    return _by_hand({"alg": "none"}, claims)


def with_the_public_key_as_secret(claims):
    public = HONEST_KEY.as_pem(private=False)
    return _by_hand({"alg": "HS256", "kid": "first"}, claims, lambda text: hmac.digest(public, text, sha256))


def with_the_clients_secret(claims):
    return _by_hand({"alg": "HS256"}, claims, lambda text: hmac.digest(SECRET.encode(), text, sha256))


def with_its_own_key_inside(claims):
    return signed(claims, OTHER_KEY, jwk=OTHER_KEY.as_dict(private=False))


LIES = {
    "a nonce of another attempt": ({"nonce": "another"}, "wrong nonce"),
    "no nonce": ({"nonce": None}, "wrong nonce"),
    "another issuer": ({"iss": "https://login.example"}, "wrong issuer"),
    "no issuer": ({"iss": None}, "wrong issuer"),
    "for another client": ({"aud": "another"}, "wrong audience"),
    "for several, ours not among them": ({"aud": ["a", "b"], "azp": CLIENT_ID}, "wrong audience"),
    "for several, asked for by nobody": ({"aud": [CLIENT_ID, "b"]}, "wrong audience"),
    "for us, asked for by another": ({"azp": "another"}, "wrong audience"),
    "run out": ({"exp": 1}, "expired"),
    "that never runs out": ({"exp": None}, "malformed ID token"),
    "made a day ago": ({"iat": NOON - DAY}, "expired"),
    "made tomorrow": ({"iat": NOON + DAY}, "malformed ID token"),
    "about nobody": ({"sub": None}, "malformed ID token"),
    "about a number": ({"sub": 7}, "malformed ID token"),
    "about an empty name": ({"sub": ""}, "malformed ID token"),
    "of another access token": ({"at_hash": "AAAA"}, "malformed ID token"),
}
SIGNATURES = {
    "none": (unsigned, "signature not allowed"),
    "the public key as a secret": (with_the_public_key_as_secret, "signature not allowed"),
    "the client's secret": (with_the_clients_secret, "signature not allowed"),
    "another key under the same name": (partial(signed, key=OTHER_KEY), "wrong signature"),
    "a key that the token brings along": (with_its_own_key_inside, "malformed ID token"),
    "a key that nobody knows": (partial(signed, key=OTHER_KEY, kid="second"), "unknown key"),
    "rubbish": (lambda _: "a.b", "malformed ID token"),
    "nothing at all": (lambda _: None, "no ID token"),
}


def is_refused(organisation, desk, answer, reason):
    assert answer.status_code == 403
    assert 'role="alert"' in answer.text
    assert organisation.refusals() == [reason]
    assert not is_signed_in(desk)
    return True


@ON_ONE_ENGINE
@pytest.mark.parametrize("lie", LIES)
def test_an_id_token_that_lies_signs_nobody_in(organisation, lie):
    organisation.links(organisation.world.therapist)
    organisation.provider.lies, reason = LIES[lie]
    desk = organisation.browser()
    answer = organisation.signs_in(desk)
    assert is_refused(organisation, desk, answer, reason)
    assert BEGIN_AGAIN in answer.text


@ON_ONE_ENGINE
@pytest.mark.parametrize("signature", SIGNATURES)
def test_an_id_token_that_is_signed_wrongly_signs_nobody_in(organisation, signature):
    organisation.links(organisation.world.therapist)
    organisation.provider.signs, reason = SIGNATURES[signature]
    desk = organisation.browser()
    assert is_refused(organisation, desk, organisation.signs_in(desk), reason)


def test_without_any_lie_the_same_person_gets_in(organisation):
    person, _ = hires_with_both_steps(organisation.world)
    organisation.links(person)
    answer = organisation.signs_in(organisation.browser())
    assert answer.status_code == 200
    assert "Confirm it is you" in answer.text
    assert organisation.refusals() == []


@ON_ONE_ENGINE
@pytest.mark.parametrize("state", [None, "", "another", "é"])
def test_an_answer_without_our_state_is_refused(organisation, state):
    organisation.links(organisation.world.therapist)
    desk = organisation.browser()
    path = organisation.provider.comes_back(organisation.goes(desk), state=state)
    assert is_refused(organisation, desk, desk.opens(path), "wrong state")
    assert "/token" not in organisation.provider.asked


def test_an_answer_to_another_browser_is_refused(organisation):
    """A link that would sign somebody in as the attacker (RFC 6749 §10.12)."""
    organisation.links(organisation.world.therapist)
    path = organisation.provider.comes_back(organisation.goes(organisation.browser()))
    victim = organisation.browser()
    assert is_refused(organisation, victim, victim.opens(path), "no attempt of this browser")
    organisation.goes(victim)
    assert victim.opens(path).status_code == 403
    assert organisation.refusals()[-1] == "wrong state"


@ON_ONE_ENGINE
@pytest.mark.parametrize("cookie", ["x", "AAAA", "é", "A" * 4000])
def test_an_attempt_that_was_made_up_is_refused(organisation, cookie):
    desk = organisation.browser()
    path = organisation.provider.comes_back(organisation.goes(desk))
    desk.http.set_cookie("__Host-feedback-provider", cookie, domain="hl.example", secure=True)
    assert is_refused(organisation, desk, desk.opens(path), "no attempt of this browser")


def test_an_answer_works_once_even_for_who_kept_the_cookie(organisation):
    organisation.links(organisation.world.therapist)
    desk = organisation.browser()
    path = organisation.provider.comes_back(organisation.goes(desk))
    kept = desk.http.get_cookie("__Host-feedback-provider", domain="hl.example").value
    assert desk.opens(path).status_code == 303
    again = organisation.browser()
    again.http.set_cookie("__Host-feedback-provider", kept, domain="hl.example", secure=True)
    assert is_refused(organisation, again, again.opens(path), "used twice")
    assert desk.opens(path).status_code == 403, "the cookie was taken back"


def test_a_code_that_was_used_elsewhere_is_refused(organisation):
    organisation.links(organisation.world.therapist)
    first, second = organisation.browser(), organisation.browser()
    stolen = organisation.provider.comes_back(organisation.goes(first))
    code = stolen.partition("code=")[2].partition("&")[0]
    path = organisation.provider.comes_back(organisation.goes(second), code=code)
    assert is_refused(organisation, second, second.opens(path), "code refused by the provider")


@ON_ONE_ENGINE
def test_an_attempt_lasts_ten_minutes(organisation):
    desk = organisation.browser()
    path = organisation.provider.comes_back(organisation.goes(desk))
    kept = desk.http.get_cookie("__Host-feedback-provider", domain="hl.example")
    assert kept.max_age == 600
    later = organisation.later(minutes=10, seconds=1)
    late = later.browser()
    late.http.set_cookie("__Host-feedback-provider", kept.value, domain="hl.example", secure=True)
    assert is_refused(later, late, late.opens(path), "attempt too old")


@ON_ONE_ENGINE
@pytest.mark.parametrize("issuer", ["https://login.example", "", None])
def test_an_answer_of_another_provider_is_refused_before_its_code_goes_anywhere(organisation, issuer):
    """Mix-up (RFC 9207): the code of an honest provider must not be handed to a false one, or the other way."""
    organisation.links(organisation.world.therapist)
    desk = organisation.browser()
    path = organisation.provider.comes_back(organisation.goes(desk), iss=issuer)
    assert is_refused(organisation, desk, desk.opens(path), "another provider answered")
    assert "/token" not in organisation.provider.asked


@ON_ONE_ENGINE
def test_a_provider_that_names_itself_nowhere_may_leave_it_out_but_not_lie(organisation):
    organisation.links(organisation.world.therapist)
    organisation.provider.says = {"authorization_response_iss_parameter_supported": False}
    desk = organisation.browser()
    lying = organisation.provider.comes_back(organisation.goes(desk), iss="https://login.example")
    assert is_refused(organisation, desk, desk.opens(lying), "another provider answered")
    silent = organisation.provider.comes_back(organisation.goes(desk), iss=None)
    assert desk.opens(silent).status_code == 303


@pytest.mark.parametrize("is_verified", [True, False, None])
def test_somebody_with_the_same_email_address_is_somebody_else(organisation, is_verified):
    person, _ = hires_with_both_steps(organisation.world)
    organisation.provider.lies = {"email": person.email, "email_verified": is_verified, "name": person.display_name}
    desk = organisation.browser()
    answer = organisation.signs_in(desk)
    assert is_refused(organisation, desk, answer, "no linked account")
    assert "No account here is linked" in answer.text
    assert person.email not in answer.text
    with organisation.world.reading() as uow:
        assert identity_of(uow, person.id) is None


def test_the_same_subject_of_another_issuer_is_somebody_else(organisation):
    organisation.links(organisation.world.therapist)
    organisation.provider.subject = "somebody-2"
    desk = organisation.browser()
    assert is_refused(organisation, desk, organisation.signs_in(desk), "no linked account")
    with organisation.world.reading() as uow:
        before = identity_of(uow, organisation.world.therapist.id).hash
    organisation.provider.issuer += "/another"
    moved = organisation.set()
    moved.provider.subject = "somebody-1"
    desk = moved.browser()
    assert moved.signs_in(desk).status_code == 403
    assert moved.refusals()[-1] == "no linked account"
    assert before


@ON_ONE_ENGINE
@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x"])
def test_nobody_is_led_to_another_site(organisation, elsewhere):
    organisation = organisation.set(oidc_second_step="mfa")
    organisation.links(organisation.world.therapist)
    organisation.provider.lies = {"amr": ["pwd", "mfa"]}
    answer = organisation.signs_in(organisation.browser(), next=elsewhere)
    assert (answer.status_code, answer.location) == (303, "/dashboard")
    desk = organisation.browser()
    path = organisation.provider.comes_back(organisation.goes(desk), next=elsewhere)
    assert desk.opens(path).location == "/dashboard"


@ON_ONE_ENGINE
def test_people_are_sent_back_to_one_address_only(organisation):
    for _ in range(2):
        address = organisation.goes(organisation.browser(), next="/cases", redirect_uri="https://evil.example")
        assert "redirect_uri=https%3A%2F%2Fhl.example%2Fsign-in%2Fprovider%2Fback&" in address
        assert "evil" not in address


def test_the_log_is_not_filled_by_a_stranger(organisation):
    desk = organisation.browser()
    for _ in range(25):
        assert desk.opens("/sign-in/provider/back", state="x", code="y").status_code == 403
    assert organisation.refusals() == ["no attempt of this browser"] * 20
    later = organisation.later(minutes=10)
    later.browser().opens("/sign-in/provider/back", state="x", code="y")
    assert len(later.refusals()) == 21


def test_one_host_that_leaves_and_comes_back_holds_up_nobody_elses_sign_in(organisation):
    person, _ = hires_with_both_steps(organisation.world)
    organisation.links(person)
    stranger, desk = organisation.browser(), organisation.browser()
    stranger.http.environ_base["REMOTE_ADDR"] = "198.51.100.9"
    flood = [stranger.opens("/sign-in/provider/back", state="x", code="y") for _ in range(PROVIDER.address.burst + 20)]
    assert Counter(answer.status_code for answer in flood) == {403: PROVIDER.address.burst, 429: 20}
    assert flood[-1].headers["Retry-After"] == "2"
    for _ in range(3):
        answer = organisation.signs_in(desk)
        assert (answer.status_code, 'name="ticket"' in answer.text) == (200, True)


@ON_ONE_ENGINE
def test_a_key_of_another_kind_is_taken_and_a_curve_nobody_allowed_is_not(organisation):
    organisation.links(organisation.world.therapist)
    curve = ECKey.generate_key("P-256", {"kid": "curve"}, auto_kid=False)
    organisation.provider.keys = [HONEST_KEY, curve]
    organisation.provider.signs = lambda claims: jwt.encode(
        {"alg": "ES256", "kid": "curve"}, claims, curve, algorithms=["ES256"]
    )
    assert organisation.signs_in(organisation.browser()).status_code == 303
    organisation.provider.signs = lambda claims: jwt.encode(
        {"alg": "PS256", "kid": "first"}, claims, OTHER_KEY, algorithms=["PS256"]
    )
    assert organisation.signs_in(organisation.browser()).status_code == 403
    assert organisation.refusals() == ["signature not allowed"]
