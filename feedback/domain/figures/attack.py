"""What the best adversary learns from published figures, computed exactly: for a clinic's own statistician to check.

The adversary knows every answer but those of the target, the rule and its noise, and sees the blurred counts before
floor and rounding, which can only tell less. They weigh both possibilities by likelihood, starting from even odds.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from feedback.domain.figures.measures import CODES, is_mean
from feedback.domain.figures.release import FigureStatus, Release, Rule

_SURE_ENOUGH = 60
"""Scales to each side at which the tail of the noise is cut off: less than 10⁻²⁶ is beyond."""


@dataclass(frozen=True, slots=True)
class Threat:
    """One adversary: what they want to know, what they look at, how often their best guess is right (0.5 is a coin).

    `bound` is what ε promises for it: e^ε / (1 + e^ε).
    """

    wants: str
    looks_at: str
    right: float
    bound: float


def best_guess(shift: int, scale: int, counts: int) -> float:
    """Say how often the best guess is right between two worlds in which so many counts differ by `shift`."""
    together = {0: 1.0}
    for _ in range(counts):
        together = _convolved(together, _evidence(shift, scale))
    return sum(chance for weight, chance in together.items() if weight > 0) + together.get(0, 0.0) / 2


def _evidence(shift: int, scale: int) -> dict[int, float]:
    """Give how the evidence for the true world, in units of 1/scale, is distributed: |noise − shift| − |noise|."""
    shrink = math.exp(-1 / scale)
    found: dict[int, float] = {}
    for noise in range(-_SURE_ENOUGH * scale, _SURE_ENOUGH * scale + 1):
        weight = abs(noise - shift) - abs(noise)
        found[weight] = found.get(weight, 0.0) + (1 - shrink) / (1 + shrink) * shrink ** abs(noise)
    return found


def _convolved(one: Mapping[int, float], other: Mapping[int, float]) -> dict[int, float]:
    found: dict[int, float] = {}
    for mine, chance in one.items():
        for theirs, more in other.items():
            found[mine + theirs] = found.get(mine + theirs, 0.0) + chance * more
    return found


def bound_of(epsilon: Fraction) -> float:
    """Give e^ε / (1 + e^ε): what even odds can become at most."""
    return 1 / (1 + math.exp(-float(epsilon)))


def threats(rule: Rule) -> tuple[Threat, ...]:
    """Give the adversaries that matter under a rule, from the weakest to the strongest.

    A flag is in a count of flagged and one of not flagged, for clinic and team (under the strict rule for the clinic
    alone), and once among the repairs.
    """
    flag_counts = 3 if rule.is_strict else 5
    most = rule.most_per_case_month
    each = Fraction(1, rule.count_scale)

    def of(wants: str, looks_at: str, shift: int, counts: int) -> Threat:
        return Threat(wants, looks_at, best_guess(shift, rule.count_scale, counts), bound_of(each * shift * counts))

    one, client = "whether one response was flagged", f"whether {most} responses of one client in a month were flagged"
    return (
        of(one, "one count", 1, 1),
        of(one, "everything published", 1, flag_counts),
        of(client, "one count", most, 1),
        of(client, "everything published", most, flag_counts),
    )


def check_published(releases: Iterable[Release]) -> tuple[str, ...]:
    """Name everything in a ledger that the rule does not allow; nothing when it is in order."""
    return tuple(
        f"{release.period}, {figure.unit.name}, {figure.measure}"
        for release in releases
        for figure in release.figures
        if figure.value is not None and figure.measure != CODES and not is_mean(figure.measure)
        if figure.value < release.rule.floor
        or figure.value % release.rule.rounding
        or figure.status is not FigureStatus.RELEASED
        or figure.unit in dict(release.gated)
    )
