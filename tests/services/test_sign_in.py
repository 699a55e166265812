"""Signing in: right and wrong, slow for guessers, never shut."""

from dataclasses import replace
from datetime import timedelta

import pytest

from feedback.domain.care import Role
from feedback.domain.clock import FixedClock
from feedback.domain.errors import SignInFailed, TooManyTries
from feedback.domain.limits import KNOWN_DEVICE, PASSWORD
from feedback.persistence.accounts.accounts import set_disabled
from feedback.persistence.tenant_lookup import add_lookup
from feedback.security import credentials
from feedback.security.fair_turns import FairTurns
from feedback.services.accounts.sign_in import email_hash, email_salt, sign_in
from tests.support.limits import SOMEWHERE, guard_at

OF_ACCOUNT = PASSWORD.subject.burst
PHRASE = "seven quiet otters swim"


@pytest.fixture
def dana(world):
    """The suite's therapist, with a password and an address that leads to the clinic."""
    it = world.installation
    with world.writing() as uow:
        add_lookup(uow, "email", email_hash(it.keyring, world.therapist.email))
    return gives_password(world, replace(world.therapist, id="dana-2", role=Role.SUPERVISOR), PHRASE)


def gives_password(world, person, phrase):
    return world.hire(replace(person, password_hash=world.installation.passwords.hash(phrase)))


def tries(world, phrase=PHRASE, email="dana@example.org", address=SOMEWHERE, device=None):
    it = world.installation
    guard = guard_at(it, address, device)
    return sign_in(it.database, it.clock, it.keyring, it.passwords, email=email, password=phrase, guard=guard)


def misses(world, count, **more):
    """Try a wrong password so often, and give how many were judged."""
    judged = 0
    for _ in range(count):
        with pytest.raises((SignInFailed, TooManyTries)) as refused:
            tries(world, "seven quiet badgers swim", **more)
        judged += refused.type is SignInFailed
    return judged


def later(world, **passed):
    clock = FixedClock(world.installation.clock.now() + timedelta(**passed))
    return replace(world, installation=replace(world.installation, clock=clock))


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
        add_lookup(uow, "email", email_hash(it.keyring, "many@example.org"))
    with pytest.raises(SignInFailed):
        tries(world, email="many@example.org")
    assert len(computed) == 1
    for role in list(Role)[:accounts]:
        assert [one.staff.id for one in tries(world, f"{PHRASE} as {role}", "many@example.org")] == [role]


def test_a_disabled_account_does_not_open(world, dana):
    with world.writing() as uow:
        set_disabled(uow, dana.id, world.installation.clock.now().date())
    with pytest.raises(SignInFailed):
        tries(world)


def test_an_account_that_waits_for_its_invitation_does_not_open(world, dana):
    world.hire(replace(world.therapist, id="new", role=Role.AUDITOR, password_hash=None))
    assert [account.staff.id for account in tries(world)] == [dana.id]


def test_one_password_may_open_several_roles(world, dana):
    gives_password(world, replace(world.therapist, id="dana-3", role=Role.CLINIC_ADMIN), PHRASE)
    assert {account.staff.role for account in tries(world)} == {Role.SUPERVISOR, Role.CLINIC_ADMIN}


def test_after_some_misses_an_address_waits_for_this_account_and_is_told_how_long(world, dana):
    assert misses(world, 50) == OF_ACCOUNT
    with pytest.raises(TooManyTries) as told:
        tries(world)
    assert told.value.retry_after_seconds == 1
    assert tries(later(world, seconds=1))


def test_an_address_that_waits_for_one_account_opens_another(world, dana):
    misses(world, 50, email="nobody@example.org")
    assert tries(world)


def test_an_account_opens_from_everywhere_else_however_much_was_missed(world, dana):
    """A thousand hosts guess at one account; nobody is locked out by that, neither next door nor far away."""
    for number in range(1_000):
        misses(world, 2, address=f"10.{number // 200}.{number % 200}.1")
    assert misses(world, 50, address="10.0.0.1") < OF_ACCOUNT, "who misses is slowed down"
    assert tries(world, address="10.0.0.2")
    assert tries(world, address="203.0.113.9")


def test_an_account_under_attack_makes_its_guessers_wait_longer(world, dana):
    for number in range(6):
        misses(world, OF_ACCOUNT, address=f"10.0.{number}.1")
    with pytest.raises(TooManyTries) as told:
        tries(world, address="10.0.3.1")
    assert told.value.retry_after_seconds == PASSWORD.slowed == 60


def test_a_known_device_opens_beside_any_flood_from_its_own_address(world, dana):
    misses(world, 200)
    with pytest.raises(TooManyTries):
        tries(world)
    assert tries(world, device=b"hers")


def test_a_known_device_is_slowed_down_for_itself(world, dana):
    assert misses(world, 60, device=b"hers") == KNOWN_DEVICE.burst + OF_ACCOUNT, "its own, then as any of that address"
    with pytest.raises(TooManyTries):
        tries(world, device=b"hers")
    assert tries(later(world, minutes=1), device=b"hers")


def test_right_passwords_use_nothing_up(world, dana):
    for _ in range(50):
        assert tries(world)


def test_a_miss_writes_nothing_and_keeps_no_connection(world, dana):
    with pytest.raises(SignInFailed):
        tries(world, "seven quiet badgers swim")
    with world.reading() as uow:
        assert uow.connection.exec_driver_sql("SELECT count(*) FROM failed_attempts").scalar_one() == 0


def test_who_has_to_wait_is_told_before_anything_is_hashed_or_read(world, dana, monkeypatch):
    misses(world, OF_ACCOUNT)
    monkeypatch.setattr(credentials, "hash_secret", pytest.fail)
    monkeypatch.setattr(type(world.installation.database), "reading", pytest.fail)
    with pytest.raises(TooManyTries):
        tries(world)


def test_what_was_not_judged_is_no_miss(world, dana, monkeypatch):
    monkeypatch.setattr(FairTurns, "_take", lambda *_: False)
    for _ in range(30):
        with pytest.raises(TooManyTries) as refused:
            tries(world)
        assert refused.value.retry_after_seconds == 5
    monkeypatch.undo()
    assert tries(world)
