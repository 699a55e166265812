"""Guessing how a session was before opening the answer: for one's own learning, shown to nobody else."""

from feedback.domain.care import Staff
from feedback.domain.errors import Refused
from feedback.persistence.answers.changes import list_changed
from feedback.persistence.answers.responses import Place
from feedback.persistence.dashboard.own_figures import get_guess, put_guess
from feedback.persistence.dashboard.read_receipts import has_opened
from feedback.persistence.database import UnitOfWork

STEPS = tuple(range(11))


def may_guess(uow: UnitOfWork, *, place: Place, by: Staff) -> bool:
    """Return whether there is still something to guess: no guess yet, and the answer, if there is one, not opened.

    Of an answer that was changed, the one before may have been read.
    """
    case_code, *spot = place
    if tuple(spot) in list_changed(uow, case_code):
        return False
    return get_guess(uow, by.id, place) is None and not has_opened(uow, by.id, place)


def guess_session(uow: UnitOfWork, *, place: Place, value: int, by: Staff) -> None:
    """Keep a guess of 0 to 10. Whether an answer is there makes no difference. Raises `Refused`."""
    if value not in STEPS:
        raise Refused("Guess a number from 0 to 10.")
    if not may_guess(uow, place=place, by=by):
        raise Refused("You have guessed already, or opened the answer.")
    put_guess(uow, by.id, place, float(value))
