"""The two rules there are: FLN-10-clients (frozen lattice, noise, floor 10, clients counted), and its stricter sister.

The privacy unit is a client (one seat of one case) and everything they add to one quarter, shared or only counted.
Neighbouring data differ by adding or removing one client's whole quarter. `BUDGET` says for each part of the lattice
how much of ε its figures spend; the parts are composed by adding up (basic composition of pure differential privacy),
and within a part the L1 sensitivity of all its figures together is `SENSITIVITY`. Replacing a quarter by another is
removing one and adding one: twice the ε.
"""

from fractions import Fraction

from feedback.domain.figures.release import Part, Rule

FLOOR = 10
MONTHS_OF_A_QUARTER = 3

SENSITIVITY = dict.fromkeys(Part, 1) | {Part.SCORE: 100}
"""What one client moves all figures of a part by, at most, as a vector in L1: a count by one. Of the score both sums
together by 100 tenths of a point. Of the items each sum by 50, so all of them by 50 for each item: `ITEM_MOST`."""

ITEM_MOST = 50


def _rule(name: str, *, is_strict: bool, spent: dict[Part, Fraction]) -> Rule:
    times = {Part.MONTH: MONTHS_OF_A_QUARTER}
    return Rule(
        name=name,
        version="1",
        is_strict=is_strict,
        floor=FLOOR,
        rounding=1,
        spent=tuple(spent.items()),
        epsilon_client_quarter=sum((times.get(part, 1) * each for part, each in spent.items()), Fraction(0)),
    )


USUAL = _rule(
    "FLN-10-clients",
    is_strict=False,
    spent={
        Part.MONTH: Fraction(2, 3),
        Part.TEAM: Fraction(1, 2),
        Part.OFF: Fraction(1, 2),
        Part.REPAIR: Fraction(1, 2),
        Part.CONTESTED: Fraction(1, 4),
        Part.SCORE: Fraction(16, 5),
        Part.ITEMS: Fraction(59, 20),
    },
)
"""Clinic by month, team by quarter, clinic by quarter; ε 9.9 for a client's quarter. Chosen so that what was published
under FLN-10/5, by answers, is no rougher in proportion by clients (docs/decisions/0013)."""

STRICT = _rule(
    "FLN-10-clients-strict",
    is_strict=True,
    spent={
        Part.QUARTER: Fraction(1, 3),
        Part.OFF: Fraction(1, 5),
        Part.REPAIR: Fraction(1, 5),
        Part.CONTESTED: Fraction(1, 8),
        Part.SCORE: Fraction(32, 25),
        Part.ITEMS: Fraction(59, 50),
    },
)
"""Clinic by quarter and nothing else; ε 3.32 for a client's quarter."""


def including_months_by_answers(rule: Rule, months: tuple[Rule, ...]) -> Rule:
    """Return the rule with the ε that a quarter really spent, some of whose months were published by answers.

    Such a month moved two disjoint counts by at most `most_per_case_month` answers of one client, under noise of
    `count_scale`. It is published once and never anew by clients.
    """
    of_month = dict(rule.spent).get(Part.MONTH, Fraction(0))
    more = sum((Fraction(old.most_per_case_month, old.count_scale) - of_month for old in months), Fraction(0))
    return Rule(
        **{name: getattr(rule, name) for name in Rule.__slots__}
        | {"epsilon_client_quarter": rule.epsilon_client_quarter + more}
    )
