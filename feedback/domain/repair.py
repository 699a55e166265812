"""Whether a repair held: what the client says, and what the next answers show.

The therapist's own mark is shown beside this, never instead of it.
"""

from dataclasses import dataclass
from enum import StrEnum

WATCHED_FORMS = 3
"""How many answered therapy sessions after a flag may show a return to the person's own range."""

DIRECT_YES = 3
"""The place of a clear "Yes" among the answers of the direct item."""


class ClientWord(StrEnum):
    """The client's answer to: if something felt off before, have you two talked about it?"""

    HELPED = "helped"
    NOT_SETTLED = "not_settled"
    WOULD_LIKE = "would_like"
    RATHER_NOT = "rather_not"


class RepairOutcome(StrEnum):
    """What became of a possible rupture, from the client's side."""

    OPEN = "open"
    REPAIRED = "repaired"
    TALKED_NOT_SETTLED = "talked_not_settled"
    STILL_OPEN = "still_open"
    ENDED_WHILE_OPEN = "ended_while_open"


@dataclass(frozen=True, slots=True)
class LaterForm:
    """An answered form after the flag. `expected` and `spread` are predicted mean and SD on 0–10 before it."""

    value: float | None
    expected: float | None
    spread: float | None
    direct: int | None = None
    client_word: ClientWord | None = None

    @property
    def is_back_in_range(self) -> bool:
        """True at or above the predicted mean less half a predictive SD, without a new "Yes"."""
        if self.value is None or self.expected is None or self.spread is None:
            return False
        return self.value >= self.expected - 0.5 * self.spread and self.direct != DIRECT_YES


def repair_outcome(later: tuple[LaterForm, ...], *, case_is_open: bool) -> RepairOutcome:
    """Judge a flag by the forms that followed it, oldest first.

    Repaired: the client says they talked and it helped, or one of the next three answered forms is back in range.
    The client's word, once given, is the later evidence and wins over an earlier one.
    """
    words = [form.client_word for form in later if form.client_word is not None]
    if words and words[-1] is ClientWord.HELPED:
        return RepairOutcome.REPAIRED
    if any(form.is_back_in_range for form in later[:WATCHED_FORMS]) and ClientWord.NOT_SETTLED not in words:
        return RepairOutcome.REPAIRED
    if ClientWord.NOT_SETTLED in words:
        return RepairOutcome.TALKED_NOT_SETTLED
    if not case_is_open:
        return RepairOutcome.ENDED_WHILE_OPEN
    return RepairOutcome.STILL_OPEN if len(later) >= WATCHED_FORMS else RepairOutcome.OPEN
