"""When a waiting answer may join the others: only in company, or when its month is over."""

from dataclasses import dataclass
from typing import Any

FEWEST = 5
"""Answers of one clinic that must wait before any of them is filed: one alone would be known by its day."""


@dataclass(frozen=True, slots=True)
class AnonymousResponse:
    """An answer that is only counted. It knows its clinic and month, and neither therapist, team nor case.

    `ratings` are on 0–10, None where skipped; `direct` is the chosen answer to *did anything feel off?*; `withdrawn`
    says that the client took it back since the last filing.
    """

    clinic_id: str
    month: str
    instrument_id: str
    instrument_version: int
    ratings: dict[str, float | None]
    direct: str | None
    receipt_hash: bytes
    withdrawn: bool = False

    @classmethod
    def from_sealed(cls, content: dict[str, Any]) -> "AnonymousResponse":
        """Read what was sealed when it was sent."""
        return cls(
            clinic_id=content["clinic"],
            month=content["month"],
            instrument_id=content["instrument"],
            instrument_version=content["version"],
            ratings=content["ratings"],
            direct=content["direct"],
            receipt_hash=bytes.fromhex(content["receipt"]),
        )


def may_be_filed(month: str, *, this_month: str, waiting: int) -> bool:
    """Say whether an answer of a month (`2026-03`) may be filed now, `waiting` being all that wait in its clinic."""
    return waiting >= FEWEST or month < this_month
