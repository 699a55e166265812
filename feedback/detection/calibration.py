"""How a method's statistic reads as a probability, and what an alert budget means: fitted once to simulated worlds.

The numbers lie in `frozen/`, one file for the built-in instrument and one by shape of an instrument (number of rated
items, answer steps, with or without a direct item); `make parameters` makes them anew. An instrument that nothing was
fitted for gets the numbers of the shape nearest to its own. A changed number is a new version of the method.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

from feedback.domain.errors import Refused
from feedback.domain.instrument import Instrument

LOWEST_BUDGET = 0.05
HIGHEST_BUDGET = 0.12
PERCENT = tuple(range(5, 13))
OWN_LIMIT = 0
"""Stands for the budget where a published rule has a limit of its own."""

DEFAULTS = "defaults"

ByPercent = Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Calibration:
    """One method on one shape of instrument.

    `offset` and `slope` turn its statistic into log odds. By budget in percent: `limits`, the probability from which
    that share of forms is flagged; `wrong`, the share of such flags that met neither a rupture nor what is left of
    one; `caught`, the share of ruptures flagged in one of their first four therapy sessions.
    """

    offset: float
    slope: float
    limits: ByPercent = field(default_factory=dict)
    wrong: ByPercent = field(default_factory=dict)
    caught: ByPercent = field(default_factory=dict)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Calibration":
        """Read what `as_plain` wrote."""
        tables = {name: {int(at): float(value) for at, value in plain[name].items()} for name in _TABLES}
        return cls(float(plain["offset"]), float(plain["slope"]), **tables)

    def as_plain(self) -> dict[str, Any]:
        """Return it as JSON knows it."""
        return asdict(self)

    def probability(self, statistic: float) -> float:
        """Turn a statistic into the probability of a possible rupture."""
        return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, self.offset + self.slope * statistic))))

    def threshold(self, budget: float) -> float:
        """Return the probability from which a form is flagged at this budget. Raises `Refused` outside 5–12 %."""
        return _between(self.limits, check_budget(budget) * 100)


_TABLES = ("limits", "wrong", "caught")


@dataclass(frozen=True, slots=True)
class Shape:
    """What of an instrument decides how much its forms can tell."""

    items: int
    steps: int
    direct: bool

    @classmethod
    def of(cls, instrument: Instrument) -> "Shape":
        """Return an instrument's shape."""
        asked = instrument.by_id.get(instrument.detector.direct_item or "")
        points = [item.points for item in instrument.scales]
        return cls(len(points), max(points, default=11), bool(asked and len(asked.options) > 1))

    def distance(self, other: "Shape") -> float:
        """Say how unlike two shapes are: a direct item more or less counts most, then items, then steps."""
        items = abs(math.log(max(self.items, 1) / max(other.items, 1)))
        steps = abs(math.log(self.steps / other.steps))
        return 100.0 * (self.direct != other.direct) + items + 0.5 * steps


def calibration_of(method: str, instrument: Instrument | None = None) -> Calibration | None:
    """Return a built-in method's numbers for an instrument, or for the built-in one; None where never measured."""
    if instrument is None:
        return _measured(FITTED[0], Shape(6, 11, direct=True), method)
    name = next((name for name in FITTED if name in (instrument.id, instrument.easier_of)), DEFAULTS)
    return _measured(name, Shape.of(instrument), method)


FITTED = ("rapport-session",)
"""The instruments with numbers of their own."""


def needed(method: str, instrument: Instrument) -> Calibration:
    """Return a built-in method's numbers. Raises `Refused` when the frozen files do not hold the method."""
    found = calibration_of(method, instrument)
    if found is None:
        raise Refused(f"The frozen parameters do not hold the method “{method}”. Make them anew: make parameters.")
    return found


@cache
def _measured(name: str, shape: Shape, method: str) -> Calibration | None:
    shapes = [each for each in _frozen(name) if method in each[1]]
    if not shapes:
        return None
    return min(shapes, key=lambda each: each[0].distance(shape))[1][method]


@cache
def _frozen(name: str) -> tuple[tuple[Shape, Mapping[str, Calibration]], ...]:
    plain = json.loads((resources.files(__package__) / "frozen" / f"{name}.json").read_text(encoding="utf-8"))
    return tuple(
        (
            Shape(each["items"], each["steps"], each["direct"]),
            {method: Calibration.from_plain(numbers) for method, numbers in each["methods"].items()},
        )
        for each in plain["shapes"]
    )


def check_budget(budget: float) -> float:
    """Pass an alert budget, as a share of answered forms, on. Raises `Refused` outside 5–12 %."""
    if not LOWEST_BUDGET <= budget <= HIGHEST_BUDGET:
        raise Refused("Choose an alert budget between 0.05 and 0.12 of the answered forms.")
    return budget


def share_wrong(method: str, budget: float, instrument: Instrument | None = None) -> float | None:
    """Say how often a flag meets nothing in simulation, 0–1; None for a method never measured."""
    return _share(method, budget, instrument, "wrong")


def share_caught(method: str, budget: float, instrument: Instrument | None = None) -> float | None:
    """Say which share of ruptures is flagged early in simulation, 0–1; None for a method never measured."""
    return _share(method, budget, instrument, "caught")


def _share(method: str, budget: float, instrument: Instrument | None, name: str) -> float | None:
    check_budget(budget)
    found = calibration_of(method, instrument)
    return _between(getattr(found, name), budget * 100) if found else None


def _between(table: ByPercent, percent: float) -> float:
    """Read a table at a budget that may lie between two columns."""
    if OWN_LIMIT in table:
        return table[OWN_LIMIT]
    for low, high in pairwise(sorted(table)):
        if percent <= high:
            share = (percent - low) / (high - low)
            return table[low] + share * (table[high] - table[low])
    return table[max(table)]
