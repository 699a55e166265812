"""What is sealed in a clinic's database, in words and by place."""

from collections import Counter
from collections.abc import Iterator

from feedback.persistence.upkeep.sealed_columns import SEALED, SealedValue, some_sealed
from feedback.security.keyring import Keyring
from feedback.security.sealing import unseal
from tests.support.world import World


def every_sealed(world: World) -> Iterator[SealedValue]:
    """Return every sealed value of every clinic."""
    with world.installation.database.reading(None) as uow:
        for where in SEALED:
            yield from some_sealed(uow, where, 100_000)


def opened(world: World) -> Counter[tuple[tuple[str, ...], str]]:
    """Return every sealed value in words, by its place, read with the keys that lie in the folder now."""
    keyring = Keyring.load(world.installation.keyring.folder)
    return Counter((value.place, unseal(keyring, value.sealed, *value.place)) for value in every_sealed(world))
