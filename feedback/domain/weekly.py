"""Cases that meet weekly: which days were planned and are not yet known to have taken place.

A planned day is no therapy session. It becomes one when the therapist confirms it or the client's card answers it, so
only what took place can be a gap.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

WEEK = timedelta(days=7)
LOOK_BACK = timedelta(days=28)
"""How long a planned day is asked about. What nobody confirmed by then is taken not to have been."""


@dataclass(frozen=True, slots=True)
class WeeklyDay:
    """The day of the week on which a case usually meets, 0 for Monday, since a local day."""

    weekday: int
    since: date


def planned_days(weekly: WeeklyDay, held_on: Collection[date], today: date) -> tuple[date, ...]:
    """Return the planned days up to today, newest first, in whose week (Monday to Sunday) no session was held."""
    day = today - timedelta(days=(today.weekday() - weekly.weekday) % 7)
    weeks_held = {_monday(each) for each in held_on}
    found = []
    while day >= weekly.since and day > today - LOOK_BACK:
        if _monday(day) not in weeks_held:
            found.append(day)
        day -= WEEK
    return tuple(found)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
