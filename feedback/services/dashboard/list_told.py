"""What clients told outright, for the top of the first page: everything that waits, words nobody has read first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from feedback.domain.care import Staff
from feedback.domain.told import ToldKind
from feedback.persistence.answers.responses import Place
from feedback.persistence.dashboard import told
from feedback.persistence.dashboard.told import ToldRow
from feedback.persistence.database import UnitOfWork
from feedback.security.keyring import Keyring
from feedback.services.answers.comments import open_comment
from feedback.services.cases.open_case import open_label


@dataclass(frozen=True, slots=True)
class Told:
    """One answer with which a client told something, its words opened. Where a flag was raised that one is marked."""

    place: Place
    held_on: date
    instrument_id: str
    seats: int
    kinds: tuple[ToldKind, ...]
    choices: Mapping[str, tuple[str, ...]]
    is_flagged: bool
    is_changed: bool
    comment: str = field(default="", repr=False)
    label: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class AllTold:
    """All that waits. `shown` is the beginning of it, words nobody has read first; `people` counts who told it."""

    rows: tuple[ToldRow, ...]
    shown: tuple[Told, ...]

    @property
    def places(self) -> frozenset[Place]:
        """Return the places of all answers that wait, shown or not."""
        return frozenset(row.place for row in self.rows)

    @property
    def people(self) -> int:
        """Return how many people have told something."""
        return len({(row.case_code, row.seat) for row in self.rows})

    @property
    def left_out(self) -> int:
        """Return how many are not shown at first."""
        return len(self.rows) - len(self.shown)


def list_told(uow: UnitOfWork, keyring: Keyring, *, therapist: Staff, most: int | None) -> AllTold:
    """Return everything that waits in one query, and open `most` of it, or all of it with None.

    Words nobody has read are opened however many they are: nobody knows what they say.
    """
    rows = sorted(told.list_told(uow, therapist.id), key=_order)
    opened = None if most is None else max(most, sum(row.is_unread for row in rows))
    return AllTold(tuple(rows), tuple(_opened(uow, keyring, rows[:opened])))


def _order(row: ToldRow) -> tuple[bool, bool, int, bool, str, int, str]:
    """Sort: words nobody has read first, by day alone; of the rest what nobody has opened, a "Yes" among equals."""
    newest, place = -row.held_on.toordinal(), row.place
    if row.is_unread:
        return (False, False, newest, False, *place)
    return (True, not row.is_new, newest, not row.said_yes, *place)


def _opened(uow: UnitOfWork, keyring: Keyring, rows: Sequence[ToldRow]) -> list[Told]:
    return [
        Told(
            place=row.place,
            held_on=row.held_on,
            instrument_id=row.instrument_id,
            seats=row.seats,
            kinds=row.kinds,
            choices=row.choices,
            is_flagged=row.flag_id is not None,
            is_changed=bool(row.is_changed),
            comment=open_comment(uow, keyring, row.place, row.sealed_comment),
            label=open_label(uow, keyring, row.case_code, row.sealed_label),
        )
        for row in rows
    ]
