"""Taking an answer back with its receipt. Nobody needs to say who they are, or why."""

from feedback.domain.care import Chance
from feedback.domain.clock import Clock
from feedback.domain.errors import TooManyTries
from feedback.persistence import care, doors, findings, flags, pool, responses, tries
from feedback.persistence.clinics import get_clinic
from feedback.persistence.database import UnitOfWork
from feedback.persistence.responses import Place
from feedback.security.keyring import Keyring
from feedback.security.receipts import receipt_hash
from feedback.services.find_instrument import find_instrument
from feedback.services.judge_case import judge_again, make_judge

MOST_MISSES = 300
"""In ten minutes, for everybody together. A receipt has 55 random bits."""


def withdraw_response(uow: UnitOfWork, keyring: Keyring, chance: Chance, *, receipt: str) -> bool:
    """Withdraw the answer a well-formed receipt belongs to: shared, waiting in the pool, or filed (at the next filing).

    Says whether there was one; the person is told the same either way. A shared answer goes with its finding and a
    flag nobody has reviewed; its code opens again while it lives.
    """
    hashed = receipt_hash(keyring, receipt)
    behind = doors.clinics_behind(uow, "receipt", hashed)
    if not behind:
        return False
    within = uow.within(behind[0])
    place = responses.place_of_receipt(within, hashed)
    if place is not None:
        _withdraw_shared(within, chance, place)
    pool.take_back(within, hashed)
    return True


def _withdraw_shared(uow: UnitOfWork, chance: Chance, place: Place) -> None:
    case_code, number, seat = place
    care.lock_case(uow, case_code)
    case = care.get_case(uow, case_code)
    meeting = care.get_therapy_session(uow, case_code, number)
    stored = next(
        each for each in responses.list_responses(uow, case_code) if (each.session_number, each.seat) == (number, seat)
    )
    flag = flags.flag_at(uow, place)
    if flag is not None:
        flags.forget_answer(uow, flag)
    if stored.score is not None:
        findings.add_to_sums(uow, case.therapist_id, meeting.held_on, stored.score, forms=-1)
    responses.delete_response(uow, place)
    clinic = get_clinic(uow)
    judge = make_judge(find_instrument(uow, case.instrument_id), clinic.alert_budget, chance)
    judge_again(uow, judge, case, seat)


def check_receipt_tries(uow: UnitOfWork, clock: Clock) -> None:
    """Pass while few receipts were guessed wrong. Raises `TooManyTries`."""
    if tries.misses(uow, "receipt", clock.now()) >= MOST_MISSES:
        raise TooManyTries("Let us take a short break. Try again in 10 minutes.")


def count_receipt_miss(uow: UnitOfWork, clock: Clock) -> None:
    """Count a well-formed receipt that no answer belongs to."""
    tries.count_miss(uow, "receipt", clock.now())
