"""How released figures are said to people: always *about*, never a verdict, and why where there is none."""

from datetime import date

from feedback.domain.figures.gate import FEWEST_CASES, FEWEST_THERAPISTS
from feedback.domain.figures.measures import CODES, is_mean
from feedback.domain.figures.period import Period, PeriodKind
from feedback.domain.figures.release import Figure, FigureStatus, GateReason, Release
from feedback.domain.figures.year import YearFigure
from feedback.exporters.codebook import STATUSES

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


BELOW_THE_FLOOR = "Below 10 after it was blurred. The true number lies in the interval, in 95 of 100 cases."

_TODAY = {
    GateReason.FEW_CASES: f"fewer than {FEWEST_CASES} cases are open",
    GateReason.FEW_THERAPISTS: f"fewer than {FEWEST_THERAPISTS} therapists have open cases",
    GateReason.ONE_THERAPIST: "one therapist has more than half of the open cases",
}


def named(period: Period) -> str:
    """Name a period: `September 2026`, `July to September 2026`, `2026`."""
    months = [_MONTHS[month.number - 1] for month in period.months]
    if period.kind is PeriodKind.YEAR:
        return str(period.year)
    return f"{months[0]}{f' to {months[-1]}' if len(months) > 1 else ''} {period.year}"


def short(period: Period) -> str:
    """Name a month in three letters, with its year where a year begins."""
    name = _MONTHS[period.number - 1][:3]
    return f"{name} {period.year % 100:02}" if period.number == 1 else name


def said(figure: Figure) -> str:
    """Say a figure in words that can stand alone: `about 25`, `412`, `7.8`, `0 to about 12`."""
    if figure.value is None:
        return figure.words
    if is_mean(figure.measure):
        return f"{figure.value:.1f}"
    return f"{figure.value:,.0f}" if figure.measure == CODES else f"about {figure.value:,.0f}"


def between(figure: Figure) -> str:
    """Say the error bar: `11 to 39`; nothing where there is none, or where the figure is exact."""
    low, high = figure.lower95, figure.upper95
    if low is None or high is None or low == high:
        return "–" if figure.value is None else "exact"
    return f"{low:.1f} to {high:.1f}" if is_mean(figure.measure) else f"{low:,.0f} to {high:,.0f}"


def share(part: Figure, rest: Figure) -> str:
    """Say one count as a share of both, made from published counts alone; nothing unless both were given."""
    if part.value is None or rest.value is None or not part.value + rest.value:
        return ""
    percent = 100 * part.value / (part.value + rest.value)
    bounds = (part.lower95, part.upper95, rest.lower95, rest.upper95)
    if None in bounds:
        return f"about {percent:.0f} %"
    part_low, part_high, rest_low, rest_high = (bound or 0.0 for bound in bounds)
    low = 100 * part_low / max(1.0, part_low + rest_high)
    high = 100 * part_high / max(1.0, part_high + rest_low)
    return f"about {percent:.0f} % ({low:.0f} to {high:.0f})"


def why_none(release: Release) -> str:
    """Say why a clinic got no figures for a period."""
    reasons = [reason.words for unit, reason in release.gated if unit.id == release.clinic_id]
    why = f": {reasons[0]}" if reasons else ""
    return (
        f"There are no figures for {named(release.period)}{why}. In so small a circle, figures would speak of people."
    )


def merged_teams(release: Release) -> tuple[str, ...]:
    """Say of each team without figures of its own why it has none."""
    return tuple(
        f"{unit.name}: {reason.words}. What it did counts in the whole clinic’s figures."
        for unit, reason in release.gated
        if unit.id != release.clinic_id
    )


def why_no_number(release: Release) -> tuple[tuple[str, str], ...]:
    """Return what stands where no number does and what it means, so that a page explains what occurs and no more."""
    found = {figure.status for figure in release.figures} - {FigureStatus.RELEASED}
    names = {FigureStatus.FLOOR: "An interval and no number"}
    meanings = STATUSES | {FigureStatus.FLOOR: BELOW_THE_FLOOR}
    return tuple((names.get(each, each.words), meanings[each]) for each in STATUSES if each in found)


def as_if_today(reason: GateReason) -> str:
    """Say a reason as it stands just now, rather than when some period began."""
    return _TODAY[reason]


def full_day(day: date) -> str:
    """Write a day: `8 October 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def summed(figure: YearFigure) -> str:
    """Say the sum of a year, its interval where a part was below ten; nothing is summed where a part is missing."""
    if figure.value is not None:
        return f"{'' if figure.measure == CODES else 'about '}{figure.value:,.0f}"
    return "not given" if figure.lower95 is None else f"{figure.lower95:,.0f} to about {figure.upper95:,.0f}"


def summed_between(figure: YearFigure) -> str:
    """Say the error bar of a sum; nothing where there is no sum."""
    if figure.lower95 is None:
        return "–"
    return f"{figure.lower95:,.0f} to {figure.upper95:,.0f}"


def made_of(figure: YearFigure) -> str:
    """Say which parts a sum has."""
    parts = [(figure.released, "given"), (figure.floored, "below 10"), (figure.missing, "without a figure")]
    return ", ".join(f"{count} {words}" for count, words in parts if count)
