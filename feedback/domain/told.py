"""What a client told their therapist outright: it is shown whatever the numbers say, and until somebody answers it.

A wish to talk, a clear "Yes" to whether something felt off, or words that have not been read. Never a matter of
probability, of a budget or of a statistic, and never looked for among the words themselves.
"""

from collections.abc import Mapping
from enum import StrEnum

from feedback.domain.rupture import FlagStatus


class ToldKind(StrEnum):
    """How a client told it."""

    WROTE = "wrote"
    CLEAR_YES = "clear_yes"
    ASKED_TO_TALK = "asked_to_talk"
    WOULD_STILL_LIKE_TO_TALK = "would_still_like_to_talk"
    CHANGED = "changed"


TOLD_CHOICES = {"wish": "bring_up", "off": "yes", "repair": "would_like"}
"""By item the option that asks for a talk outright: "Please bring it up with me", "Yes", "No, but I would like to"."""

_KIND_OF = {
    "off": ToldKind.CLEAR_YES,
    "wish": ToldKind.ASKED_TO_TALK,
    "repair": ToldKind.WOULD_STILL_LIKE_TO_TALK,
}

UNANSWERED = frozenset({FlagStatus.NEW, FlagStatus.TALK_PLANNED})
"""Marks of a flag under which what the client told has not been answered yet: a plan is not yet a talk."""


def is_covered(status: FlagStatus, *, is_unmarked: bool) -> bool:
    """Return whether a flag's mark answers what the client told; one made before the client changed it does not."""
    return status not in UNANSWERED and not is_unmarked


def told_by(
    choices: Mapping[str, tuple[str, ...]], *, is_unread: bool, said_yes: bool = False, stands_out: bool | None = None
) -> tuple[ToldKind, ...]:
    """Return how something was told, words first; empty when nothing was.

    `is_unread` says that there are words nobody has opened; `said_yes` that the finding holds a clear "Yes", for
    questionnaires whose own item has another name. `stands_out` is given where the answer was changed after its flag
    was marked: then it is what the method finds in the answer as it stands, which counts as told.
    """
    found = [kind for item, kind in _KIND_OF.items() if TOLD_CHOICES[item] in choices.get(item, ())]
    if said_yes and ToldKind.CLEAR_YES not in found:
        found.insert(0, ToldKind.CLEAR_YES)
    if stands_out is not None and (found or stands_out):
        found.append(ToldKind.CHANGED)
    return (ToldKind.WROTE, *found) if is_unread else tuple(found)
