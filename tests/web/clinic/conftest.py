"""A clinic admin at the desk."""

import pytest

from feedback.domain.care import Role
from tests.support.builders import a_therapist
from tests.support.desk import Desk


@pytest.fixture
def anna(world):
    """The suite's clinic admin."""
    return world.hire(a_therapist(id="anna", email="anna@example.org", display_name="Anna", role=Role.CLINIC_ADMIN))


@pytest.fixture
def admin(world, anna):
    """Her browser."""
    return Desk(world, anna)
