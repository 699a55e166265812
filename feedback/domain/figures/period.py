"""Periods that figures are made for: calendar months and quarters of the clinic's own zone, and the years they fill."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from feedback.domain.errors import PeriodUnknown

GRACE = timedelta(days=7)
"""How long after its end a period still takes answers. Later ones never count, in this period or another."""

_WRITTEN = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>0[1-9]|1[0-2])|-Q(?P<quarter>[1-4]))?")


class PeriodKind(StrEnum):
    """Months and quarters are drawn. A year is only ever the sum of what they published."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """One month (`number` 1–12), quarter (1–4) or whole year (always 1)."""

    kind: PeriodKind
    year: int
    number: int = 1

    def __str__(self) -> str:
        """Write it as in addresses and files: `2026-09`, `2026-Q3`, `2026`."""
        if self.kind is PeriodKind.MONTH:
            return f"{self.year:04}-{self.number:02}"
        return f"{self.year:04}-Q{self.number}" if self.kind is PeriodKind.QUARTER else f"{self.year:04}"

    @classmethod
    def read(cls, written: str) -> "Period":
        """Read `2026-09`, `2026-Q3` or `2026`. Raises `PeriodUnknown`."""
        found = _WRITTEN.fullmatch(written)
        if found is None or found["year"] == "0000":
            raise PeriodUnknown(f"{written[:20]} is not a period. Write a month as 2026-09, a quarter as 2026-Q3.")
        if found["month"]:
            return cls(PeriodKind.MONTH, int(found["year"]), int(found["month"]))
        if found["quarter"]:
            return cls(PeriodKind.QUARTER, int(found["year"]), int(found["quarter"]))
        return cls(PeriodKind.YEAR, int(found["year"]))

    @classmethod
    def month_of(cls, day: date) -> "Period":
        """Return the month a local day lies in."""
        return cls(PeriodKind.MONTH, day.year, day.month)

    @classmethod
    def quarter_of(cls, day: date) -> "Period":
        """Return the quarter a local day lies in."""
        return cls(PeriodKind.QUARTER, day.year, (day.month + 2) // 3)

    @property
    def months(self) -> tuple["Period", ...]:
        """Return the months it is made of: itself, three, or twelve."""
        if self.kind is PeriodKind.MONTH:
            return (self,)
        length = 3 if self.kind is PeriodKind.QUARTER else 12
        first = (self.number - 1) * length + 1
        return tuple(Period(PeriodKind.MONTH, self.year, first + place) for place in range(length))

    @property
    def quarters(self) -> tuple["Period", ...]:
        """Return the quarters it is made of: four for a year, itself for a quarter, the one around a month."""
        if self.kind is PeriodKind.YEAR:
            return tuple(Period(PeriodKind.QUARTER, self.year, number) for number in range(1, 5))
        return (Period.quarter_of(self.first_day),)

    @property
    def first_day(self) -> date:
        """Return its first local day."""
        return date(self.year, self.months[0].number, 1)

    @property
    def last_day(self) -> date:
        """Return its last local day."""
        last = self.months[-1].number
        after = date(self.year, last + 1, 1) if last < 12 else date(self.year, 12, 31) + timedelta(days=1)
        return after - timedelta(days=1)

    @property
    def closes_on(self) -> date:
        """Return the first local day on which it may be drawn: seven whole days after its last day are over."""
        return self.last_day + GRACE + timedelta(days=1)
