"""A year: sums of what its months and quarters published. Nothing is drawn for it, so it tells nothing more."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from feedback.domain.figures.measures import is_mean
from feedback.domain.figures.period import Period
from feedback.domain.figures.protect import with_intervals
from feedback.domain.figures.release import Figure, FigureStatus, LatticeLevel, Release, Unit


@dataclass(frozen=True, slots=True)
class YearFigure:
    """The sum of one count over a year: of clients, so that one counts once in each of its months or quarters.

    `released`, `floored` and `missing` say of how many periods there was a value, how many were below ten, and how many
    had none or are not closed. There is a `value` where all were released. Where some were below ten there is their
    interval alone, and where any are missing neither: a sum of parts would be read as the whole. The interval is that
    of a sum of independent noises, from 0 to its upper end for each that was below ten.
    """

    level: LatticeLevel
    unit: Unit
    measure: str
    value: float | None
    lower95: float | None
    upper95: float | None
    released: int
    floored: int
    missing: int


def sum_year(year: Period, releases: Iterable[Release]) -> tuple[YearFigure, ...]:
    """Add up a year's published counts: L1 and L4 over 12 months (4 quarters under the strict rule), others over 4.

    Means are not added up. A team is known by its id; the name it had last stands for it.
    """
    wanted = {*year.months, *year.quarters}
    found = sorted((each for each in releases if each.period in wanted), key=lambda each: each.period.first_day)
    series: dict[tuple[LatticeLevel, str, str], list[Figure]] = {}
    spans: dict[tuple[LatticeLevel, str, str], int] = {}
    for release in map(with_intervals, found):
        for figure in release.figures:
            if not is_mean(figure.measure):
                key = (figure.level, figure.unit.id, figure.measure)
                series.setdefault(key, []).append(figure)
                spans[key] = 12 // len(release.period.months)
    return tuple(_sum(figures, spans[key]) for key, figures in series.items())


def _sum(figures: list[Figure], periods: int) -> YearFigure:
    last = figures[-1]
    given = [(each.value, each.lower95 or 0.0, each.upper95 or 0.0) for each in figures if each.value is not None]
    low = [each.upper95 for each in figures if each.status is FigureStatus.FLOOR]
    missing = max(0, periods - len(given) - len(low))
    total = sum(value for value, _, _ in given)
    below = sum((value - lower) ** 2 for value, lower, _ in given) ** 0.5
    above = sum((upper - value) ** 2 for value, _, upper in given) ** 0.5
    is_known = not missing and None not in low
    return YearFigure(
        level=last.level,
        unit=last.unit,
        measure=last.measure,
        value=total if is_known and not low else None,
        lower95=max(0, int(total - below)) if is_known else None,
        upper95=math.ceil(total + above + sum(each or 0.0 for each in low)) if is_known else None,
        released=len(given),
        floored=len(low),
        missing=missing,
    )
