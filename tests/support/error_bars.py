"""How rough figures are: by answers, as FLN-10/5 published them, and by clients, in a made clinic of any size.

`python -m tests.support.error_bars` prints the tables that stand in `docs/privacy.md`; `make docs` writes them there.
A made clinic has 15 cases a therapist and about 40 shared answers a month, 1 in 9 of them with a possible rupture.
"""

import math
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from feedback.domain.figures.noise import reach95
from feedback.domain.figures.release import Part, Rule
from feedback.domain.figures.rule import STRICT, USUAL

CASES, WEEKS, ITEMS, MEAN = 15, 13, 6, 7.8
OFF = {"no": 0.75, "not_sure": 0.06, "a_little": 0.09, "yes": 0.05, "unanswered": 0.05}
CLEAREST = ("unanswered", "no", "not_sure", "a_little", "yes")
BY_ANSWERS = 4
"""The scale of FLN-10/5 on each count; its scores had 4 and 200, its six items 16 and 800; counts were rounded to 5."""

DELTA = 1e-6
SIZES = (4, 8, 40)


@dataclass(frozen=True)
class Truth:
    """True numbers of a made clinic: of a month, of one team of four therapists in a quarter, of the quarter."""

    answers: Mapping[str, int]
    clients: Mapping[str, int]


def made(therapists: int) -> Truth:
    """Make a clinic: some clients come nearly every week, some seldom, and some are flagged more often than others."""
    coin = random.Random(therapists)  # noqa: S311  repeatable
    answers, clients = Counter[str](), Counter[str]()
    for client in range(therapists * CASES):
        comes, trouble = coin.uniform(0.3, 1.0) if coin.random() < 0.93 else 0.0, coin.uniform(0.02, 0.2)
        weeks = [week for week in range(WEEKS) if coin.random() < comes]
        flagged = [week for week in weeks if coin.random() < trouble]
        said = [coin.choices(list(OFF), list(OFF.values()))[0] for _ in weeks]
        month, in_month = [week for week in weeks if week < 4], [week for week in flagged if week < 4]
        answers["month, with a possible rupture"] += len(in_month)
        answers["month, without one"] += len(month) - len(in_month)
        clients["month, with a possible rupture"] += bool(in_month)
        clients["month, without one"] += bool(month) and not in_month
        if client < 4 * CASES:
            answers["team and quarter, with one"] += len(flagged)
            answers["team and quarter, without one"] += len(weeks) - len(flagged)
            clients["team and quarter, with one"] += bool(flagged)
            clients["team and quarter, without one"] += bool(weeks) and not flagged
        settled = [coin.random() < 0.45 for _ in flagged]
        answers["talked about and settled"] += sum(settled)
        clients["talked about and settled"] += bool(settled) and all(settled)
        for option in ("yes", "a_little", "no"):
            answers[f"felt off: {option}"] += said.count(option)
            clients[f"felt off: {option}"] += bool(said) and max(said, key=CLEAREST.index) == option
        answers["all"] += len(weeks)
        clients["all"] += bool(weeks)
    return Truth(answers, clients)


def part_of(name: str) -> Part:
    """Name the part of the lattice that a count belongs to."""
    parts = {"month": Part.MONTH, "team": Part.TEAM, "talked": Part.REPAIR, "felt": Part.OFF}
    return next(part for start, part in parts.items() if name.startswith(start))


def count_bar(rule: Rule, name: str) -> int:
    """Return the reach of the error bar of a count of clients."""
    return reach95(1 / rule.epsilon(part_of(name)))


def mean_bars(reach_sum: float, reach_count: float, count: int) -> float:
    """Return the reach of the error bar of a mean in points, of a sum of distances from the middle and a number."""
    return math.hypot(reach_sum, (MEAN * 10 - 50) * reach_count) / count / 10 + 0.05


def score_bar(rule: Rule, clients: int) -> float:
    """Return that of the mean score over clients."""
    reach = reach95(100 / rule.epsilon(Part.SCORE))
    return reach * math.hypot(MEAN / 10, 1 - MEAN / 10) / clients / 10 + 0.05


