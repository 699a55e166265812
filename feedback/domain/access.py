"""Access codes: what a QR code carries, what may be typed instead, and until when.

Token: 26 characters of base 32, 130 bits, in the link. Typed code: 8 characters, 40 bits, beside the square.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from feedback.domain.care import Chance, fold
from feedback.domain.errors import AccessCodeExpired, AccessCodeRevoked

TOKEN_LENGTH = 26
TYPED_LENGTH = 8


class AccessCodeKind(StrEnum):
    """A code for one therapy session, or a card the client keeps and uses after every one."""

    FOR_SESSION = "for_session"
    CASE_CARD = "case_card"


@dataclass(frozen=True, slots=True)
class AccessCode:
    """A code as stored: hashes to find it by, sealed text to show it again, and its last local day."""

    id: str
    kind: AccessCodeKind
    case_code: str
    seat: str
    session_number: int | None
    issued_on: date
    expires_on: date | None
    revoked_on: date | None = None
    sealed_token: bytes = field(default=b"", repr=False)
    sealed_typed: bytes = field(default=b"", repr=False)

    @property
    def days_open(self) -> int | None:
        """Return for how many days it was issued, whatever the clinic has set since; nothing for a card."""
        return (self.expires_on - self.issued_on).days + 1 if self.expires_on else None

    def check_usable(self, today: date) -> None:
        """Pass while the code works on this local day.

        Raises `AccessCodeRevoked` or `AccessCodeExpired`. Only dates are compared: no finer time exists.
        """
        if self.revoked_on is not None:
            raise AccessCodeRevoked("This code was closed. Ask for a new one.")
        if self.expires_on is not None and today > self.expires_on:
            raise AccessCodeExpired("This code has closed. It is fine to miss one.")


def draw_token(chance: Chance) -> str:
    """Draw the 26 characters of a link."""
    return chance.text(TOKEN_LENGTH)


def draw_typed(chance: Chance) -> str:
    """Draw the 8 characters somebody may type."""
    return chance.text(TYPED_LENGTH)


def last_day(issued_on: date, code_days: int) -> date:
    """Return the last local day of a session code: the day it was issued is day one."""
    return issued_on + timedelta(days=code_days - 1)


def show_typed(typed: str) -> str:
    """Write a typed code in two groups of four, as printed: `7K4M-9QTX`."""
    return f"{typed[:4]}-{typed[4:]}"


def typed_shortfall(typed: str) -> int:
    """Say how many characters a typed code lacks (positive) or has too many (negative)."""
    return TYPED_LENGTH - len(fold(typed))
