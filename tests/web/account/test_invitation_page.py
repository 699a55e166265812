"""Taking up an invitation in a browser."""

import pytest

from feedback.domain.care import Role
from feedback.services.invite_staff import invite_staff
from tests.support.desk import Desk
from tests.support.html import soup

PHRASE = "seven quiet otters swim"


@pytest.fixture
def token(world):
    """The secret part of an invitation for Mika."""
    it = world.installation
    with world.writing() as uow:
        invitation = invite_staff(
            uow,
            it.clock,
            it.keyring,
            it.chance,
            email="mika@example.org",
            display_name="Mika <b>",
            role=Role.THERAPIST,
            by="admin",
        )
        uow.commit()
    return invitation.token


def test_the_page_greets_and_opening_it_uses_nothing_up(world, token):
    desk = Desk(world)
    for _ in range(3):
        page = desk.opens(f"/invite/{token}")
    assert soup(page.text).h1.text == "Welcome, Mika <b>"
    assert soup(page.text).select_one("#password")["autocomplete"] == "new-password"


def test_a_password_of_ones_own_signs_in(world, token):
    desk = Desk(world)
    assert desk.sends(f"/invite/{token}", password=PHRASE).location == "/dashboard"
    assert desk.opens("/dashboard").status_code == 200
    assert Desk(world).sends("/sign-in", email="mika@example.org", password=PHRASE).location == "/dashboard"


def test_a_used_link_says_what_to_do(world, token):
    Desk(world).sends(f"/invite/{token}", password=PHRASE)
    page = Desk(world).opens(f"/invite/{token}")
    assert page.status_code == 404
    assert page.text == Desk(world).opens(f"/invite/{'0' * 52}").text


@pytest.mark.parametrize("password", ["", "short", "x" * 14, "x" * 40, "y" * 300])
def test_a_weak_password_is_refused_and_the_link_still_works(world, token, password):
    page = Desk(world).sends(f"/invite/{token}", password=password)
    assert page.status_code == 400
    assert soup(page.text).select_one("#password")["aria-invalid"] == "true"
    assert Desk(world).sends(f"/invite/{token}", password=PHRASE).status_code == 303
