"""What became of a possible rupture: the therapist's marks, the next answers, the client's own word, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from feedback.domain.instrument import Instrument
from feedback.domain.repair import WATCHED_FORMS, ClientWord, LaterForm, RepairOutcome, repair_outcome
from feedback.domain.rupture import FlagReview, FlagStatus, RuptureFlag
from feedback.persistence.dashboard.followup_responses import LaterRow
from feedback.services.flags.record_repair import Repair

RANGE_HALF_WIDTH = 1.2816
"""Half of the central 80 % of a normal distribution, in standard deviations: the usual range is that wide."""

REPAIR_ITEM = "repair"

Choices = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class LaterAnswer:
    """One answered therapy session after a flag. The range on 0–10 is the one that was usual before it."""

    number: int
    held_on: date
    form: LaterForm
    low: float | None
    high: float | None
    choices: Choices


@dataclass(frozen=True, slots=True)
class FlagStory:
    """A flag, its log and the therapist's note; the answers that followed, oldest first, and what they say."""

    flag: RuptureFlag
    reviews: tuple[FlagReview, ...]
    repair: Repair | None
    later: tuple[LaterAnswer, ...]
    case_is_open: bool

    @property
    def outcome(self) -> RepairOutcome:
        """Say what became of it, from the client's side."""
        return repair_outcome(tuple(each.form for each in self.later), case_is_open=self.case_is_open)

    @property
    def has_aftermath(self) -> bool:
        """Return whether there is anything to tell yet: a mark, a later answer, or the end of the case."""
        told = self.flag.status is not FlagStatus.NEW or bool(self.later) or not self.case_is_open
        return told and not self.flag.is_withdrawn

    @property
    def client_word(self) -> ClientWord | None:
        """Return the client's latest word on whether the two of them have talked."""
        return next((one.form.client_word for one in reversed(self.later) if one.form.client_word is not None), None)

    @property
    def watched(self) -> tuple[LaterAnswer, ...]:
        """Return the next answered sessions, the ones that may show a return."""
        return self.later[:WATCHED_FORMS]

    @property
    def last_word_later(self) -> LaterAnswer | None:
        """Return the answer with the client's latest word when it came after the watched ones."""
        spoken = [one for one in self.later if one.form.client_word is not None]
        return spoken[-1] if spoken and spoken[-1] not in self.watched else None


def later_answer(
    instrument: Instrument,
    *,
    number: int,
    held_on: date,
    score: float | None,
    bounds: tuple[float | None, float | None],
    choices: Choices,
) -> LaterAnswer:
    """Read one later answer; `bounds` is the usual range that was drawn before it."""
    low, high = bounds
    word = next(iter(choices.get(REPAIR_ITEM, ())), None)
    form = LaterForm(
        value=score,
        expected=(low + high) / 2 if low is not None and high is not None else None,
        spread=(high - low) / (2 * RANGE_HALF_WIDTH) if low is not None and high is not None else None,
        direct=direct_place(instrument, choices),
        client_word=ClientWord(word) if word else None,
    )
    return LaterAnswer(number, held_on, form, low, high, choices)


def read_later(instrument: Instrument, rows: Sequence[LaterRow]) -> tuple[LaterAnswer, ...]:
    """Read what was shared after a flag, in the order it came in."""
    return tuple(
        later_answer(
            instrument,
            number=row.number,
            held_on=row.held_on,
            score=row.score,
            bounds=(row.low, row.high),
            choices=row.choices,
        )
        for row in rows
    )


def direct_place(instrument: Instrument, choices: Choices) -> int | None:
    """Return the place of the answer to the direct item among its options, 0 for "No"."""
    item = instrument.by_id.get(instrument.detector.direct_item or "")
    places: Sequence[str] = [option.value for option in item.options] if item else []
    said = next(iter(choices.get(item.id, ())), None) if item else None
    return places.index(said) if said in places else None
