"""A therapist's open flags, with what a dashboard says of each: what led up to it, and what was shared since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from feedback.domain.rupture import FlagStatus, RuptureFlag
from feedback.persistence.database import UnitOfWork
from feedback.persistence.desk import flag_queries as queries
from feedback.persistence.desk.later import LaterRow, by_flag
from feedback.persistence.desk.overview import MeetingRow, by_course
from feedback.persistence.flags.findings import finding_from_text, weight_in


@dataclass(frozen=True, slots=True)
class OpenFlag:
    """An open flag, as light as its place in the order allows: `direct` and `drop` are what its finding weighs.

    `asked` says that the client wants it brought up, `answered_since` that they have shared more. Finding, comment and
    label are as they are kept.
    """

    id: str
    case_code: str
    session_number: int
    seat: str
    status: FlagStatus
    held_on: date
    instrument_id: str
    seats: int
    asked: bool
    answered_since: bool
    direct: float
    drop: float
    written: str = field(repr=False)
    sealed_comment: bytes | None = field(default=None, repr=False)
    sealed_label: bytes | None = field(default=None, repr=False)

    def read(self) -> RuptureFlag:
        """Give the flag with its finding."""
        found = finding_from_text(self.written)
        return RuptureFlag(
            self.id, self.case_code, self.session_number, self.seat, self.status, found, held_on=self.held_on
        )


def list_open_flags(uow: UnitOfWork, therapist_id: str) -> tuple[OpenFlag, ...]:
    """Give the open flags of a therapist's open cases, where the answer behind them stands and may be read."""
    rows = uow.connection.execute(queries.OPEN_FLAGS, {"clinic": uow.clinic_id, "therapist": therapist_id})
    return tuple(_open_flag(*row) for row in rows)


def _open_flag(*row: Any) -> OpenFlag:
    flag_id, case_code, number, seat, status, held_on, instrument_id, seats, asked, since, written, *sealed = row
    direct, drop = weight_in(written)
    return OpenFlag(
        flag_id,
        *(case_code, number, seat, FlagStatus(status), held_on, instrument_id, seats),
        *(bool(asked), bool(since), direct, drop, written, *sealed),
    )


def list_meetings_up_to(
    uow: UnitOfWork, therapist_id: str, flag_ids: Sequence[str]
) -> Mapping[tuple[str, str], tuple[MeetingRow, ...]]:
    """Give, by case and seat, the last meetings up to each of these flags."""
    return by_course(uow.connection.execute(queries.UP_TO, _these(uow, therapist_id, flag_ids)))


def list_shared_since(
    uow: UnitOfWork, therapist_id: str, flag_ids: Sequence[str]
) -> Mapping[str, tuple[LaterRow, ...]]:
    """Give what was shared after each of these flags by the same person, oldest first, by flag."""
    return by_flag(uow.connection.execute(queries.SINCE, _these(uow, therapist_id, flag_ids)))


def _these(uow: UnitOfWork, therapist_id: str, flag_ids: Sequence[str]) -> dict[str, object]:
    return {"clinic": uow.clinic_id, "therapist": therapist_id, "flags": list(flag_ids)}
