"""Days as people say them."""

from datetime import date


def shown_day(day: date) -> str:
    """Write a day without its year: `Tuesday 14 April`."""
    return f"{day:%A} {day.day} {day:%B}"
