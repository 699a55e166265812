"""`direct`: the client said that something felt off, a little or clearly.

Idea: Muran, Safran, Gorman, Samstag, Eubanks-Carter & Winston (2009), *The relationship of early alliance ruptures and
their resolution to process and outcome*, Psychotherapy 46, 233–248, who asked clients outright after each session.
"""

import math

from feedback.detection import parameters as par
from feedback.detection.case.case_state import Memory
from feedback.detection.case.reading import Reading
from feedback.detection.methods.rule import RuleMethod, Verdict

A_LITTLE = 0.5
"""From the upper half of the answers on: *a little* of four, *yes* of two."""


def likelihood_ratio(direct: float | None) -> float:
    """Say how much likelier this answer is in a rupture than outside; 1 when it was not given.

    The four published places are 0, ⅓, ⅔ and 1; answers of other instruments lie between them.
    """
    if direct is None:
        return 1.0
    place = min(int(direct * 3), 2)
    share = direct * 3 - place
    low, high = par.DIRECT_RATIO[place : place + 2]
    return float(low ** (1.0 - share) * high**share)


class Direct(RuleMethod):
    """Flags whoever answers the direct item with *a little* or more."""

    name = "direct"

    def judge(self, reading: Reading, memory: Memory) -> Verdict:  # noqa: ARG002  only the answer itself counts
        """Weigh the answer by how much likelier it is in a rupture."""
        probability = self.calibration.probability(math.log(likelihood_ratio(reading.direct)))
        return Verdict(probability, fires=reading.direct is not None and reading.direct >= A_LITTLE)
