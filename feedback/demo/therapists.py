"""What the demo's therapists do about a flag: mostly talk about it next time, sometimes late, sometimes not at all."""

import numpy as np

from feedback.demo.comments import NOTES
from feedback.domain.rupture import FlagStatus
from feedback.services.flags.record_repair import TALK_STATUSES

_NEXT: dict[FlagStatus, tuple[tuple[FlagStatus, float], ...]] = {
    FlagStatus.NEW: (
        (FlagStatus.SETTLED, 0.28),
        (FlagStatus.TALKED, 0.30),
        (FlagStatus.TALK_PLANNED, 0.07),
        (FlagStatus.NOT_A_RUPTURE, 0.14),
        (FlagStatus.NOT_WANTED, 0.07),
    ),
    FlagStatus.TALK_PLANNED: ((FlagStatus.TALKED, 0.8),),
    FlagStatus.TALKED: ((FlagStatus.SETTLED, 0.75), (FlagStatus.MORE_TO_DO, 0.15)),
    FlagStatus.MORE_TO_DO: ((FlagStatus.SETTLED, 0.6),),
}
"""At the next therapy session: what a flag becomes, and how often. What is left over stays as it is."""

NOTED = 0.5
"""Share of talks with a note."""


def draw_step(rng: np.random.Generator, status: FlagStatus) -> tuple[FlagStatus | None, str]:
    """Draw what a therapist marks at the next therapy session, and the note, empty if none."""
    drawn = rng.random()
    for outcome, share in _NEXT[status]:
        if drawn < share:
            noted = outcome in TALK_STATUSES and rng.random() < NOTED
            return outcome, NOTES[int(rng.integers(len(NOTES)))] if noted else ""
        drawn -= share
    return None, ""