def item_bar(rule: Rule, clients: int) -> float:
    """Return that of the mean of an item over clients."""
    of_clients = reach95(100 / rule.epsilon(Part.SCORE)) / 100 * 2**0.5
    return mean_bars(reach95(50 * ITEMS / rule.epsilon(Part.ITEMS)), of_clients, clients)


def table() -> str:
    """Write the error bars of every figure before and after, at 4, 8 and 40 therapists."""
    truths = [made(size) for size in SIZES]
    names = [name for name in truths[0].answers if name != "all"]
    rows = []
    for name in names:
        cells = []
        for truth in truths:
            before, after = truth.answers[name], truth.clients[name]
            bar = reach95(Fraction(BY_ANSWERS)) + 2
            reach = count_bar(USUAL, name)
            cells.append(f"{before} ± {bar} ({bar / before:.0%}) → {after} ± {reach} ({reach / after:.0%})")
        rows.append(f"| {name} | {' | '.join(cells)} |")
    for name, scale, shared, bar_of in (
        ("mean score", BY_ANSWERS, 50 * BY_ANSWERS, score_bar),
        ("mean of an item", 4 * BY_ANSWERS, 200 * BY_ANSWERS, item_bar),
    ):
        cells = [
            f"± {mean_bars(reach95(Fraction(shared)), reach95(Fraction(scale)), truth.answers['all']):.2f} → "
            f"± {bar_of(USUAL, truth.clients['all']):.2f}"
            for truth in truths
        ]
        rows.append(f"| {name}, points | {' | '.join(cells)} |")
    head = "| figure | 4 therapists | 8 therapists | 40 therapists |\n|---|---|---|---|\n"
    return head + "\n".join(rows) + "\n"


def at(epsilon: float) -> Rule:
    """Return the usual rule with another ε, shared out among its parts as now."""
    share = Fraction(epsilon).limit_denominator(1000) / USUAL.epsilon_client_quarter
    plain = {name: getattr(USUAL, name) for name in Rule.__slots__}
    return Rule(**plain | {"spent": tuple((part, each * share) for part, each in USUAL.spent)})


def frontier() -> str:
    """Write what another ε would cost, at 4, 8 and 40 therapists: a month's count, the mean score, an item's mean."""
    truths = [made(size) for size in SIZES]
    flagged = "month, with a possible rupture"
    rows = []
    for epsilon in (3, 5, float(USUAL.epsilon_client_quarter), 15, 20):
        rule = at(epsilon)
        cells = [
            f"± {count_bar(rule, flagged)} on {truth.clients[flagged]}, ± {score_bar(rule, truth.clients['all']):.2f}, "
            f"± {item_bar(rule, truth.clients['all']):.2f}"
            for truth in truths
        ]
        rows.append(f"| {epsilon:g} | {' | '.join(cells)} |")
    head = "| ε | 4 therapists | 8 therapists | 40 therapists |\n|---|---|---|---|\n"
    return head + "\n".join(rows) + "\n"


def gaussian_factor(rule: Rule) -> float:
    """Say how much wider all error bars were with Gaussian noise at the same ε and δ 10⁻⁶, by zero-concentrated DP.

    ρ from ε = ρ + 2 √(ρ ln 1/δ) (Bun & Steinke 2016); each figure spends Δ₂² / 2σ², with σ in proportion to the bars
    that Laplace noise of this rule has.
    """
    epsilon, log = float(rule.epsilon_client_quarter), math.log(1 / DELTA)
    rho = (math.sqrt(log + epsilon) - math.sqrt(log)) ** 2
    spent = 0.0
    for part, each in rule.spent:
        width = {Part.SCORE: 100.0, Part.ITEMS: 50.0 * ITEMS}.get(part, 1.0)
        in_l2 = {Part.ITEMS: 50.0 * math.sqrt(ITEMS)}.get(part, width)
        sigma = reach95(Fraction(int(1000 * width)) / each) / 1000 / 1.96
        spent += (3 if part is Part.MONTH else 1) * in_l2**2 / (2 * sigma**2)
    return math.sqrt(spent / rho)


def main() -> None:
    """Print the tables."""
    print(table())
    print(frontier())
    for rule in (USUAL, STRICT):
        print(f"{rule.name}: Gaussian noise would make every error bar {gaussian_factor(rule):.2f} times as wide")


if __name__ == "__main__":
    main()
