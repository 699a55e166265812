"""Signed-in sessions: how long they last, and what the database knows of them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from feedback.domain.clock import FixedClock
from feedback.persistence.accounts.accounts import set_disabled, touch_session
from feedback.persistence.tables import staff_sessions, tenant_lookup
from feedback.services.accounts.keep_signed_in import (
    IDLE,
    LONGEST,
    end_sessions_of,
    find_session,
    is_to_be_noted,
    session_hash,
    start_session,
)


def later(world, passed):
    clock = FixedClock(world.installation.clock.now() + passed)
    return replace(world, installation=replace(world.installation, clock=clock))


def enters(world):
    it = world.installation
    with world.writing() as uow:
        return start_session(uow, it.clock, it.keyring, it.chance, staff=world.therapist)


def finds(world, cookie):
    it = world.installation
    with it.database.reading(None) as uow:
        return find_session(uow, it.clock, it.keyring, cookie)


def test_a_cookie_leads_to_its_account_and_clinic(world):
    uow, session = finds(world, enters(world))
    assert session.staff == world.therapist
    assert uow.clinic_id == world.clinic.id


def test_a_made_up_cookie_leads_nowhere(world):
    enters(world)
    assert finds(world, "0" * 52) is None


def test_every_sign_in_draws_a_new_cookie_of_260_bits(world):
    one, two = enters(world), enters(world)
    assert one != two
    assert len(one) * 5 >= 256


def test_the_database_holds_the_hash_of_a_cookie_and_not_the_cookie(world):
    cookie = enters(world)
    with world.reading() as uow:
        kept = [
            *uow.connection.scalars(select(staff_sessions.c.hash)),
            *uow.connection.scalars(select(tenant_lookup.c.hash)),
        ]
    assert session_hash(world.installation.keyring, cookie) in kept
    assert all(cookie.encode() not in bytes(value) for value in kept)


@pytest.mark.parametrize(("passed", "stays"), [(IDLE - timedelta(seconds=1), True), (IDLE, False)])
def test_an_unused_session_lasts_thirty_minutes(world, passed, stays):
    cookie = enters(world)
    assert bool(finds(later(world, passed), cookie)) is stays


def test_a_session_in_use_lasts_twelve_hours_at_most(world):
    cookie = enters(world)
    just_before = later(world, LONGEST - timedelta(minutes=1))
    with world.writing() as uow:
        touch_session(uow, session_hash(world.installation.keyring, cookie), just_before.installation.clock.now())
    assert finds(just_before, cookie)
    assert finds(later(world, LONGEST), cookie) is None


def test_use_is_noted_once_a_minute(world):
    _, session = finds(world, enters(world))
    assert not is_to_be_noted(session, later(world, timedelta(seconds=59)).installation.clock)
    assert is_to_be_noted(session, later(world, timedelta(seconds=60)).installation.clock)


def test_signing_out_everywhere_ends_every_session(world):
    cookies = [enters(world), enters(world)]
    with world.writing() as uow:
        end_sessions_of(uow, world.therapist)
    assert [finds(world, cookie) for cookie in cookies] == [None, None]


def test_a_session_that_a_disabled_account_still_has_leads_nowhere(world):
    """Disabling ends every sign-in; one that began in the same moment must not be left."""
    cookie = enters(world)
    with world.writing() as uow:
        set_disabled(uow, world.therapist.id, world.installation.clock.now().date())
    assert finds(world, cookie) is None
    with world.writing() as uow:
        set_disabled(uow, world.therapist.id, None)
    assert finds(world, cookie), "it was the account, and nothing else, that kept it shut"


def test_a_sign_in_sweeps_away_sessions_that_have_run_out_with_their_lookups(world):
    enters(world)
    enters(later(world, IDLE + timedelta(minutes=1)))
    with world.reading() as uow:
        assert len(uow.connection.execute(select(staff_sessions)).all()) == 1
        assert (
            len(uow.connection.execute(select(tenant_lookup).where(tenant_lookup.c.kind == "staff_session")).all()) == 1
        )
