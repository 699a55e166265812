"""Keeping which answers somebody has opened, so that the rest can be called new, and which they have seen at all."""

from dataclasses import dataclass

from feedback.domain.care import Staff
from feedback.persistence.answers.responses import Place
from feedback.persistence.dashboard.read_receipts import list_receipts, note_receipts
from feedback.persistence.database import UnitOfWork


@dataclass(frozen=True, slots=True)
class Shown:
    """Answers that a page shows: `opened` whole, `seen` as a point of a chart or a line of a list."""

    opened: frozenset[Place] = frozenset()
    seen: frozenset[Place] = frozenset()

    def __bool__(self) -> bool:
        """Return whether there is anything to keep."""
        return bool(self.opened or self.seen)


def find_unnoted(uow: UnitOfWork, *, shown: Shown, by: Staff) -> Shown:
    """Return those of the answers shown that somebody opens, or sees, for the first time."""
    known = list_receipts(uow, by.id, shown.opened | shown.seen)
    return Shown(
        opened=frozenset(place for place in shown.opened if not known.get(place)),
        seen=frozenset(place for place in shown.seen - shown.opened if place not in known),
    )


def note_opened(uow: UnitOfWork, *, shown: Shown, by: Staff) -> None:
    """Keep that somebody has opened or seen these answers. Only that, and no time."""
    note_receipts(uow, by.id, shown.opened, opened=True)
    note_receipts(uow, by.id, shown.seen, opened=False)
