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
_CLEAR_YES = measures.off_option("yes")
_SETTLED = measures.repair_count(measures.RepairState.SETTLED)


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month in the course of months. `answers` is the sum of two published counts, in words."""

    release: Release
    flagged: Figure | None
    not_flagged: Figure | None
    codes: Figure | None
    share: str
    answers: Shown


@dataclass(frozen=True, slots=True)
class QuarterRow:
    """One quarter beside others: how sessions felt, how many said clearly that something was off, what was settled."""

    release: Release
    score: Figure | None
    felt_off: Figure | None
    settled: Figure | None


@dataclass(frozen=True, slots=True)
class Course:
    """The months side by side, oldest first: possible ruptures, and codes beside answers."""

    months: tuple[MonthRow, ...]
    ruptures: tuple[ColumnChart, ColumnChart]
    answers: tuple[ColumnChart, ColumnChart]


def quarter_rows(releases: Sequence[Release]) -> tuple[QuarterRow, ...]:
    """Give the quarters, the latest first."""
    quarters = [release for release in releases if release.period.kind is PeriodKind.QUARTER]
    return tuple(
        QuarterRow(
            release, *(own_figures(release).get(measure) for measure in (measures.MEAN_SCORE, _CLEAR_YES, _SETTLED))
        )
        for release in sorted(quarters, key=lambda release: release.period.first_day, reverse=True)
    )


def years(releases: Sequence[Release]) -> list[tuple[int, tuple[YearFigure, ...]]]:
    """Give the sums of each year with a published figure, the latest first; of the clinic before its teams."""
    found = sorted({release.period.year for release in releases}, reverse=True)
    summed = [(year, sum_year(Period(PeriodKind.YEAR, year), releases)) for year in found]
    return [(year, tuple(sorted(sums, key=lambda each: each.unit.kind))) for year, sums in summed if sums]


def course(releases: Sequence[Release]) -> Course | None:
    """Give the latest twelve months, or nothing before the first."""
    months = sorted(
        (one for one in releases if one.period.kind is PeriodKind.MONTH and one.figures),
        key=lambda one: one.period.first_day,
    )[-MOST_MONTHS:]
    if not months:
        return None
    rows = tuple(_month(release) for release in months)
    ruptures = [shown_as(wording.short(row.release.period), row.flagged) for row in rows]
    codes = [shown_as(wording.short(row.release.period), row.codes) for row in rows]
    answers = [row.answers for row in rows]
    return Course(rows, _columns(rows, [ruptures]), _columns(rows, [codes, answers]))


def _month(release: Release) -> MonthRow:
    mine = own_figures(release)
    flagged, rest = mine.get(measures.FLAGGED), mine.get(measures.NOT_FLAGGED)
    said = wording.share(flagged, rest) if flagged and rest else ""
    return MonthRow(release, flagged, rest, mine.get(measures.CODES), said, _both(release, flagged, rest))


def _both(release: Release, one: Figure | None, two: Figure | None) -> Shown:
    """Add two published counts. Where one is *fewer than 10* the words say so, and there is no error bar."""
    name = wording.short(release.period)
    if one is None or two is None:
        return Shown(name, None, None, None, "not given")
    if one.value is None and two.value is None:
        return Shown(name, None, None, None, one.status.words)
    given = [figure for figure in (one, two) if figure.value is not None]
    value = sum(figure.value or 0 for figure in given)
    if len(given) < 2:
        return Shown(name, value, None, None, f"about {value:,.0f}, and fewer than 10 more")
    low, high = (sum(getattr(figure, bound) or 0 for figure in given) for bound in ("lower95", "upper95"))
    return Shown(name, value, low, high, f"about {value:,.0f}")


def _columns(rows: Sequence[MonthRow], series: list[list[Shown]]) -> tuple[ColumnChart, ColumnChart]:
    labels = [wording.short(row.release.period) for row in rows]
    latest = [each[-NARROW_COLUMNS:] for each in series]
    return (
        lay_out_columns(labels, series, WIDE_COLUMNS),
        lay_out_columns(labels[-NARROW_COLUMNS:], latest, NARROW_FRAME),
    )
