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
    "pooled": (-3.329, 0.949),
    "control_chart": (-2.748, 0.486),
    "drop": (-2.769, 0.847),
    "cutoff": (-2.79, 0.416),
}

THRESHOLDS = {
    "switching": {5: 0.364, 6: 0.294, 7: 0.246, 8: 0.21, 9: 0.183, 10: 0.163, 11: 0.147, 12: 0.133},
    "pooled": {5: 0.243, 6: 0.209, 7: 0.187, 8: 0.172, 9: 0.157, 10: 0.144, 11: 0.132, 12: 0.122},
}

WRONG = {
    "switching": {5: 0.51, 6: 0.54, 7: 0.57, 8: 0.6, 9: 0.63, 10: 0.65, 11: 0.67, 12: 0.68},
    "pooled": {5: 0.56, 6: 0.6, 7: 0.63, 8: 0.65, 9: 0.67, 10: 0.69, 11: 0.71, 12: 0.72},
    "control_chart": {0: 0.67},
    "drop": {0: 0.57},
    "cutoff": {0: 0.89},
    "direct": {0: 0.69},
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
