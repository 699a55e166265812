"""Releases beside each other: the course of months, the quarters, and years as sums of what was published."""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback.domain.figures import measures
from feedback.domain.figures.period import Period, PeriodKind
from feedback.domain.figures.release import Figure, Release
from feedback.domain.figures.year import YearFigure, sum_year
from feedback.web.clinic import release_wording as wording
from feedback.web.clinic.release_charts import (
    NARROW_COLUMNS,
    NARROW_FRAME,
    WIDE_COLUMNS,
    ColumnChart,
    Shown,
    lay_out_columns,
)
from feedback.web.clinic.release_view import own_figures, shown_as

MOST_MONTHS = 12
_CLEAR_YES = measures.topic(measures.off_option("yes"))
_SETTLED = measures.topic(measures.repair_count(measures.RepairState.SETTLED))


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month in the course of months. `both` are those with and without a possible rupture, added up, in words."""

    release: Release
    flagged: Figure | None
    not_flagged: Figure | None
    codes: Figure | None
    share: str
    both: Shown


@dataclass(frozen=True, slots=True)
class QuarterRow:
    """One quarter beside others: how sessions felt, how many said clearly that something was off, what was settled."""

    release: Release
    score: Figure | None
    felt_off: Figure | None
    settled: Figure | None


@dataclass(frozen=True, slots=True)
class Course:
    """Months side by side, oldest first, and quarters, the latest first: by clients, or by answers as published once.

    Never both beside each other: five answers of one client are one client.
    """

    by_clients: bool
    months: tuple[MonthRow, ...]
    quarters: tuple[QuarterRow, ...]
    ruptures: tuple[ColumnChart, ColumnChart]
    answers: tuple[ColumnChart, ColumnChart]


def courses(releases: Sequence[Release]) -> tuple[Course, ...]:
    """Return the course by clients and, where there was one before, that by answers."""
    sorts = ([each for each in releases if each.rule.counts_clients is by_clients] for by_clients in (True, False))
    return tuple(_course(some) for some in sorts if some)


def _course(releases: Sequence[Release]) -> Course:
    """Lay out the latest twelve months, and all quarters."""
    months = sorted(
        (one for one in releases if one.period.kind is PeriodKind.MONTH and one.figures),
        key=lambda one: one.period.first_day,
    )[-MOST_MONTHS:]
    rows = tuple(_month(release) for release in months)
    ruptures = [shown_as(wording.short(row.release.period), row.flagged) for row in rows]
    codes = [shown_as(wording.short(row.release.period), row.codes) for row in rows]
    both = [row.both for row in rows]
    return Course(
        by_clients=releases[0].rule.counts_clients,
        months=rows,
        quarters=_quarters(releases),
        ruptures=_columns(rows, [ruptures]),
        answers=_columns(rows, [codes, both]),
    )


def _quarters(releases: Sequence[Release]) -> tuple[QuarterRow, ...]:
    quarters = [release for release in releases if release.period.kind is PeriodKind.QUARTER]
    return tuple(
        QuarterRow(release, *(own_figures(release).get(topic) for topic in (measures.MEAN_SCORE, _CLEAR_YES, _SETTLED)))
        for release in sorted(quarters, key=lambda release: release.period.first_day, reverse=True)
    )


def years(releases: Sequence[Release]) -> list[tuple[int, tuple[YearFigure, ...]]]:
    """Return the sums of each year with a published figure, the latest first; of the clinic before its teams."""
    found = sorted({release.period.year for release in releases}, reverse=True)
    summed = [(year, sum_year(Period(PeriodKind.YEAR, year), releases)) for year in found]
    return [(year, tuple(sorted(sums, key=lambda each: each.unit.kind))) for year, sums in summed if sums]


def _month(release: Release) -> MonthRow:
    mine = own_figures(release)
    flagged, rest = mine.get(measures.FLAGGED), mine.get(measures.NOT_FLAGGED)
    said = wording.share(flagged, rest) if flagged and rest else ""
    return MonthRow(release, flagged, rest, mine.get(measures.CODES), said, _both(release, flagged, rest))


def _both(release: Release, one: Figure | None, two: Figure | None) -> Shown:
    """Add two published counts. Where one is below ten there is the interval of both alone: half a sum is none."""
    name = wording.short(release.period)
    if one is None or two is None:
        return Shown(name, None, None, None, "not given")
    low, high = (sum(getattr(figure, bound) or 0 for figure in (one, two)) for bound in ("lower95", "upper95"))
    if None in {one.upper95, two.upper95}:
        return Shown(name, None, None, None, one.words or two.words)
    if one.value is None or two.value is None:
        return Shown(name, None, low, high, f"{low:,.0f} to about {high:,.0f}")
    return Shown(name, one.value + two.value, low, high, f"about {one.value + two.value:,.0f}")


def _columns(rows: Sequence[MonthRow], series: list[list[Shown]]) -> tuple[ColumnChart, ColumnChart]:
    labels = [wording.short(row.release.period) for row in rows]
    latest = [each[-NARROW_COLUMNS:] for each in series]
    return (
        lay_out_columns(labels, series, WIDE_COLUMNS),
        lay_out_columns(labels[-NARROW_COLUMNS:], latest, NARROW_FRAME),
    )
