"""A clinic of today, for servers that look at the machine's clock."""

from dataclasses import replace

import pytest

from feedback.domain.clock import SystemClock
from feedback.services.clinic.keep_instruments import keep_instruments
from tests.support.world import World


@pytest.fixture
def world_of_today(world: World) -> World:
    """The small world on the machine's own day, with the rows a server expects."""
    with world.installation.database.writing(None) as uow:
        keep_instruments(uow)
    return World(replace(world.installation, clock=SystemClock()), world.clinic, world.therapist)
