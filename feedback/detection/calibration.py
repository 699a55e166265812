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
    "pooled": (-3.377, 0.945),
    "control_chart": (-2.799, 0.476),
    "drop": (-2.815, 0.821),
    "cutoff": (-2.866, 0.429),
}

THRESHOLDS = {
    "switching": {5: 0.321, 6: 0.261, 7: 0.217, 8: 0.188, 9: 0.165, 10: 0.148, 11: 0.134, 12: 0.121},
    "pooled": {5: 0.225, 6: 0.195, 7: 0.177, 8: 0.163, 9: 0.15, 10: 0.137, 11: 0.125, 12: 0.115},
}

WRONG = {
    "switching": {5: 0.53, 6: 0.56, 7: 0.59, 8: 0.62, 9: 0.64, 10: 0.67, 11: 0.68, 12: 0.7},
    "pooled": {5: 0.58, 6: 0.62, 7: 0.65, 8: 0.67, 9: 0.69, 10: 0.71, 11: 0.73, 12: 0.74},
    "control_chart": {0: 0.69},
    "drop": {0: 0.57},
    "cutoff": {0: 0.9},
    "direct": {0: 0.71},
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
