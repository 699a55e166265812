"""Signing in: right and wrong, slow for guessers, never shut."""

from dataclasses import replace

import pytest

from feedback.domain.care import Role
from feedback.domain.errors import SignInFailed, TooManyTries
from feedback.persistence.accounts.accounts import set_disabled
from feedback.persistence.doors import open_door
from feedback.security import credentials
from feedback.services.accounts import sign_in as service
from feedback.services.accounts.sign_in import FREE_MISSES, LONGEST_PAUSE, email_hash, email_salt, sign_in

PHRASE = "seven quiet otters swim"


@pytest.fixture
def dana(world):
    """The suite's therapist, with a password and an address that leads to the clinic."""
    it = world.installation
    with world.writing() as uow:
        open_door(uow, "email", email_hash(it.keyring, world.therapist.email))
        uow.commit()
    return gives_password(world, replace(world.therapist, id="dana-2", role=Role.SUPERVISOR), PHRASE)


def gives_password(world, person, phrase):
    return world.hire(replace(person, password_hash=world.installation.passwords.hash(phrase)))


def tries(world, phrase=PHRASE, email="dana@example.org", pauses=None):
    it = world.installation
    pause = (pauses if pauses is not None else []).append
    return sign_in(it.database, it.clock, it.keyring, it.passwords, email=email, password=phrase, pause=pause)


def test_the_right_password_opens_the_account(world, dana):
    assert [account.staff.id for account in tries(world)] == [dana.id]


def test_the_address_may_be_typed_in_capitals_and_with_blanks(world, dana):
    assert tries(world, email="  Dana@Example.ORG ")


def test_a_wrong_password_says_no_more_than_that(world, dana):
    with pytest.raises(SignInFailed) as known:
        tries(world, "seven quiet badgers swim")
    with pytest.raises(SignInFailed) as unknown:
        tries(world, email="nobody@example.org")
    assert str(known.value) == str(unknown.value)


@pytest.mark.parametrize("accounts", [0, 1, 2, 5])
def test_the_work_of_a_sign_in_tells_nobody_how_many_accounts_an_address_has(world, dana, monkeypatch, accounts):
    it, computed = world.installation, []
    real = credentials.hash_secret
    monkeypatch.setattr(credentials, "hash_secret", lambda *given: computed.append(1) or real(*given))
    salt = email_salt(it.keyring, "many@example.org")
    for role in list(Role)[:accounts]:
        hashed = it.passwords.hash(f"{PHRASE} as {role}", salt=salt)
        world.hire(replace(world.therapist, id=role, email="many@example.org", role=role, password_hash=hashed))
    with world.writing() as uow:
        open_door(uow, "email", email_hash(it.keyring, "many@example.org"))
        uow.commit()
    with pytest.raises(SignInFailed):
        tries(world, email="many@example.org")
    assert len(computed) == 1
    for role in list(Role)[:accounts]:
        assert [one.staff.id for one in tries(world, f"{PHRASE} as {role}", "many@example.org")] == [role]


def test_a_disabled_account_does_not_open(world, dana):
    with world.writing() as uow:
        set_disabled(uow, dana.id, world.installation.clock.now().date())
        uow.commit()
    with pytest.raises(SignInFailed):
        tries(world)


def test_an_account_that_waits_for_its_invitation_does_not_open(world, dana):
    world.hire(replace(world.therapist, id="new", role=Role.AUDITOR, password_hash=None))
    assert [account.staff.id for account in tries(world)] == [dana.id]


def test_one_password_may_open_several_roles(world, dana):
    gives_password(world, replace(world.therapist, id="dana-3", role=Role.CLINIC_ADMIN), PHRASE)
    assert {account.staff.role for account in tries(world)} == {Role.SUPERVISOR, Role.CLINIC_ADMIN}


def test_after_some_misses_the_account_becomes_slow_and_still_opens(world, dana):
    pauses = []
    for _ in range(FREE_MISSES + 6):
        with pytest.raises(SignInFailed):
            tries(world, "seven quiet badgers swim", pauses=pauses)
    assert pauses == sorted(pauses)
    assert pauses[0] < pauses[-1] == LONGEST_PAUSE
    assert len(pauses) == 6
    assert tries(world)


def test_misses_of_one_account_do_not_slow_another(world, dana):
    for _ in range(FREE_MISSES + 2):
        with pytest.raises(SignInFailed):
            tries(world, email="nobody@example.org")
    pauses = []
    tries(world, pauses=pauses)
    assert pauses == []


def test_very_many_misses_together_slow_everybody_and_shut_nobody_out(world, dana, monkeypatch):
    monkeypatch.setattr(service, "BUSY_MISSES", 3)
    for number in range(3):
        with pytest.raises(SignInFailed):
            tries(world, email=f"nobody{number}@example.org")
    pauses = []
    assert tries(world, pauses=pauses)
    assert pauses == [LONGEST_PAUSE]


def test_a_sign_in_beyond_those_worked_on_at_once_is_asked_to_come_back(world, dana, monkeypatch):
    monkeypatch.setattr(service, "_AT_ONCE", service.BoundedSemaphore(1))
    refused = []

    def meanwhile(_seconds):
        with pytest.raises(TooManyTries) as error:
            tries(world)
        refused.append(error.value.retry_after_seconds)

    it = world.installation
    monkeypatch.setattr(service, "BUSY_MISSES", 0)
    assert sign_in(it.database, it.clock, it.keyring, it.passwords, email=dana.email, password=PHRASE, pause=meanwhile)
    assert refused == [5]
