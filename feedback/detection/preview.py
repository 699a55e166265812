"""What another alert budget would mean, from figures that are public anyway.

Budget times the number of answers a release has published, beside what simulation says of that budget. Never a query on
live answers, never by therapist: trying budgets out must not show anything about anybody.
"""

from dataclasses import dataclass

from feedback.detection.calibration import PERCENT, share_caught, share_wrong
from feedback.detection.registry import DEFAULT
from feedback.domain.errors import Refused
from feedback.domain.instrument import Instrument


@dataclass(frozen=True, slots=True)
class BudgetPreview:
    """One budget, as a share of answered forms. `flags` is how many of the published answers it would list, about.

    `caught`: share of ruptures found in one of their first four therapy sessions; `wrong`: share of flags that meet
    nothing; both in simulation, 0–1. A clear “Yes” when asked directly is listed besides, whatever the budget.
    """

    budget: float
    flags: int
    caught: float
    wrong: float


def preview_budgets(published: int, instrument: Instrument | None = None) -> tuple[BudgetPreview, ...]:
    """Lay out budgets of 5 to 12 % for so many published answers. Raises `Refused` for a number below nought."""
    if published < 0:
        raise Refused("The number of published answers cannot be below nought.")
    found = []
    for percent in PERCENT:
        budget = percent / 100
        caught, wrong = share_caught(DEFAULT, budget, instrument), share_wrong(DEFAULT, budget, instrument)
        if caught is not None and wrong is not None:
            found.append(BudgetPreview(budget, round(budget * published), caught, wrong))
    return tuple(found)
