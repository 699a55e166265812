"""`cutoff`: a score below a published threshold, the same for everybody.

Source: Duncan, Miller, Sparks, Claud, Reynolds, Brown & Johnson (2003), *The Session Rating Scale*, Journal of Brief
Therapy 3, 3–12: total below 36 of 40, or any one item below 9 of 10. Here the thresholds are those of the instrument
file: each score rule with cut-offs counts, and a rule over one item is an item's own threshold. A file without any
gets the total of 2003. It flags two forms in five, and most of these are harmless: kept for comparison.
"""

from feedback.detection.case.case_state import Memory
from feedback.detection.case.reading import Reading
from feedback.detection.methods.rule import RuleMethod, Verdict
from feedback.domain.instrument import Cutoff, Instrument, ScoreRule
from feedback.domain.rupture import Evidence, EvidenceKind
from feedback.domain.scoring import SCALE_TOP, score

DUNCAN_2003 = 9.0
"""36 of 40, on 0–10."""


def on_ten(rule: ScoreRule, cutoff: Cutoff) -> float:
    """Map a threshold from the rule's published range to 0–10."""
    return (cutoff.value - rule.low) / (rule.high - rule.low) * SCALE_TOP


class CutOff(RuleMethod):
    """Flags a form whose score lies below its threshold."""

    name = "cutoff"

    def __init__(self, instrument: Instrument, budget: float) -> None:
        super().__init__(instrument, budget)
        self.limits = [
            (rule, on_ten(rule, cutoff))
            for rule in instrument.scores
            for cutoff in rule.cutoffs
            if cutoff.direction == "below"
        ] or [(instrument.total, DUNCAN_2003)]

    def judge(self, reading: Reading, memory: Memory) -> Verdict:  # noqa: ARG002  the past does not matter here
        """Take the score that lies deepest below its limit."""
        shortfalls = []
        for rule, limit in self.limits:
            shown = reading.value if rule is self.instrument.total else score(rule, reading.given)
            if shown is not None:
                shortfalls.append((limit - shown, shown, limit))
        if not shortfalls:
            return Verdict(self.calibration.probability(0.0), fires=False)
        shortfall, shown, limit = max(shortfalls)
        evidence = (Evidence(EvidenceKind.BELOW_CUTOFF, value=shown, usual=limit),) if shortfall > 0 else ()
        return Verdict(self.calibration.probability(shortfall), fires=shortfall > 0, evidence=evidence)
