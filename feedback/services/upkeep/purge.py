"""Deleting what has had its time, clinic by clinic. What was deleted is erased from the files by the night's rewrite.

Running it again deletes nothing more; killed half-way, the next run does the rest.
"""

from collections.abc import Callable
from dataclasses import astuple, dataclass, replace
from itertools import groupby

from feedback.domain.care import Chance
from feedback.domain.clock import Clock, local_day
from feedback.domain.retention import Horizon
from feedback.persistence import tenant_lookup
from feedback.persistence.answers import responses, taken_back, visits
from feedback.persistence.cases import care
from feedback.persistence.clinic.clinics import get_clinic, list_zones
from feedback.persistence.database import Database, UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.persistence.flags import flags
from feedback.persistence.upkeep import purging
from feedback.persistence.upkeep.copies import old_copies
from feedback.persistence.upkeep.erasing import ask_for_erasing
from feedback.services.clinic.find_instrument import find_instrument
from feedback.services.flags.run_detection import judge_again, make_judge


@dataclass(frozen=True, slots=True)
class Purged:
    """How much went, or in a dry run would go: rows, and for `files` copies and old parts of the journal."""

    codes: int = 0
    comments: int = 0
    answers: int = 0
    files: int = 0

    def plus(self, other: "Purged") -> "Purged":
        """Return both together."""
        return Purged(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


def purge(
    database: Database,
    clock: Clock,
    chance: Chance,
    journal: Journal,
    *,
    is_dry: bool = False,
    step: Callable[[str], None] = lambda _name: None,
) -> Purged:
    """Delete codes, comments, shared answers and copies that are past their time; say how many.

    With `is_dry` nothing is changed. `step` is told the name of each step done. Raises `NotSaved`.
    """
    with database.reading(None) as uow:
        days = {clinic_id: local_day(clock, zone) for clinic_id, zone in list_zones(uow).items()}
    if not is_dry:
        _forget_visits(database, clock)
    total = Purged()
    for clinic_id, today in sorted(days.items()):
        with database.writing(clinic_id) as uow:
            horizon = Horizon.on(today, get_clinic(uow).retention_months)
            found = _find(uow, horizon)
            if found != Purged() and not is_dry:
                _forget(uow, chance, horizon, step)
                ask_for_erasing(uow, chance.text(16))
                uow.commit()
                step("committed")
        total = total.plus(found)
    files = Horizon.on(min(days.values()), 1) if days else None
    total = total.plus(Purged(files=_purge_files(database, journal, files, is_dry=is_dry)))
    step("files deleted")
    return total


def _forget_visits(database: Database, clock: Clock) -> None:
    """Delete what is left of visits to shared tablets that nobody ended, where none has begun since."""
    with database.writing(None) as uow:
        visits.forget_old(uow, clock.now())


def _find(uow: UnitOfWork, horizon: Horizon) -> Purged:
    return Purged(
        codes=purging.count_codes(uow, horizon.codes),
        comments=purging.count_comments(uow, horizon.comments),
        answers=len(purging.list_old_places(uow, horizon.answers)),
    )


def _forget(uow: UnitOfWork, chance: Chance, horizon: Horizon, step: Callable[[str], None]) -> None:
    """Answers go before codes, so that the hash of a used code goes with its answer."""
    purging.forget_comments(uow, horizon.comments)
    step("comments forgotten")
    places = purging.list_old_places(uow, horizon.answers)
    for case_code, of_case in groupby(places, key=lambda place: place[0]):
        _forget_answers(uow, chance, case_code, [(number, seat) for _, number, seat in of_case])
        step("answers of a case forgotten")
    purging.forget_codes(uow, horizon.codes)
    step("codes forgotten")
    taken_back.forget_taken_back(uow, f"{horizon.copies:%Y-%m}")


def _forget_answers(uow: UnitOfWork, chance: Chance, case_code: str, spots: list[tuple[int, str]]) -> None:
    """Delete answers of a case with all that was made of them, and judge what is left; it raises no new flag."""
    care.lock_case(uow, case_code)
    case = care.get_case(uow, case_code)
    raised = {(flag.session_number, flag.seat): flag for flag in flags.list_flags(uow, case_code)}
    purging.forget_notes(uow, case_code, {number for number, _ in spots})
    for number, seat in spots:
        if (number, seat) in raised:
            flags.forget_answer(uow, raised[number, seat])
        tenant_lookup.remove_lookup(uow, "receipt", responses.delete_response(uow, (case_code, number, seat)))
    instrument = find_instrument(uow, case.instrument_id)
    judge = replace(make_judge(instrument, get_clinic(uow).alert_budget, chance), may_raise=False)
    for seat in sorted({seat for _, seat in spots}):
        judge_again(uow, judge, case, seat)


def _purge_files(database: Database, journal: Journal, horizon: Horizon | None, *, is_dry: bool) -> int:
    if horizon is None:
        return 0
    files = [*old_copies(database, horizon.copies), *journal.old_files(horizon.copies, horizon.unseen)]
    if not is_dry:
        journal.forget(files)
    return len(files)
