"""From releases to what a page shows: by section a chart and a table of the same figures; the course of months."""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback.domain import release_measures as measures
from feedback.domain.period import Period, PeriodKind
from feedback.domain.release import Figure, FigureStatus, LatticeLevel, Release, Unit
from feedback.domain.release_year import YearFigure, sum_year
from feedback.exporters.codebook import short_label
from feedback.web.clinic import release_wording as wording
from feedback.web.clinic.release_charts import (
    NARROW,
    NARROW_COLUMNS,
    NARROW_FRAME,
    WIDE,
    WIDE_COLUMNS,
    ColumnChart,
    RowChart,
    Shown,
    lay_out_columns,
    lay_out_rows,
)

MOST_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Section:
    """Figures of one family: heading, a sentence, the chart twice (for wide and narrow screens), and the figures."""

    id: str
    heading: str
    sentence: str
    wide: RowChart
    narrow: RowChart
    figures: tuple[tuple[str, Figure], ...]


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team's two counts, and the share of the first in words."""

    unit: Unit
    flagged: Figure
    not_flagged: Figure
    share: str


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
class Course:
    """The months side by side, oldest first: possible ruptures, and codes beside answers."""

    months: tuple[MonthRow, ...]
    ruptures: tuple[ColumnChart, ColumnChart]
    answers: tuple[ColumnChart, ColumnChart]


_SECTIONS = (
    (
        "answers",
        "From codes to answers",
        (measures.CODES, measures.NOT_FLAGGED, measures.FLAGGED),
        "Codes handed out, and answers shared with a therapist.",
    ),
    ("felt", "How sessions felt", (measures.MEAN_SCORE, "mean"), "Averages of all answers, from 0 to 10."),
    ("off", "Did anything feel off?", ("off",), "What clients said when asked straight out."),
    ("repair", "After a possible rupture", ("repair",), "Where each of them stood when the period was closed."),
)
"""Each with its id, heading, the families of its measures in the order in which they are shown, and a sentence."""


def sections(release: Release) -> tuple[Section, ...]:
    """Give the clinic's own figures, family by family, in the order in which they answer a question."""
    mine = [figure for figure in release.figures if figure.unit.id == release.clinic_id]
    made = []
    for name, heading, families, sentence in _SECTIONS:
        figures = [figure for family in families for figure in mine if measures.family(figure.measure) == family]
        if figures:
            made.append(_section(name, heading, sentence, figures))
    return tuple(made)


def team_rows(release: Release) -> tuple[TeamRow, ...]:
    """Give the teams in alphabetical order: in no other, so that nothing reads as a ranking."""
    rows = []
    for unit in sorted(release.teams, key=lambda unit: unit.name.casefold()):
        figures = {figure.measure: figure for figure in release.of(LatticeLevel.L2, unit)}
        flagged, rest = figures[measures.FLAGGED], figures[measures.NOT_FLAGGED]
        rows.append(TeamRow(unit, flagged, rest, wording.share(flagged, rest)))
    return tuple(rows)


def clinic_share(release: Release) -> str:
    """Say the clinic's own share of answers with a possible rupture; nothing where it cannot be said."""
    mine = {figure.measure: figure for figure in release.figures if figure.unit.id == release.clinic_id}
    flagged, rest = mine.get(measures.FLAGGED), mine.get(measures.NOT_FLAGGED)
    return wording.share(flagged, rest) if flagged and rest else ""


def years(releases: Sequence[Release]) -> list[tuple[int, tuple[YearFigure, ...]]]:
    """Give the sums of each year with a published figure, the latest first; of the clinic before its teams."""
    found = sorted({release.period.year for release in releases}, reverse=True)
    summed = [(year, sum_year(Period(PeriodKind.YEAR, year), releases)) for year in found]
    return [(year, tuple(sorted(sums, key=lambda each: each.unit.kind))) for year, sums in summed if sums]


def course(releases: Sequence[Release]) -> Course | None:
    """Give the latest twelve months, or nothing before the first. Quarters and gated months are left to their pages."""
    months = sorted(
        (one for one in releases if one.period.kind is PeriodKind.MONTH and one.figures),
        key=lambda one: one.period.first_day,
    )[-MOST_MONTHS:]
    if not months:
        return None
    rows = tuple(_month(release) for release in months)
    ruptures = [_shown(wording.short(row.release.period), row.flagged) for row in rows]
    codes = [_shown(wording.short(row.release.period), row.codes) for row in rows]
    answers = [row.answers for row in rows]
    return Course(rows, _columns(rows, [ruptures]), _columns(rows, [codes, answers]))


def _section(name: str, heading: str, sentence: str, figures: list[Figure]) -> Section:
    shown = [_shown(short_label(figure.measure), figure) for figure in figures]
    as_dots = all(measures.is_mean(figure.measure) for figure in figures)
    top = 10.0 if as_dots else 0
    return Section(
        id=name,
        heading=heading,
        sentence=sentence,
        wide=lay_out_rows(shown, WIDE, top=top, as_dots=as_dots),
        narrow=lay_out_rows(shown, NARROW, top=top, as_dots=as_dots),
        figures=tuple((short_label(figure.measure), figure) for figure in figures),
    )


def _month(release: Release) -> MonthRow:
    mine = {figure.measure: figure for figure in release.figures if figure.unit.id == release.clinic_id}
    flagged, rest = mine.get(measures.FLAGGED), mine.get(measures.NOT_FLAGGED)
    said = wording.share(flagged, rest) if flagged and rest else ""
    return MonthRow(release, flagged, rest, mine.get(measures.CODES), said, _both(release, flagged, rest))


def _both(release: Release, one: Figure | None, two: Figure | None) -> Shown:
    """Add two published counts. Where one is *fewer than 10* it adds at most nine; the words say so."""
    name = wording.short(release.period)
    if one is None or two is None:
        return Shown(name, None, None, None, "not given")
    if one.value is None and two.value is None:
        return Shown(name, None, None, None, one.status.words)
    given = [figure for figure in (one, two) if figure.value is not None]
    value = sum(figure.value or 0 for figure in given)
    low, high = (sum(getattr(figure, name) or 0 for figure in given) for name in ("lower95", "upper95"))
    if len(given) < 2:
        return Shown(name, value, low, high + 9, f"about {value:,.0f}, and fewer than 10 more")
    return Shown(name, value, low, high, f"about {value:,.0f}")


def _shown(name: str, figure: Figure | None) -> Shown:
    if figure is None:
        return Shown(name, None, None, None, FigureStatus.GATED.words)
    is_exact = figure.lower95 == figure.upper95
    low, high = (None, None) if is_exact else (figure.lower95, figure.upper95)
    return Shown(name, figure.value, low, high, wording.said(figure))


def _columns(rows: Sequence[MonthRow], series: list[list[Shown]]) -> tuple[ColumnChart, ColumnChart]:
    labels = [wording.short(row.release.period) for row in rows]
    latest = [each[-NARROW_COLUMNS:] for each in series]
    return (
        lay_out_columns(labels, series, WIDE_COLUMNS),
        lay_out_columns(labels[-NARROW_COLUMNS:], latest, NARROW_FRAME),
    )
