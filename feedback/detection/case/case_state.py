"""What a method keeps of a case between forms: a few sums and the person's own usual level. No date, no words.

The usual level is a local-level filter (a random walk seen through noise) that starts from what is usual anywhere and
gives way only a little to a single low form. Nothing of other people enters (docs/decisions/0013).
Source: Harvey (1989), *Forecasting, structural time series models and the Kalman filter*.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from feedback.detection import parameters as par
from feedback.detection.case.reading import Reading
from feedback.domain.errors import DetectorStateUnreadable

ROBUST_Z = 2.0
"""An innovation counts for the level as if it were no larger than this many standard deviations (Huber 1964)."""


def noise_variance(items: int) -> float:
    """Return the variance of a form's mean around the level, points², when `items` were answered."""
    return par.SESSION_VARIANCE + par.ITEM_VARIANCE / max(items, 1)


@dataclass(frozen=True, slots=True)
class Memory:
    """A case before its newest form. `level` and `variance` predict its mean; `moving` sums |changes| of the value.

    `carried` is one number of a method's own, such as a running sum.
    """

    level: float
    variance: float
    forms: int = 0
    session: int = 0
    values: int = 0
    total: float = 0.0
    last: float | None = None
    moving: float = 0.0
    slide: int = 0
    slide_from: float | None = None
    items: Mapping[str, tuple[int, float]] = field(default_factory=dict)
    carried: float = 0.0

    @classmethod
    def start(cls) -> "Memory":
        """Begin a case with what is usual anywhere: nothing of other people enters."""
        return cls(level=par.START_MEAN, variance=par.CASE_VARIANCE)

    @classmethod
    def load(cls, kept: bytes) -> "Memory":
        """Read what `dump` wrote. Raises `DetectorStateUnreadable`."""
        try:
            return cls(*json.loads(kept))
        except (ValueError, TypeError) as error:
            raise DetectorStateUnreadable("A case's detector state is damaged. Rebuild it from its forms.") from error

    def dump(self) -> bytes:
        """Write everything down, each number so that it is read back exactly."""
        return json.dumps([getattr(self, name) for name in self.__slots__], separators=(",", ":")).encode()

    def predicted(self, session: int, items: int) -> tuple[float, float]:
        """Return mean and variance of the mean of a form in this meeting, `items` of it answered."""
        gap = max(session - self.session, 1) if self.forms else 0
        return self.level, self.variance + gap * par.WALK_VARIANCE + noise_variance(items)

    def band(self, session: int, items: int) -> tuple[float, float]:
        """Return the central 80 % of what is usual for this person, within 0–10."""
        mean, variance = self.predicted(session, items)
        reach = par.BAND_Z * math.sqrt(variance)
        return max(0.0, min(10.0, mean - reach)), max(0.0, min(10.0, mean + reach))

    def usual_of(self, item: str) -> float | None:
        """Return this person's mean on an item so far, from the second answer on."""
        count, total = self.items.get(item, (0, 0.0))
        return total / count if count >= par.BAND_FROM_FORMS else None

    def after(self, reading: Reading) -> "Memory":
        """Take the newest form in."""
        level, variance = self._updated(reading)
        items = dict(self.items)
        for item, rating in reading.ratings.items():
            count, total = items.get(item, (0, 0.0))
            items[item] = (count + 1, total + rating)
        return replace(
            self if reading.value is None else self._with_value(reading.value),
            level=level,
            variance=variance,
            forms=self.forms + 1,
            session=reading.session,
            items=items,
        )

    def _updated(self, reading: Reading) -> tuple[float, float]:
        mean, variance = self.predicted(reading.session, len(reading.ratings))
        noise = noise_variance(len(reading.ratings))
        if reading.mean is None:
            return mean, variance - noise
        reach = ROBUST_Z * math.sqrt(variance)
        innovation = max(-reach, min(reach, reading.mean - mean))
        gain = (variance - noise) / variance
        return mean + gain * innovation, (1.0 - gain) * (variance - noise)

    def _with_value(self, value: float) -> "Memory":
        if self.last is None:
            return replace(self, values=1, total=value, last=value)
        slides = value < self.last
        return replace(
            self,
            values=self.values + 1,
            total=self.total + value,
            last=value,
            moving=self.moving + abs(value - self.last),
            slide=self.slide + 1 if slides else 0,
            slide_from=(self.slide_from if self.slide else self.last) if slides else None,
        )
