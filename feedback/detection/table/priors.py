"""Running means of a clinic's and its therapists' forms, for the priors of cases yet to come."""

from collections import defaultdict
from datetime import date

from feedback.domain.trajectory import Prior


class Pool:
    """Adds forms up in the order they are given. With dates, a form counts from the day after its own."""

    def __init__(self, *, with_therapists: bool) -> None:
        self._with_therapists = with_therapists
        self._sums: dict[tuple[str, ...], tuple[int, float]] = defaultdict(lambda: (0, 0.0))
        self._waiting: list[tuple[tuple[str, str, str], float]] = []
        self._day: date | None = None

    def turn_to(self, day: date | None) -> None:
        """Move on to a day; None where days are unknown and every form counts at once."""
        if day is None or day != self._day:
            for case, value in self._waiting:
                self._count(case, value)
            self._waiting.clear()
        self._day = day

    def add(self, case: tuple[str, str, str], value: float) -> None:
        """Add the score, 0–10, of a form of a case given as clinic, therapist and code."""
        self._waiting.append((case, value))

    def prior(self, case: tuple[str, str, str]) -> Prior:
        """Give what is known before this case's first form."""
        clinic, therapist, _ = case
        own = self._sums[clinic, therapist] if self._with_therapists else (0, 0.0)
        return Prior.of_sums(self._sums[clinic,], own)

    def _count(self, case: tuple[str, str, str], value: float) -> None:
        clinic, therapist, _ = case
        for key in ((clinic,), (clinic, therapist)):
            count, total = self._sums[key]
            self._sums[key] = (count + 1, total + value)
