"""What is counted and averaged: the ids that figures carry, `family` or `family:member`.

`clients_flagged`, `clients_not_flagged`, `clients_contested`, `codes` · `clients_mean_score`,
`clients_mean:INSTRUMENT:ITEM` · `clients_off:OPTION` · `clients_repair:OUTCOME`. Figures published by answers have the
same ids without `clients_`; `topic` is what both have in common.
"""

from enum import StrEnum
from types import MappingProxyType

from feedback.domain.rupture import OPEN_STATUSES, FlagStatus

CLIENTS = "clients_"
"""What ids of measures begin with that count or average over clients."""

FLAGGED = "flagged"
NOT_FLAGGED = "not_flagged"
CONTESTED = "contested"
CODES = "codes"
MEAN_SCORE = "mean_score"
CLIENTS_FLAGGED = CLIENTS + FLAGGED
CLIENTS_NOT_FLAGGED = CLIENTS + NOT_FLAGGED
CLIENTS_CONTESTED = CLIENTS + CONTESTED
CLIENTS_MEAN_SCORE = CLIENTS + MEAN_SCORE
UNANSWERED = "unanswered"
"""The member of `off` for those who never said whether anything felt off."""


class RepairState(StrEnum):
    """What had become of a client's flags when their quarter was drawn: of several, what is least done.

    Marks *not wanted* and *not a rupture* are in none of them.
    """

    SETTLED = "settled"
    MORE_TO_DO = "more_to_do"
    OPEN = "open"
    ENDED = "ended_while_open"


LEAST_DONE = (RepairState.SETTLED, RepairState.ENDED, RepairState.MORE_TO_DO, RepairState.OPEN)
"""From what is done to what is not: a client with several flags counts where the last of these stands."""

WORDS = MappingProxyType(
    {
        CLIENTS_FLAGGED: "Clients with a possible rupture",
        CLIENTS_NOT_FLAGGED: "Clients who answered, without one",
        CLIENTS_CONTESTED: "Clients with different counted answers for one session, none of which counts",
        CLIENTS_MEAN_SCORE: "Average over clients of all their answers, 0 to 10",
        "clients_repair:settled": "Clients: all talked about and settled",
        "clients_repair:more_to_do": "Clients: talked about, more to do",
        "clients_repair:open": "Clients: one is still open",
        "clients_repair:ended_while_open": "Clients: therapy ended while one was open",
        "clients_off:unanswered": "Clients who never said whether anything felt off",
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
    """Return the id of the mean over clients of one item of one instrument, its easier version included."""
    return f"{CLIENTS}mean:{instrument_id}:{item_id}"


def off_option(value: str) -> str:
    """Return the id of the count of clients whose clearest answer to *did anything feel off?* was this one."""
    return f"{CLIENTS}off:{value}"


def repair_count(state: RepairState) -> str:
    """Return the id of the count of clients whose flags stand at a state."""
    return f"{CLIENTS}repair:{state}"


def topic(measure: str) -> str:
    """Return what a measure is about, be it by clients or by answers: its id without `clients_`."""
    return measure.removeprefix(CLIENTS)


def by_clients(measure: str) -> bool:
    """Return whether clients are counted or averaged, and not answers or codes."""
    return measure.startswith(CLIENTS)


def family(measure: str) -> str:
    """Return the first part of what a measure is about: `flagged`, `mean`, `off`, `repair`."""
    return topic(measure).partition(":")[0]


def member(measure: str) -> str:
    """Return the second part of a measure's id: an option, a state, an instrument with its item."""
    return measure.partition(":")[2]


def is_mean(measure: str) -> bool:
    """Return whether a measure is a mean on 0–10; all others are counts."""
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
