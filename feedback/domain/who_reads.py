"""Who may read a shared answer: one list, from which both the permissions and the sentence on the form are made."""

from enum import StrEnum

WHO_READS_VERSION = 1
"""Kept with each answer: later readers see only answers whose sentence named them."""


class Reader(StrEnum):
    """Somebody who may read an answer that was sent to the therapist."""

    THERAPIST = "therapist"
    SUCCESSOR = "successor"


READERS: dict[int, frozenset[Reader]] = {1: frozenset({Reader.THERAPIST, Reader.SUCCESSOR})}
"""By version of the sentence: whom it named."""
