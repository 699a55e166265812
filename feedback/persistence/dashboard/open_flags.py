"""A therapist's open flags, with what a dashboard says of each: what led up to it, and what was shared since."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from feedback.domain.rupture import FlagStatus, RuptureFlag, of_this_answer
from feedback.persistence.dashboard import flag_queries as queries
from feedback.persistence.dashboard.followup_responses import LaterRow, by_flag
from feedback.persistence.dashboard.overview import MeetingRow, by_course
from feedback.persistence.database import UnitOfWork
from feedback.persistence.flags.findings import finding_from_text


class OpenFlag(NamedTuple):
    """An open flag as it is kept, and as light as its place in the order allows: a caseload has many, a page few.

    `asked` says that the client wants it brought up, `is_new` that nobody has dealt with it and nothing was shared
    since; `direct` and `fell_by` are what its finding weighs; `is_changed` as in `MeetingRow`.
    """

    id: str
    case_code: str
    session_number: int
    seat: str
    status: str
    held_on: date
    instrument_id: str
    seats: int
    asked: bool
    is_new: bool
    direct: float
    fell_by: float
    written: str
    sealed_comment: bytes | None
    sealed_label: bytes | None
    is_own: bool
    is_changed: bool

    def __repr__(self) -> str:
        """Say which flag it is, and nothing of what was found or written."""
        return f"OpenFlag({self.id})"

    def read(self) -> RuptureFlag:
        """Return the flag with its finding; of a colleague's case, with what rests on this answer alone."""
        found = finding_from_text(self.written)
        if not self.is_own:
            found = of_this_answer(found)
        return RuptureFlag(
            id=self.id,
            case_code=self.case_code,
            session_number=self.session_number,
            seat=self.seat,
            status=FlagStatus(self.status),
            finding=found,
            held_on=self.held_on,
        )


def list_open_flags(uow: UnitOfWork, therapist_id: str) -> tuple[OpenFlag, ...]:
    """Return the open flags of a therapist's open cases, where the answer behind them stands and may be read."""
    rows = uow.connection.execute(queries.OPEN_FLAGS, {"clinic": uow.clinic_id, "therapist": therapist_id}).all()
    return tuple(map(OpenFlag._make, rows))


def list_meetings_up_to(
    uow: UnitOfWork, therapist_id: str, flag_ids: Sequence[str]
) -> Mapping[tuple[str, str], tuple[MeetingRow, ...]]:
    """Give, by case and seat, the last meetings up to each of these flags."""
    return by_course(
        uow.connection.execute(
            queries.UP_TO, {"clinic": uow.clinic_id, "therapist": therapist_id, "flags": flag_ids}
        ).all()
    )


def list_shared_since(
    uow: UnitOfWork, therapist_id: str, flag_ids: Sequence[str]
) -> Mapping[str, tuple[LaterRow, ...]]:
    """Return what was shared after each of these flags by the same person, oldest first, by flag."""
    return by_flag(
        uow.connection.execute(
            queries.SINCE, {"clinic": uow.clinic_id, "therapist": therapist_id, "flags": flag_ids}
        ).all()
    )
