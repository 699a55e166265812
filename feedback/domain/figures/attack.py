"""What the best adversary learns from published figures, computed exactly: for a clinic's own statistician to check.

The adversary knows every answer but those of one client, the rule and its noise, and sees the blurred counts and sums
before floor and rounding, which can only tell less. They weigh both possibilities by likelihood, from even odds.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from feedback.domain.figures.measures import CODES, is_mean
from feedback.domain.figures.release import FigureStatus, Part, Release, Rule
from feedback.domain.figures.rule import MONTHS_OF_A_QUARTER

_SURE_ENOUGH = 60
"""Scales to each side at which the tail of the noise is cut off: less than 10⁻²⁶ is beyond."""

_FINE_ENOUGH = 20
"""Units of a scale that a sum's noise is looked at in: with finer ones the guess changes by less than 0.1 %."""

_FEW_ITEMS = 6
"""Items of the form that ships; over how many the ε of items is spread changes what is learnt by little."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One noisy figure: by how much both worlds differ in it, and the scale of its noise."""

    shift: int
    scale: Fraction

    @classmethod
    def count(cls, epsilon: Fraction) -> "Seen":
        """Return a count in which both worlds differ by one client."""
        return cls(1, 1 / epsilon)

    @classmethod
    def total(cls, epsilon: Fraction) -> "Seen":
        """Return a sum of many fine units in which both worlds differ by as much as this ε covers."""
        finer = 1 + _FINE_ENOUGH // epsilon.denominator
        return cls(epsilon.numerator * finer, Fraction(epsilon.denominator * finer))


@dataclass(frozen=True, slots=True)
class Threat:
    """One adversary: what they want to know, what they look at, how often their best guess is right (0.5 is a coin).

    `bound` is what ε promises for it: e^ε / (1 + e^ε).
    """

    wants: str
    looks_at: str
    right: float
    bound: float


def best_guess(seen: Sequence[Seen]) -> float:
    """Return how often the best guess is right between two worlds that differ in these independent noisy figures."""
    units = math.lcm(*(each.scale.numerator for each in seen))
    together = {0: 1.0}
    for each in seen:
        together = _convolved(together, _evidence(each, units))
    return sum(chance for weight, chance in together.items() if weight > 0) + together.get(0, 0.0) / 2


def _evidence(seen: Seen, units: int) -> dict[int, float]:
    """Return how the evidence for the true world, in 1/units, is distributed: (|noise − shift| − |noise|) / scale."""
    shrink = math.exp(-1 / seen.scale)
    found: dict[int, float] = {}
    reach = math.ceil(_SURE_ENOUGH * seen.scale)
    for noise in range(-reach, reach + 1):
        weight = (abs(noise - seen.shift) - abs(noise)) * int(units / seen.scale)
        found[weight] = found.get(weight, 0.0) + (1 - shrink) / (1 + shrink) * shrink ** abs(noise)
    return found


def _convolved(one: Mapping[int, float], other: Mapping[int, float]) -> dict[int, float]:
    found: dict[int, float] = {}
    for mine, chance in one.items():
        for theirs, more in other.items():
            found[mine + theirs] = found.get(mine + theirs, 0.0) + chance * more
    return found


def bound_of(epsilon: Fraction) -> float:
    """Return e^ε / (1 + e^ε): what even odds can become at most."""
    return 1 / (1 + math.exp(-float(epsilon)))


def threats(rule: Rule) -> tuple[Threat, ...]:
    """Return the adversaries that matter under a rule, from the weakest to the strongest."""
    return _by_clients(rule) if rule.counts_clients else _by_answers(rule)


def _by_clients(rule: Rule) -> tuple[Threat, ...]:
    """A flag moves a client from one of two disjoint counts to the other, wherever there are both, and into repairs.

    Everything of a client is all they add to a quarter, in every part of the lattice as much as they can.
    """
    epsilon = dict(rule.spent)
    of_flags = [epsilon[part] for part in (Part.MONTH, Part.TEAM, Part.QUARTER) if part in epsilon for _ in range(2)]
    flags = [Seen.count(each) for each in (*of_flags, epsilon[Part.REPAIR])]
    counts = [Seen.count(each) for part, each in rule.spent if part not in {Part.ITEMS, Part.SCORE, Part.MONTH}]
    counts += [Seen.count(epsilon[part]) for part in (Part.MONTH,) if part in epsilon] * MONTHS_OF_A_QUARTER
    sums = [Seen.total(epsilon[Part.SCORE]), *[Seen.total(epsilon[Part.ITEMS] / _FEW_ITEMS)] * _FEW_ITEMS]

    def of(wants: str, looks_at: str, seen: Sequence[Seen]) -> Threat:
        spent = sum((each.shift / each.scale for each in seen), Fraction(0))
        return Threat(wants, looks_at, best_guess(seen), bound_of(spent))

    when = "quarter" if rule.is_strict else "month"
    flagged = f"whether one client had a possible rupture in a {when}"
    return (
        of(flagged, "one count", flags[:1]),
        of(flagged, "everything published", flags),
        of("whether one client answered at all in a quarter", "everything published", [*counts, *sums]),
    )


def _by_answers(rule: Rule) -> tuple[Threat, ...]:
    """A flag of an answer was in a count of flagged and one of not flagged, for clinic and team, and among repairs.

    Under the strict rule it was in those of the clinic alone.
    """
    flag_counts = 3 if rule.is_strict else 5
    most = rule.most_per_case_month
    each = Fraction(1, rule.count_scale)

    def of(wants: str, looks_at: str, shift: int, counts: int) -> Threat:
        right = best_guess([Seen(shift, Fraction(rule.count_scale))] * counts)
        return Threat(wants, looks_at, right, bound_of(each * shift * counts))

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
