"""Ledgers with believable figures, without closing anything: what a clinic's pages and exports read."""

from dataclasses import replace

from feedback.domain.figures.ledger import next_entry
from feedback.domain.figures.release import Figure, FigureStatus, GateReason, Release
from feedback.persistence.figures import ledger
from tests.support.builders import HARBOUR, a_release
from tests.support.world import World

MONTHS = tuple(f"2026-{number:02}" for number in range(4, 10))
BARE = {"value": None, "lower95": None, "upper95": None}


def publish(world: World, *releases: Release) -> None:
    """Put releases into the clinic's ledger, one after the other."""
    with world.writing() as uow:
        for release in releases:
            mine = replace(release, clinic_id=world.clinic.id, clinic_name=world.clinic.name)
            ledger.add_entry(uow, next_entry(ledger.last_entry(uow), mine))


def half_a_year() -> list[Release]:
    """Six months and their two quarters. June's flagged count is below the floor; the others differ a little."""
    months = [_month(period, place) for place, period in enumerate(MONTHS)]
    return [*months[:3], a_release("2026-Q2"), *months[3:], a_release("2026-Q3")]


def too_small() -> Release:
    """A quarter of a clinic that was too small for figures."""
    release = a_release("2026-Q1")
    gated = tuple(replace(figure, status=FigureStatus.GATED, **BARE) for figure in release.figures)
    return replace(release, figures=gated, gated=((HARBOUR, GateReason.FEW_CASES),))


def _month(period: str, place: int) -> Release:
    release = a_release(period)
    return replace(release, figures=tuple(_moved(figure, place) for figure in release.figures))


def _moved(figure: Figure, place: int) -> Figure:
    if figure.measure == "clients_flagged" and place == 2:
        return replace(figure, status=FigureStatus.FLOOR, value=None, lower95=0, upper95=12)
    if figure.value is None or figure.lower95 is None or figure.upper95 is None:
        return figure
    by = 5 * (place * 7 % 6 - 2)
    return replace(figure, value=figure.value + by, lower95=max(0, figure.lower95 + by), upper95=figure.upper95 + by)
