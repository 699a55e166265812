"""What is counted and averaged: the ids that figures carry, `family` or `family:member`.

`flagged`, `not_flagged`, `codes` · `mean_score`, `mean:INSTRUMENT:ITEM` · `off:OPTION` · `repair:OUTCOME`.
"""

from enum import StrEnum
from types import MappingProxyType

from feedback.domain.rupture import OPEN_STATUSES, FlagStatus

FLAGGED = "flagged"
NOT_FLAGGED = "not_flagged"
CODES = "codes"
MEAN_SCORE = "mean_score"
UNANSWERED = "unanswered"
"""The member of `off` for responses in which nobody said whether anything felt off."""


class RepairState(StrEnum):
    """What had become of a flag when its quarter was drawn. Marks *not wanted* and *not a rupture* are in neither."""

    SETTLED = "settled"
    MORE_TO_DO = "more_to_do"
    OPEN = "open"
    ENDED = "ended_while_open"


WORDS = MappingProxyType(
    {
        FLAGGED: "Responses with a possible rupture",
        NOT_FLAGGED: "Responses without one",
        CODES: "Codes handed out",
        MEAN_SCORE: "Average of all answers, 0 to 10",
        "repair:settled": "Talked about and settled",
        "repair:more_to_do": "Talked about, more to do",
        "repair:open": "Still open",
        "repair:ended_while_open": "Therapy ended while open",
        "off:unanswered": "Left open whether anything felt off",
    }
)
"""Words for those measures that do not take theirs from an instrument (`mean:…` and other `off:…` do)."""


def item_mean(instrument_id: str, item_id: str) -> str:
    """Name the mean of one item of one instrument, its easier version included."""
    return f"mean:{instrument_id}:{item_id}"


def off_option(value: str) -> str:
    """Name the count of one answer to *did anything feel off?*."""
    return f"off:{value}"


def repair_count(state: RepairState) -> str:
    """Name the count of flags that stand at a state."""
    return f"repair:{state}"


def family(measure: str) -> str:
    """Give the first part of a measure's id."""
    return measure.partition(":")[0]


def is_mean(measure: str) -> bool:
    """Say whether a measure is a mean on 0–10; all others are counts."""
    return family(measure) in {"mean", MEAN_SCORE}


def repair_state(status: FlagStatus, *, case_is_open: bool) -> RepairState | None:
    """Say where a flag stands, or nothing when there was nothing to repair."""
    if status is FlagStatus.SETTLED:
        return RepairState.SETTLED
    if status not in OPEN_STATUSES:
        return None
    if not case_is_open:
        return RepairState.ENDED
    return RepairState.MORE_TO_DO if status is FlagStatus.MORE_TO_DO else RepairState.OPEN
