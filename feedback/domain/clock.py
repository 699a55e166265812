"""Time, passed in: nobody in this package asks the machine what time it is except `SystemClock`."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells the present instant, always aware and in UTC."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still; for tests and for the demo, which grows up in the past."""

    instant: datetime

    @classmethod
    def on(cls, day: str | date, hour: int = 12) -> "FixedClock":
        """Stand at a whole hour UTC of a day given as a date or as ISO 8601 text."""
        chosen = date.fromisoformat(day) if isinstance(day, str) else day
        return cls(datetime(chosen.year, chosen.month, chosen.day, hour, tzinfo=UTC))

    def now(self) -> datetime:
        """Return the instant this clock stands at."""
        return self.instant


def local_day(clock: Clock, timezone: str) -> date:
    """Return *today* in a clinic's own IANA zone: days, months and quarters are the clinic's, instants are UTC."""
    return clock.now().astimezone(ZoneInfo(timezone)).date()
