"""What the views of the desk share: their own cases, and what all staff work with."""

from feedback.domain.care import Case
from feedback.domain.errors import NotFound
from feedback.domain.instrument import Instrument
from feedback.persistence.database import UnitOfWork
from feedback.services.find_instrument import find_instrument
from feedback.services.open_case import get_own_case
from feedback.web.access import NOT_HERE, me
from feedback.web.staff_work import check, reading, today, writing

__all__ = ["check", "instrument_named", "instrument_of", "own_case", "reading", "today", "writing"]


def own_case(uow: UnitOfWork, code: str) -> Case:
    """Give one's own case, however its code was typed in the address bar. Raises `NotFound` for any other."""
    try:
        return get_own_case(uow, code=code.upper(), by=me().staff)
    except NotFound:
        raise NotFound(NOT_HERE) from None


def instrument_of(case: Case) -> Instrument:
    """Give the instrument a case is followed with, in the staff's language."""
    return instrument_named(case.instrument_id)


def instrument_named(instrument_id: str) -> Instrument:
    """Give an instrument of this clinic; one that ships costs no query."""
    with reading() as uow:
        return find_instrument(uow, instrument_id)
