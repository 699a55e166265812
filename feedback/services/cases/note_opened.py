"""Keeping which answers somebody has opened, so that the rest can be called new."""

from collections.abc import Collection

from feedback.domain.care import Staff
from feedback.persistence.answers.responses import Place
from feedback.persistence.dashboard.read_receipts import has_opened, note_looks
from feedback.persistence.database import UnitOfWork


def find_unopened(uow: UnitOfWork, *, places: Collection[Place], by: Staff) -> tuple[Place, ...]:
    """Return those of these answers that somebody opens for the first time."""
    return tuple(place for place in places if not has_opened(uow, by.id, place))


def note_opened(uow: UnitOfWork, *, places: Collection[Place], by: Staff) -> None:
    """Keep that somebody has opened these answers. Only that, and no time."""
    note_looks(uow, by.id, places, opened=True)
