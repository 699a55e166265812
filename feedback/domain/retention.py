"""How long what is kept, in days and months. The same lines stand in the documents, and a test compares them."""

from dataclasses import dataclass
from datetime import date, timedelta

from feedback.domain.figures.period import Period

EXPIRED_CODES = timedelta(days=7)
"""After its last day, its revocation or the end of its case, a code's link is forgotten; a used one with its answer."""

COMMENTS = timedelta(days=90)
"""After the therapy session."""

COPIES = timedelta(days=35)
"""For copies of the database, and so for the journal of answers and access taken back, which they are held against."""


TO_CLOSE = timedelta(days=14)
"""After its end, for a quarter to be closed: its grace, and a week in which the server may have stood still."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """What has to go by a day: everything dated *before* these days.

    `copies` also limits what the journal keeps of ended access and of withdrawn answers that a therapist had, `unseen`
    of others: until their quarter's figures are made and no copy holds them.
    """

    codes: date
    comments: date
    answers: date
    copies: date
    unseen: date

    @classmethod
    def on(cls, today: date, retention_months: int) -> "Horizon":
        """Return the days for a clinic that keeps shared answers so many months."""
        return cls(
            codes=today - EXPIRED_CODES,
            comments=today - COMMENTS,
            answers=kept_from(today, retention_months),
            copies=today - COPIES,
            unseen=Period.quarter_of(today - COPIES - TO_CLOSE).first_day,
        )


def kept_from(today: date, retention_months: int) -> date:
    """Return the first day whose shared answers are kept.

    A quarter is kept whole until two weeks after its end, so that it can be closed; 12 months are longer.
    """
    return min(months_before(today, retention_months), Period.quarter_of(today - TO_CLOSE).first_day)


def months_before(day: date, months: int) -> date:
    """Return the same day so many months earlier, the 28th at the latest."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, 28))
