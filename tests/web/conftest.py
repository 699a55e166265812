"""The application over the suite's small clinic."""

import pytest
from flask import Flask

from feedback.web import create_app
from tests.support.phone import Phone
from tests.support.world import World


@pytest.fixture
def app(world: World) -> Flask:
    """The whole application."""
    return create_app(world.installation)


@pytest.fixture
def phone(app: Flask) -> Phone:
    """A client's phone."""
    return Phone(app)


@pytest.fixture
def code(world: World):
    """A code for one therapy session of a new case."""
    case = world.opens_a_case()
    return world.shows_a_code(case, world.meets(case))


@pytest.fixture
def card(world: World):
    """The card of a new case that has had no therapy session yet."""
    return world.shows_a_code(world.opens_a_case())
