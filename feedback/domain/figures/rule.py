"""The two rules there are: FLN-10/5 (frozen lattice, noise, floor 10, round to 5), and its stricter sister.

ε is counted for one response more or less. A response whose flag or answer *changes* moves two disjoint counts, so
twice the ε of that count bounds what is learnt from the change.
"""

from fractions import Fraction

from feedback.domain.figures.release import LatticeLevel, Rule

FLOOR = 10
ROUNDING = 5
MOST_PER_CASE_MONTH = 5
MONTHS_OF_A_QUARTER = 3

_PARTS = {
    LatticeLevel.L1: Fraction(1),
    LatticeLevel.L2: Fraction(1),
    LatticeLevel.L3: Fraction(7),
}
"""What one response adds to, in units of one count: L3 is one answer to *off*, one flag, the score (how many and their
sum) and the items, which share three units whatever their number."""

ITEM_UNITS = 3


def _rule(name: str, *, is_strict: bool, count_scale: int) -> Rule:
    """Compose ε over what a response adds to: in the strict rule the two flag counts stand at the clinic's quarter."""
    levels = (LatticeLevel.L1, LatticeLevel.L3) if is_strict else (LatticeLevel.L1, LatticeLevel.L2, LatticeLevel.L3)
    each = sum((_PARTS[level] for level in levels), Fraction(0)) / count_scale
    return Rule(
        name=name,
        version="1",
        is_strict=is_strict,
        count_scale=count_scale,
        floor=FLOOR,
        rounding=ROUNDING,
        most_per_case_month=MOST_PER_CASE_MONTH,
        epsilon_response=each,
        epsilon_client_quarter=each * MOST_PER_CASE_MONTH * MONTHS_OF_A_QUARTER,
    )


USUAL = _rule("FLN-10/5", is_strict=False, count_scale=4)
"""Clinic by month, team by quarter, clinic by quarter; noise of scale 4 on each count (ε 0.25)."""

STRICT = _rule("FLN-10/5-strict", is_strict=True, count_scale=10)
"""Clinic by quarter and nothing else; noise of scale 10 (ε 0.1)."""
