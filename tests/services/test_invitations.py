"""Invitations: one link, 72 hours, used once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from feedback.domain.care import Role
from feedback.domain.clock import FixedClock
from feedback.domain.errors import InvitationInvalid, Refused
from feedback.services.accounts.accept_invitation import accept_invitation, find_invited
from feedback.services.accounts.invite_staff import invite_staff, renew_invitation
from feedback.services.accounts.sign_in import sign_in
from tests.support.limits import guard_at

PHRASE = "seven quiet otters swim"


def invites(world, email="Mika@Example.org ", name="Mika", role=Role.THERAPIST):
    it = world.installation
    with world.writing() as uow:
        return invite_staff(uow, it.clock, it.keyring, it.chance, email=email, display_name=name, role=role, by="admin")


def accepts(world, token):
    it = world.installation
    with it.database.writing(None) as uow:
        inside, person = find_invited(uow, it.clock, it.keyring, token)
        hashed = it.passwords.hash(PHRASE)
        return accept_invitation(inside, it.clock, it.keyring, journal=it.journal, staff=person, password_hash=hashed)


def after(world, passed):
    clock = FixedClock(world.installation.clock.now() + passed)
    return replace(world, installation=replace(world.installation, clock=clock))


def test_whoever_is_invited_sets_a_password_and_signs_in(world):
    it = world.installation
    person = accepts(world, invites(world).token)
    assert person.email == "mika@example.org"
    opened = sign_in(
        it.database, it.clock, it.keyring, it.passwords, email="mika@example.org", password=PHRASE, guard=guard_at(it)
    )
    assert [account.staff for account in opened] == [person]


def test_a_link_works_once(world):
    token = invites(world).token
    accepts(world, token)
    with pytest.raises(InvitationInvalid):
        accepts(world, token)


def test_a_link_lasts_72_hours(world):
    token = invites(world).token
    with pytest.raises(InvitationInvalid):
        accepts(after(world, timedelta(hours=72)), token)
    assert accepts(after(world, timedelta(hours=71, minutes=59)), token)


def test_a_new_link_closes_the_one_before(world):
    it, first = world.installation, invites(world)
    with world.writing() as uow:
        second = renew_invitation(uow, it.clock, it.keyring, it.chance, staff=first.staff)
    with pytest.raises(InvitationInvalid):
        accepts(world, first.token)
    assert accepts(world, second.token)


def test_one_person_may_hold_two_roles_and_not_the_same_one_twice(world):
    invites(world)
    invites(world, role=Role.CLINIC_ADMIN)
    with pytest.raises(Refused):
        invites(world)


@pytest.mark.parametrize("email", ["", "mika", "@", "mika@", "@example.org", "mi ka@example.org", "m@" + "x" * 300])
def test_what_is_no_address_is_refused(world, email):
    with pytest.raises(Refused):
        invites(world, email=email)


@pytest.mark.parametrize("name", ["", "x" * 61])
def test_a_name_that_clients_could_not_read_is_refused(world, name):
    with pytest.raises(Refused):
        invites(world, name=name)
