"""Erasing a shared answer with everything that was made of it; that there was one is all that is left."""

from feedback.domain.care import Chance
from feedback.domain.errors import NotFound
from feedback.domain.response import WithdrawnBy
from feedback.persistence import tenant_lookup
from feedback.persistence.answers import responses, withdrawals
from feedback.persistence.answers.responses import Place
from feedback.persistence.cases import care
from feedback.persistence.clinic.clinics import get_clinic
from feedback.persistence.database import UnitOfWork
from feedback.persistence.flags import flags
from feedback.persistence.upkeep.erasing import ask_for_erasing
from feedback.services.clinic.find_instrument import find_instrument
from feedback.services.flags.run_detection import judge_again, make_judge


def erase_response(uow: UnitOfWork, chance: Chance, *, place: Place, by: WithdrawnBy) -> bytes:
    """Erase the answer of a place: its finding, a flag nobody reviewed, and its receipt.

    The seat is judged anew, and the code opens again while it lives. Returns the hash of the receipt. Raises `NotFound`
    where nothing is shared.
    """
    case_code, number, seat = place
    care.lock_case(uow, case_code)
    case = care.get_case(uow, case_code)
    given = responses.list_responses(uow, case_code)
    stored = next((each for each in given if (each.session_number, each.seat) == (number, seat)), None)
    if stored is None:
        raise NotFound("Nothing is shared here.")
    flag = flags.flag_at(uow, place)
    if flag is not None:
        flags.forget_answer(uow, flag)
    receipt_hash = responses.delete_response(uow, place)
    tenant_lookup.remove_lookup(uow, "receipt", receipt_hash)
    withdrawals.put_withdrawal(uow, place, by)
    ask_for_erasing(uow, chance.text(16))
    judge = make_judge(find_instrument(uow, case.instrument_id), get_clinic(uow).alert_budget, chance)
    judge_again(uow, judge, case, seat)
    return receipt_hash
