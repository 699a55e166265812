"""Domain objects with every field filled in; a test names only what it is about."""

from datetime import date
from typing import Any

from feedback.domain.audience import Audience
from feedback.domain.care import Clinic, HelpNumber, Role, Staff
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


MONDAY = date(2026, 3, 2)
"""The day on which the suite's clock stands."""
