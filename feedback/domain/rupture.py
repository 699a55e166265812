"""Findings, flags and what a therapist did about them.

A flag is always a *possible* rupture: an invitation to be curious, never a verdict on anybody.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from feedback.domain.errors import ReviewRefused


class Level(StrEnum):
    """How strongly a finding speaks. Words, not percentages, are what people see."""

    NONE = "none"
    WORTH_ASKING = "worth_asking"
    LIKELY = "likely"


class EvidenceKind(StrEnum):
    """What spoke for a possible rupture."""

    BELOW_RANGE = "below_range"
    BELOW_START = "below_start"
    BELOW_CUTOFF = "below_cutoff"
    ITEM_FELL = "item_fell"
    LOWEST_ITEM = "lowest_item"
    FELL_SINCE_LAST = "fell_since_last"
    SLID = "slid"
    DIRECT = "direct"
    CLOSEST = "closest"
    AS_USUAL = "as_usual"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason. `value` and `usual` are on 0–10 (for `direct`, the place of the option); `item` is an item id."""

    kind: EvidenceKind
    item: str | None = None
    value: float | None = None
    usual: float | None = None
    count: int | None = None
    option: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What one method says about the newest form of a case. `probability` and the expected range rest on `forms`.

    `expected_low` and `expected_high` bound this person's own usual range on 0–10 *before* the newest form.
    """

    method: str
    version: str
    probability: float
    flag: bool
    level: Level
    forms: int
    value: float | None = None
    expected_low: float | None = None
    expected_high: float | None = None
    evidence: tuple[Evidence, ...] = ()


OF_THE_ANSWER = frozenset({EvidenceKind.DIRECT, EvidenceKind.CLOSEST, EvidenceKind.BELOW_CUTOFF})
"""Evidence that rests on one answer; every other kind compares it with answers before it."""


def of_this_answer(finding: Finding) -> Finding:
    """Return a finding without what it says of the answers before: for somebody who may not have been named in them."""
    kept = tuple(one for one in finding.evidence if one.kind in OF_THE_ANSWER)
    return replace(finding, probability=0.0, forms=0, expected_low=None, expected_high=None, evidence=kept)


class FlagStatus(StrEnum):
    """Where a flag stands. The therapist's own mark; what the client says next stands beside it, never under it."""

    NEW = "new"
    TALK_PLANNED = "talk_planned"
    TALKED = "talked"
    SETTLED = "settled"
    MORE_TO_DO = "more_to_do"
    NOT_WANTED = "not_wanted"
    NOT_A_RUPTURE = "not_a_rupture"


OPEN_STATUSES = frozenset({FlagStatus.NEW, FlagStatus.TALK_PLANNED, FlagStatus.TALKED, FlagStatus.MORE_TO_DO})


@dataclass(frozen=True, slots=True)
class RuptureFlag:
    """A finding kept for the therapist, with the method and limits it was made under."""

    id: str
    case_code: str
    session_number: int
    seat: str
    status: FlagStatus
    finding: Finding
    held_on: date

    @property
    def is_open(self) -> bool:
        """True while something may still be done about it."""
        return self.status in OPEN_STATUSES

    @property
    def is_withdrawn(self) -> bool:
        """True when the client took the answer behind a reviewed flag back: only status and date remain."""
        return not self.finding.method


@dataclass(frozen=True, slots=True)
class FlagReview:
    """One logged change of a flag's status. `undoes` is true for a change that took the one before it back."""

    flag_id: str
    number: int
    old_status: FlagStatus
    new_status: FlagStatus
    by: str
    on: date
    undoes: bool = False


def check_review(old: FlagStatus, new: FlagStatus) -> None:
    """Let a flag move from any status to any other except back to `new` (that is what undo is for).

    Raises `ReviewRefused`.
    """
    if new is FlagStatus.NEW:
        raise ReviewRefused("To take a mark back, use Undo. It shows what the flag was before.")
    if new is old:
        raise ReviewRefused("This flag already says so. Nothing was changed.")


def status_to_restore(reviews: tuple[FlagReview, ...]) -> FlagStatus:
    """Return the status that an undo of the latest mark brings back.

    An undo is a row of its own, so the log only grows. Undoing twice steps back twice, not forth again.
    Raises `ReviewRefused` when nothing is left to take back.
    """
    standing: list[FlagReview] = []
    for review in sorted(reviews, key=lambda row: row.number):
        if review.undoes:
            standing.pop()
        else:
            standing.append(review)
    if not standing:
        raise ReviewRefused("There is nothing to take back.")
    return standing[-1].old_status
