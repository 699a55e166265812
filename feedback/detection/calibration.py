"""How a method's statistic reads as a probability, and what an alert budget means. Fitted once to simulated worlds.

Printed by `python benchmarks/calibrate.py`; frozen here. `LOGISTIC` maps a statistic to a probability, `THRESHOLDS`
gives for each budget in percent the probability from which that share of forms is flagged, `WRONG` the share of such
flags that met no rupture. The published rules keep their own limits, whatever the budget: key 0.
"""

import math
from itertools import pairwise

from feedback.domain.errors import Refused

LOWEST_BUDGET = 0.05
HIGHEST_BUDGET = 0.12

LOGISTIC = {
    "cutoff": (-3.0, 0.5),
    "drop": (-3.0, 0.5),
    "control_chart": (-3.0, 0.5),
    "pooled": (-3.0, 0.5),
}

THRESHOLDS = {
    "pooled": {5: 0.3, 8: 0.17, 12: 0.1},
    "switching": {5: 0.3, 8: 0.17, 12: 0.1},
}

WRONG = {
    "cutoff": {0: 0.85},
    "drop": {0: 0.8},
    "control_chart": {0: 0.8},
    "direct": {0: 0.5},
    "pooled": {5: 0.5, 8: 0.5, 12: 0.5},
    "switching": {5: 0.5, 8: 0.5, 12: 0.5},
}


def logistic(method: str, statistic: float) -> float:
    """Turn a method's statistic into the probability of a possible rupture."""
    offset, slope = LOGISTIC[method]
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, offset + slope * statistic))))


def check_budget(budget: float) -> float:
    """Pass an alert budget, as a share of answered forms, on. Raises `Refused` outside 5–12 %."""
    if not LOWEST_BUDGET <= budget <= HIGHEST_BUDGET:
        raise Refused("Choose an alert budget between 0.05 and 0.12 of the answered forms.")
    return budget


def threshold(method: str, budget: float) -> float:
    """Give the probability from which a form is flagged at this budget. Only for methods with no limit of their own."""
    return _between(THRESHOLDS[method], check_budget(budget) * 100)


def share_wrong(method: str, budget: float) -> float | None:
    """Say how often a flag meets no rupture in simulation, 0–1; None for a method never measured."""
    return _between(WRONG[method], check_budget(budget) * 100) if method in WRONG else None


def _between(table: dict[int, float], percent: float) -> float:
    """Read a table at a budget that may lie between two columns."""
    if 0 in table:
        return table[0]
    for low, high in pairwise(sorted(table)):
        if percent <= high:
            share = (percent - low) / (high - low)
            return table[low] + share * (table[high] - table[low])
    return table[max(table)]
