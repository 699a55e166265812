"""How a method's statistic reads as a probability, and what an alert budget means. Fitted once to simulated worlds.

Printed by `python benchmarks/calibrate.py`; frozen here. `LOGISTIC` maps a statistic to a probability, `THRESHOLDS`
gives for each budget in percent the probability from which that share of forms is flagged, `WRONG` the share of such
flags that met no rupture in the world of the published averages. The published rules keep their own limits, whatever
the budget: key 0.
"""

import math
from itertools import pairwise

from feedback.domain.errors import Refused

LOWEST_BUDGET = 0.05
HIGHEST_BUDGET = 0.12

LOGISTIC = {
    "pooled": (-3.284, 0.884),
    "control_chart": (-2.763, 0.41),
    "ewma": (-2.745, 0.343),
    "cusum": (-2.851, 0.361),
    "drop": (-2.77, 0.678),
    "cutoff": (-2.805, 0.346),
}

THRESHOLDS = {
    "switching": {5: 0.296, 6: 0.241, 7: 0.204, 8: 0.179, 9: 0.159, 10: 0.143, 11: 0.129, 12: 0.118},
    "pooled": {5: 0.211, 6: 0.185, 7: 0.171, 8: 0.158, 9: 0.146, 10: 0.134, 11: 0.123, 12: 0.114},
}

WRONG = {
    "switching": {5: 0.53, 6: 0.56, 7: 0.59, 8: 0.62, 9: 0.64, 10: 0.66, 11: 0.67, 12: 0.69},
    "pooled": {5: 0.56, 6: 0.6, 7: 0.63, 8: 0.66, 9: 0.69, 10: 0.7, 11: 0.72, 12: 0.73},
    "control_chart": {0: 0.69},
    "ewma": {0: 0.63},
    "cusum": {0: 0.59},
    "drop": {0: 0.56},
    "cutoff": {0: 0.89},
    "direct": {0: 0.68},
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
