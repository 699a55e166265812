"""The second step: each code once, few guesses, recovery codes, and no way round it."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from feedback.domain.clock import FixedClock
from feedback.domain.errors import KeysWrong, SecondStepRefused, SignInFailed, TooManyTries
from feedback.domain.limits import SECOND_STEP_MISSES as MOST_MISSES
from feedback.persistence.accounts.second_step import count_recovery_codes
from feedback.persistence.audit import list_records
from feedback.persistence.tables import recovery_codes, totp_seeds
from feedback.security.totp import draw_seed, unseal_seed
from feedback.services.accounts.confirm_second_step import confirm_second_step, has_second_step
from feedback.services.accounts.reset_second_step import reset_second_step
from feedback.services.accounts.set_up_second_step import make_recovery_codes, set_up_app, show_recovery_code
from feedback.services.accounts.sign_in import Account
from tests.support.authenticator import hires_with_both_steps


@pytest.fixture
def mika(world):
    return hires_with_both_steps(world)


def confirms(world, person, code, **more):
    it = world.installation
    confirm_second_step(
        it.database, it.clock, it.keyring, journal=it.journal, account=Account(world.clinic, person), code=code, **more
    )


def later(world, **passed):
    clock = FixedClock(world.installation.clock.now() + timedelta(**passed))
    return replace(world, installation=replace(world.installation, clock=clock))


def actions(world):
    with world.reading() as uow:
        return [record.action for record in list_records(uow)]


@pytest.mark.parametrize("written", ["{}", " {} ", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}"])
def test_the_code_of_the_app_passes_however_it_is_pasted(world, mika, written):
    person, app = mika
    confirms(world, person, written.format(app.shows()))


def test_a_code_passes_once(world, mika):
    person, app = mika
    confirms(world, person, app.shows())
    with pytest.raises(SignInFailed):
        confirms(world, person, app.shows())
    confirms(later(world, seconds=30), person, app.shows(1))


def test_an_earlier_code_is_dead_once_a_later_one_was_used(world, mika):
    person, app = mika
    confirms(world, person, app.shows(1))
    with pytest.raises(SignInFailed):
        confirms(world, person, app.shows())


def test_of_many_at_the_same_moment_one_passes(world, mika):
    person, app = mika
    ready, passed, other = Barrier(4), [], []

    def one():
        ready.wait()
        try:
            confirms(world, person, app.shows())
            passed.append(1)
        except SignInFailed:
            pass
        except Exception as error:  # noqa: BLE001  a thread's failure has to be carried out of it
            other.append(error)

    threads = [Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (passed, other) == ([1], [])


def test_the_code_that_set_the_app_up_is_used_up(world, mika):
    person, app = mika
    with pytest.raises(SignInFailed):
        confirms(world, person, app.shows(-1))


def test_after_five_misses_even_the_right_code_waits_ten_minutes(world, mika):
    person, app = mika
    for _ in range(MOST_MISSES):
        with pytest.raises(SignInFailed):
            confirms(world, person, "000000")
    with pytest.raises(TooManyTries):
        confirms(world, person, app.shows())
    confirms(later(world, minutes=10), person, app.shows(20))
    assert actions(world).count("staff.code_refused") == MOST_MISSES


def test_who_found_out_a_password_does_not_keep_its_owner_out_on_a_known_device(world, mika):
    person, app = mika
    for _ in range(MOST_MISSES):
        with pytest.raises(SignInFailed):
            confirms(world, person, "000000")
    with pytest.raises(TooManyTries) as told:
        confirms(world, person, app.shows())
    assert 0 < told.value.retry_after_seconds <= 600
    confirms(world, person, app.shows(), on_known_device=True)


def test_a_known_device_is_bounded_as_well(world, mika):
    person, app = mika
    for _ in range(MOST_MISSES):
        with pytest.raises(SignInFailed):
            confirms(world, person, "000000", on_known_device=True)
    with pytest.raises(TooManyTries):
        confirms(world, person, app.shows(), on_known_device=True)


def test_a_right_code_forgets_the_misses_before(world, mika):
    person, app = mika
    for step in range(3):
        for _ in range(MOST_MISSES - 1):
            with pytest.raises(SignInFailed):
                confirms(world, person, "000000")
        confirms(world, person, app.recovery_codes[step])


def test_misses_of_one_account_do_not_stop_another(world, mika):
    other, app = hires_with_both_steps(world, id="noor", email="noor@example.org")
    for _ in range(MOST_MISSES + 1):
        with pytest.raises((SignInFailed, TooManyTries)):
            confirms(world, mika[0], "000000")
    confirms(world, other, app.shows())


def test_a_recovery_code_passes_once_however_it_is_written(world, mika):
    person, app = mika
    confirms(world, person, show_recovery_code(app.recovery_codes[0]).lower())
    confirms(world, person, app.recovery_codes[1])
    with pytest.raises(SignInFailed):
        confirms(world, person, app.recovery_codes[0])
    with world.reading() as uow:
        assert count_recovery_codes(uow, person.id) == 8
    assert actions(world).count("staff.recovery_code_used") == 2


def test_somebody_elses_recovery_code_does_not_pass(world, mika):
    other, app = hires_with_both_steps(world, id="noor", email="noor@example.org")
    with pytest.raises(SignInFailed):
        confirms(world, mika[0], app.recovery_codes[0])
    confirms(world, other, app.recovery_codes[0])


def test_fresh_recovery_codes_end_all_before(world, mika):
    it, (person, app) = world.installation, mika
    with world.writing() as uow:
        fresh = make_recovery_codes(uow, it.clock, it.keyring, it.chance, journal=it.journal, staff=person)
    with pytest.raises(SignInFailed):
        confirms(world, person, app.recovery_codes[0])
    confirms(world, person, fresh[9])


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "０１２３４５", "x" * 10_000, "\0"])
def test_nonsense_is_refused_calmly(world, mika, code):
    with pytest.raises(SignInFailed):
        confirms(world, mika[0], code)


def test_an_account_without_a_second_step_passes_with_nothing(world):
    for code in ("", "000000", "0000000000"):
        with pytest.raises(SignInFailed):
            confirms(world, world.therapist, code)


def test_the_database_holds_neither_seed_nor_recovery_codes(world, mika):
    with world.reading() as uow:
        sealed = uow.connection.scalar(select(totp_seeds.c.sealed_seed))
        hashes = list(uow.connection.scalars(select(recovery_codes.c.hash)))
    assert mika[1].seed.encode() not in sealed
    assert all(code.encode() not in hashed for code in mika[1].recovery_codes for hashed in hashes)


def test_a_seed_moved_to_another_account_does_not_open(world, mika):
    with world.reading() as uow:
        sealed = uow.connection.scalar(select(totp_seeds.c.sealed_seed))
    keyring = world.installation.keyring
    assert unseal_seed(keyring, sealed, world.clinic.id, "mika") == mika[1].seed
    for place in ((world.clinic.id, "dana"), ("harbour2", "mika")):
        with pytest.raises(KeysWrong):
            unseal_seed(keyring, sealed, *place)


def test_a_password_alone_cannot_take_the_place_of_an_app(world, mika):
    it, (person, app) = world.installation, mika
    seed = draw_seed(it.chance)
    mine = replace(app, seed=seed)
    with pytest.raises(SecondStepRefused), world.writing() as uow:
        set_up_app(
            uow,
            it.clock,
            it.keyring,
            it.chance,
            journal=it.journal,
            staff=person,
            seed=seed,
            code=mine.shows(),
            replaces=False,
        )
    confirms(world, person, app.shows())


def test_a_reset_takes_app_and_codes_and_keeps_the_password(world, mika):
    it, (person, app) = world.installation, mika
    with world.writing() as uow:
        reset_second_step(uow, it.clock, it.keyring, journal=it.journal, staff=person, by="operator")
    with world.reading() as uow:
        assert not has_second_step(uow, person)
        assert count_recovery_codes(uow, person.id) == 0
    with pytest.raises(SignInFailed):
        confirms(world, person, app.shows())
    assert "staff.second_step_reset" in actions(world)
