"""Findings in plain words that the client could read over the therapist's shoulder.

No percentage of risk, no verdict: what was answered, beside what this person usually answers.
"""

from typing import Self

from feedback.detection import calibration
from feedback.detection import parameters as par
from feedback.domain.instrument import Instrument
from feedback.domain.rupture import Evidence, EvidenceKind, Finding, Level


class Reason(str):
    """One reason, a sentence. `strong` is the part of it to embolden, a number or the client's own answer."""

    __slots__ = ("strong",)
    strong: str

    def __new__(cls, text: str, strong: str = "") -> Self:
        """Make a sentence; `strong` has to occur in it to count."""
        made = super().__new__(cls, text)
        made.strong = strong
        return made

    @property
    def parts(self) -> tuple[str, str, str]:
        """Return what stands before `strong`, `strong` itself, and what follows, for a template to mark up."""
        if not self.strong:
            return (str(self), "", "")
        return self.partition(self.strong)


def reasons(finding: Finding, instrument: Instrument) -> tuple[Reason, ...]:
    """Return the reasons of a finding, the strongest first, numbers on 0–10.

    That scores look as usual is not said while what is usual for the person is not known.
    """
    closest = [entry for entry in finding.evidence if entry.kind is EvidenceKind.CLOSEST]
    said = [entry for entry in finding.evidence if entry.kind is not EvidenceKind.CLOSEST]
    worded = [_word(entry, finding, instrument) for entry in said]
    if closest:
        labels = ", ".join(_label(entry, instrument) for entry in closest)
        worded.append(Reason(f"Closest to: {labels}.", labels))
    return tuple(worded)


def rests_on(finding: Finding, *, reads_all: bool = True) -> str:
    """Say how many forms a finding rests on: all there are, or, unless `reads_all`, those its reader may read.

    Nothing is said of a finding that rests on none but its own answer.
    """
    if not finding.forms:
        return ""
    theirs = "" if reads_all else " you may read"
    if finding.forms == 1:
        return f"This is the first answered form{theirs}."
    counted = f"This rests on {finding.forms} answered forms{theirs}"
    if finding.forms <= par.BAND_FROM_FORMS:
        return f"{counted}; the usual range is drawn from the third."
    return f"{counted}."


def in_words(level: Level) -> str:
    """Put a level into words."""
    return {Level.NONE: "nothing stands out", Level.WORTH_ASKING: "worth asking", Level.LIKELY: "likely"}[level]


def how_often_wrong(method: str, budget: float, instrument: Instrument | None = None) -> str:
    """Say how often such a flag meets nothing, at this alert budget. Raises `Refused` outside 5–12 %."""
    share = calibration.share_wrong(method, budget, instrument)
    if share is None:
        return "How often such a flag is wrong has not been measured for this method."
    return f"About {round(share * 10)} in 10 such flags turn out to be nothing, in simulation."


def shown(value: float) -> str:
    """Write an item's rating as the client marked it: no decimals when it is whole."""
    return f"{value:.1f}".removesuffix(".0")


_SENTENCES = {
    EvidenceKind.BELOW_RANGE: "{value}, {below} this person’s usual {range}",
    EvidenceKind.BELOW_START: "{value}, below what is usual at the start",
    EvidenceKind.BELOW_CUTOFF: "{value}, below the published threshold of {usual}",
    EvidenceKind.FELL_SINCE_LAST: "Fell to {value} from {usual} last time",
    EvidenceKind.AS_USUAL: "Scores look as usual ({value})",
}


def _word(entry: Evidence, finding: Finding, instrument: Instrument) -> Reason:
    value, usual = f"{entry.value or 0.0:.1f}", f"{entry.usual or 0.0:.1f}"
    if entry.kind is EvidenceKind.AS_USUAL and finding.expected_low is None:
        return Reason(f"Score {value}; the usual range is not known yet", value)
    if entry.kind in _SENTENCES:
        bounds = (finding.expected_low, finding.expected_high)
        usually = usual if None in bounds else "{:.1f} to {:.1f}".format(*bounds)
        below = "just below" if usually.startswith(value) else "below"
        return Reason(_SENTENCES[entry.kind].format(value=value, usual=usual, range=usually, below=below), value)
    if entry.kind is EvidenceKind.SLID:
        times = str(entry.count)
        return Reason(f"Slow slide: lower in each of the last {times} sessions ({usual} to {value})", times)
    if entry.kind is EvidenceKind.DIRECT:
        answer = _label(entry, instrument).lower()
        return Reason(f"Something felt off: {answer}.", answer)
    named = instrument.by_id[entry.item or ""].named
    marked = shown(entry.value or 0.0)
    if entry.kind is EvidenceKind.LOWEST_ITEM:
        return Reason(f"Lowest answer: {named}, {marked}", marked)
    return Reason(f"Lower than usual: {named}, {marked} (usually {usual})", marked)


def _label(entry: Evidence, instrument: Instrument) -> str:
    options = instrument.by_id[entry.item or ""].options
    return next((option.label for option in options if option.value == entry.option), entry.option or "")
