"""Days as people say them."""

from datetime import date
from functools import cache

from babel.dates import format_date

from feedback.domain.languages import ENGLISH, Language


@cache
def shown_day(day: date, language: Language = ENGLISH) -> str:
    """Write a day without its year: `Tuesday 14 April`, `الثلاثاء 14 أبريل`."""
    return format_date(day, language.day, locale=language.code)
