"""The organisation's sign-in, for the tests of accounts."""

from collections.abc import Iterator

import pytest

from tests.support.elsewhere import Organisation
from tests.support.hostile_provider import providing
from tests.support.world import World


@pytest.fixture
def organisation(world: World) -> Iterator[Organisation]:
    """The suite's clinic with a provider that does as it is told."""
    with providing(world.installation.clock) as provider:
        yield Organisation(world, provider).set()


@pytest.fixture
def trusted(organisation: Organisation) -> Organisation:
    """The provider asks for both steps itself, and says so."""
    organisation.provider.lies = {"amr": ["pwd", "mfa"]}
    return organisation.set(oidc_second_step="mfa,hwk")
