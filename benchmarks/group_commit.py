"""Would one flush for several answers pay? Answers one by one against groups of 4 and 16, on SQLite.

`python -m benchmarks.group_commit`. What is measured is processor time for each answer, which neighbours disturb
little; answers a second follow from it for a flush of a given length, with one writer on a processor of its own. Groups
are the best that could be reached: several answers in one transaction, without the price of gathering them. Decision
0044 rests on this table.
"""

import statistics
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from feedback import instruments, paths
from feedback.domain.clock import FixedClock
from feedback.persistence.database import Database
from feedback.persistence.upkeep import migrate
from feedback.security.receipts import make_nonce
from feedback.services.answers.submit_response import Sending, submit_response
from tests.support.answering import GOOD, found_to_send
from tests.support.builders import SIX, a_clinic, a_response, a_therapist
from tests.support.chance import SeededChance
from tests.support.codes import codes_for
from tests.support.installing import install
from tests.support.world import World

FLUSHES_MS = (0.2, 5.0)
"""A good disk's, and a slow one's."""
GROUPS = (1, 4, 16)
ANSWERS = 64
ROUNDS = 3


def a_clinic_in(folder: Path) -> World:
    """Make a clinic on SQLite."""
    database = Database(f"sqlite:///{folder / 'feedback.db'}")
    migrate.upgrade(database, paths.migrations())
    house = install(database, folder, clock=FixedClock.on("2026-03-02"), chance=SeededChance())
    world = World(house, replace(a_clinic()), a_therapist())
    world.found()
    return world


def processor_ms(world: World, tokens: Sequence[str], group: int) -> float:
    """Return the processor time of one answer, so many to a transaction, in milliseconds."""
    it = world.installation
    response = a_response(ratings=dict(zip(SIX, GOOD, strict=True)), choices={"off": ("no",)}, comment="")
    instrument = instruments.load("rapport-session")
    begun = time.process_time()
    for first in range(0, len(tokens), group):
        with it.database.writing(None) as uow:
            for token in tokens[first : first + group]:
                sending = Sending(token, make_nonce(it.keyring, it.chance, token), response)
                form = found_to_send(uow, world, token)
                submit_response(
                    uow, it.keyring, it.chance, form=form, sending=sending, instrument=instrument, journal=it.journal
                )
    return (time.process_time() - begun) / len(tokens) * 1000


def main() -> None:
    """Print processor time and answers a second for each group and flush."""
    with TemporaryDirectory() as folder:
        world = a_clinic_in(Path(folder))
        processor_ms(world, codes_for(world, ANSWERS), 1)  # what is loaded once is loaded now
        taken = {group: list[float]() for group in GROUPS}
        for _ in range(ROUNDS):
            for group, found in taken.items():
                found.append(processor_ms(world, codes_for(world, ANSWERS), group))
    alone = statistics.median(taken[1])
    for group, found in taken.items():
        took = statistics.median(found)
        rates = [
            f"{1000 / (took + flush / group):5.0f}/s ({(alone + flush) / (took + flush / group):.2f} ×) at {flush} ms"
            for flush in FLUSHES_MS
        ]
        print(f"{group:3} to a flush: {took:5.2f} ms of processor each, {', '.join(rates)}")


if __name__ == "__main__":
    main()
