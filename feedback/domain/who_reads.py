"""Who may read a shared answer: one list, from which both the permissions and the sentence on the form are made."""

from enum import StrEnum


class Reader(StrEnum):
    """Somebody who may read an answer that was sent to the therapist."""

    THERAPIST = "therapist"
    CO_THERAPIST = "co_therapist"
    SUCCESSOR = "successor"
    SUPERVISOR = "supervisor"


READERS: dict[int, frozenset[Reader]] = {
    1: frozenset({Reader.THERAPIST, Reader.SUCCESSOR}),
    2: frozenset({Reader.THERAPIST, Reader.SUCCESSOR, Reader.SUPERVISOR}),
    3: frozenset(Reader),
}
"""By version of the sentence: whom it named. Kept with each answer: others never see it, whatever is shared later."""

WHO_READS_VERSION = 2
"""The sentence for a case with one therapist."""

WHO_READS_OF_SEVERAL = 3
"""The sentence for a case on which several therapists work."""


def version_for(*, several_therapists: bool) -> int:
    """Return the version of the sentence that a case's form shows today."""
    return WHO_READS_OF_SEVERAL if several_therapists else WHO_READS_VERSION


def versions_naming(reader: Reader) -> frozenset[int]:
    """Return the versions whose sentence named a reader: only answers sent under these may be shown to them."""
    return frozenset(version for version, named in READERS.items() if reader in named)
