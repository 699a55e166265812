"""Passkeys: for the one they were made for, at this site, once per challenge, and only with their owner's finger."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from webauthn.helpers import bytes_to_base64url

from feedback.domain.clock import FixedClock
from feedback.domain.errors import PasskeyRefused
from feedback.persistence.accounts.accounts import set_disabled
from feedback.persistence.accounts.passkeys import list_passkeys
from feedback.security.passkeys import Site
from feedback.services.accounts.keep_passkeys import MOST_PASSKEYS, add_passkey, offer_passkey, remove_passkey
from feedback.services.accounts.reset_second_step import reset_second_step
from feedback.services.accounts.sign_in_with_passkey import ask_for_passkey, sign_in_with_passkey
from tests.support.builders import a_therapist
from tests.support.soft_key import ATTESTED, PRESENT, VERIFIED, SoftKey

SITE = Site("https://hl.example", "Rapport")


def offers(world, person=None):
    it = world.installation
    with world.reading() as uow:
        return offer_passkey(uow, it.clock, it.keyring, it.chance, site=SITE, staff=person or world.therapist)


def adds(world, answer, person=None):
    it = world.installation
    with world.writing() as uow:
        add_passkey(
            uow,
            it.clock,
            it.keyring,
            it.chance,
            site=SITE,
            staff=person or world.therapist,
            answer=answer,
            name="Mine",
        )


def asked(world):
    it = world.installation
    return ask_for_passkey(it.clock, it.keyring, it.chance, SITE)


def signs_in(world, answer):
    it = world.installation
    return sign_in_with_passkey(it.database, it.clock, it.keyring, site=SITE, answer=answer)


def later(world, **passed):
    clock = FixedClock(world.installation.clock.now() + timedelta(**passed))
    return replace(world, installation=replace(world.installation, clock=clock))


@pytest.fixture
def key(world):
    """A key with a passkey for the suite's therapist."""
    key = SoftKey(SITE.base_url)
    adds(world, key.makes(offers(world)))
    return key


def test_a_passkey_signs_its_owner_in_time_and_again(world, key):
    for _ in range(3):
        assert signs_in(world, key.shows(asked(world))).staff == world.therapist


def test_an_answer_signs_in_once(world, key):
    answer = key.shows(asked(world))
    signs_in(world, answer)
    with pytest.raises(PasskeyRefused):
        signs_in(world, answer)


def test_a_challenge_is_good_for_five_minutes(world, key):
    question = asked(world)
    with pytest.raises(PasskeyRefused, match="a little long"):
        signs_in(later(world, minutes=5, seconds=1), key.shows(question))
    assert signs_in(later(world, minutes=5), key.shows(question))


@pytest.mark.parametrize(
    "bent",
    [
        {"origin": "https://hl.example.evil.example"},
        {"origin": "http://hl.example"},
        {"site": "evil.example"},
        {"flags": PRESENT},
        {"flags": 0},
        {"flags": VERIFIED},
        {"challenge": bytes_to_base64url(b"99999999999.MADEUP.00")},
        {"owner": "harbour1/noor"},
        {"owner": "harbour2/dana"},
        {"owner": "nowhere/nobody"},
        {"owner": "\0"},
        {"owner": ""},
    ],
)
def test_an_answer_for_another_site_person_or_moment_is_refused(world, key, bent):
    world.hire(a_therapist(id="noor", email="noor@example.org"))
    with pytest.raises(PasskeyRefused):
        signs_in(world, key.shows(asked(world), **bent))


def test_a_challenge_for_making_one_does_not_sign_in(world, key):
    made_for = json.loads(offers(world))["challenge"]
    with pytest.raises(PasskeyRefused):
        signs_in(world, key.shows(asked(world), challenge=made_for))


def test_a_signature_of_another_key_is_refused(world, key):
    other = SoftKey(SITE.base_url, owner=key.owner)
    with pytest.raises(PasskeyRefused):
        signs_in(world, other.shows(asked(world)))


def test_a_copy_whose_count_goes_back_is_refused(world, key):
    for _ in range(3):
        signs_in(world, key.shows(asked(world)))
    with pytest.raises(PasskeyRefused):
        signs_in(world, key.shows(asked(world), uses=1))


@pytest.mark.parametrize("way", ["disabled", "removed", "reset"])
def test_a_passkey_ends_with_its_account_or_when_it_is_removed(world, key, way):
    it, dana = world.installation, world.therapist
    with world.writing() as uow:
        if way == "disabled":
            set_disabled(uow, dana.id, it.clock.now().date())
        elif way == "removed":
            remove_passkey(
                uow, it.clock, it.keyring, journal=it.journal, staff=dana, passkey_id=list_passkeys(uow, dana.id)[0].id
            )
        else:
            reset_second_step(uow, it.clock, it.keyring, journal=it.journal, staff=dana, by="operator")
    with pytest.raises(PasskeyRefused):
        signs_in(world, key.shows(asked(world)))


def test_nobody_removes_somebody_elses(world, key):
    it, noor = world.installation, world.hire(a_therapist(id="noor", email="noor@example.org"))
    with world.writing() as uow:
        (kept,) = list_passkeys(uow, "dana")
        remove_passkey(uow, it.clock, it.keyring, journal=it.journal, staff=noor, passkey_id=kept.id)
    assert signs_in(world, key.shows(asked(world)))


@pytest.mark.parametrize(
    "bent",
    [
        {"origin": "https://evil.example"},
        {"site": "evil.example"},
        {"flags": PRESENT | ATTESTED},
        {"challenge": bytes_to_base64url(b"1.2.3")},
    ],
)
def test_one_made_elsewhere_or_without_a_finger_is_not_kept(world, bent):
    with pytest.raises(PasskeyRefused):
        adds(world, SoftKey(SITE.base_url).makes(offers(world), **bent))


def test_one_offered_to_somebody_else_is_not_kept(world):
    noor = world.hire(a_therapist(id="noor", email="noor@example.org"))
    with pytest.raises(PasskeyRefused):
        adds(world, SoftKey(SITE.base_url).makes(offers(world, noor)))


def test_the_same_one_is_not_kept_twice_and_not_more_than_ten(world, key):
    with pytest.raises(PasskeyRefused, match="already"):
        adds(world, key.makes(offers(world)))
    for number in range(MOST_PASSKEYS - 1):
        adds(world, SoftKey(SITE.base_url, credential=b"number %d" % number).makes(offers(world)))
    with pytest.raises(PasskeyRefused, match="at most 10"):
        adds(world, SoftKey(SITE.base_url, credential=b"one more").makes(offers(world)))


NONSENSE = [
    "",
    "{}",
    "[]",
    "null",
    "1",
    '{"response": 1}',
    '{"response": {"clientDataJSON": "…"}}',
    "[" * 5000,
    "x" * 20_000,
]


@pytest.mark.parametrize("answer", NONSENSE)
def test_nonsense_is_refused_calmly(world, key, answer):
    with pytest.raises(PasskeyRefused):
        signs_in(world, answer)
    with pytest.raises(PasskeyRefused):
        adds(world, answer)


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("https://hl.example", True),
        ("http://localhost:8000", True),
        ("http://hl.example", False),
        ("http://127.0.0.1:8000", False),
        ("https://192.0.2.7", False),
        ("https://[2001:db8::1]", False),
    ],
)
def test_passkeys_are_offered_where_browsers_know_them(address, may):
    assert Site(address, "Rapport").may_have_passkeys is may
