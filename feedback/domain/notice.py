"""Notices by mail: at most as often as somebody chose, and nobody gets any who did not choose."""

from datetime import date, timedelta
from enum import StrEnum


class Pace(StrEnum):
    """How often at most a notice may come."""

    DAILY = "daily"
    WEEKLY = "weekly"


_APART = {Pace.DAILY: timedelta(days=1), Pace.WEEKLY: timedelta(days=7)}


def may_be_sent(pace: Pace, last_sent_on: date | None, today: date) -> bool:
    """Return whether a notice may go out on this local day."""
    return last_sent_on is None or today - last_sent_on >= _APART[pace]
