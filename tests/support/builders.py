"""Domain objects with every field filled in; a test names only what it is about."""

from datetime import date
from typing import Any

from feedback.domain.audience import Audience
from feedback.domain.care import Clinic, HelpNumber, Role, Staff
from feedback.domain.figures.ledger import next_entry
from feedback.domain.figures.period import Period, PeriodKind
from feedback.domain.figures.release import Figure, FigureStatus, GateReason, LatticeLevel, Release, Unit, UnitKind
from feedback.domain.figures.rule import USUAL
from feedback.domain.response import Response
from feedback.domain.rupture import Evidence, EvidenceKind, Finding, Level

SIX = ("heard", "safe", "goals", "approach", "pace", "respect")


def a_clinic(**changes: Any) -> Clinic:
    """A clinic that may issue codes."""
    plain: dict[str, Any] = {
        "id": "harbour1",
        "name": "Harbour Lane Therapy",
        "country": "GB",
        "timezone": "Europe/London",
        "help_numbers": (HelpNumber("In danger", "999", "999"), HelpNumber("Samaritans", "116 123", "116123")),
        "contact": "Anna Lind, clinical lead, 020 7946 0000",
        "complaints": "The regulator",
        "phone": "020 7946 0001",
    }
    return Clinic(**(plain | changes))


def a_therapist(**changes: Any) -> Staff:
    """A therapist called Dana who has taken up the invitation."""
    plain: dict[str, Any] = {
        "id": "dana",
        "email": "dana@example.org",
        "display_name": "Dana",
        "role": Role.THERAPIST,
        "password_hash": "not a hash",
    }
    return Staff(**(plain | changes))


def a_response(**changes: Any) -> Response:
    """Eights on everything, nothing felt off, for the therapist."""
    plain: dict[str, Any] = {
        "instrument_id": "rapport-session",
        "instrument_version": 1,
        "language": "en",
        "audience": Audience.THERAPIST,
        "ratings": dict.fromkeys(SIX, 8.0),
        "choices": {"off": ("no",)},
    }
    return Response(**(plain | changes))


def a_finding(**changes: Any) -> Finding:
    """A flag from a drop below the usual range."""
    plain: dict[str, Any] = {
        "method": "switching",
        "version": "1",
        "probability": 0.4,
        "flag": True,
        "level": Level.WORTH_ASKING,
        "forms": 6,
        "value": 5.8,
        "expected_low": 7.0,
        "expected_high": 9.1,
        "evidence": (Evidence(EvidenceKind.BELOW_RANGE, value=5.8, usual=8.0),),
    }
    return Finding(**(plain | changes))


HARBOUR = Unit(UnitKind.CLINIC, "harbour1", "Harbour Lane Therapy")
QUAY = Unit(UnitKind.TEAM, "quay", "Quay")
GARDEN = Unit(UnitKind.TEAM, "garden", "Garden")


def a_figure(**changes: Any) -> Figure:
    """About 25 clients of the clinic with a possible rupture in a month."""
    plain: dict[str, Any] = {
        "level": LatticeLevel.L1,
        "unit": HARBOUR,
        "measure": "clients_flagged",
        "status": FigureStatus.RELEASED,
        "value": 25,
        "lower95": 22,
        "upper95": 28,
    }
    bare = {"value": None, "lower95": None, "upper95": None}
    return Figure(**(plain | (bare if changes.get("status", "released") != "released" else {}) | changes))


def _count(level: LatticeLevel, unit: Unit, measure: str, value: int | None) -> Figure:
    if value is None:
        return a_figure(level=level, unit=unit, measure=measure, status=FigureStatus.FLOOR, lower95=0, upper95=12)
    return a_figure(level=level, unit=unit, measure=measure, value=value, lower95=max(0, value - 3), upper95=value + 3)


def _mean(measure: str, value: float) -> Figure:
    low, high = round(value - 0.3, 1), round(value + 0.3, 1)
    return a_figure(level=LatticeLevel.L3, measure=measure, value=value, lower95=low, upper95=high)


def _figures_of_month() -> tuple[Figure, ...]:
    codes = a_figure(level=LatticeLevel.L4, measure="codes", value=412, lower95=412, upper95=412)
    return (
        _count(LatticeLevel.L1, HARBOUR, "clients_flagged", 25),
        _count(LatticeLevel.L1, HARBOUR, "clients_not_flagged", 290),
        codes,
    )


def _figures_of_quarter() -> tuple[Figure, ...]:
    merged = [a_figure(level=LatticeLevel.L2, unit=GARDEN, measure=name, status=FigureStatus.MERGED) for name in TWO]
    off = {"no": 720, "not_sure": 60, "a_little": 85, "yes": 30, "unanswered": None}
    repairs = {"settled": 35, "more_to_do": None, "open": 15, "ended_while_open": None}
    return (
        _count(LatticeLevel.L2, QUAY, "clients_flagged", 40),
        _count(LatticeLevel.L2, QUAY, "clients_not_flagged", 430),
        *merged,
        _mean("clients_mean_score", 7.8),
        *(_mean(f"clients_mean:rapport-session:{item}", round(7.2 + place / 5, 1)) for place, item in enumerate(SIX)),
        *(_count(LatticeLevel.L3, HARBOUR, f"clients_off:{option}", value) for option, value in off.items()),
        *(_count(LatticeLevel.L3, HARBOUR, f"clients_repair:{state}", value) for state, value in repairs.items()),
        _count(LatticeLevel.L3, HARBOUR, "clients_contested", None),
    )


TWO = ("clients_flagged", "clients_not_flagged")


def a_release(period: str = "2026-Q3", **changes: Any) -> Release:
    """A month (`2026-09`) or quarter of Harbour Lane as the ledger holds it: two teams, one too small, some floors."""
    read = Period.read(period)
    is_quarter = read.kind is PeriodKind.QUARTER
    plain: dict[str, Any] = {
        "clinic_id": HARBOUR.id,
        "clinic_name": HARBOUR.name,
        "period": read,
        "closed_on": read.closes_on,
        "rule": USUAL,
        "figures": _figures_of_quarter() if is_quarter else _figures_of_month(),
        "number": 1,
        "chain": "",
        "gated": ((GARDEN, GateReason.FEW_CASES),) if is_quarter else (),
    }
    return next_entry(None, Release(**(plain | changes))).release


MONDAY = date(2026, 3, 2)
"""The day on which the suite's clock stands."""
