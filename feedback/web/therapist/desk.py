"""What the views of the desk share: their own units of work, their own cases, and a token that fits."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from feedback import instruments
from feedback.domain.care import Case
from feedback.domain.clock import local_day
from feedback.domain.errors import NotFound, Refused
from feedback.domain.instrument import Instrument
from feedback.persistence.database import UnitOfWork
from feedback.services.open_case import get_own_case
from feedback.web.access import NOT_HERE, me
from feedback.web.forms import StaffForm
from feedback.web.surfaces import here


@contextmanager
def reading() -> Iterator[UnitOfWork]:
    """Open a unit of work in the signed-in clinic that only reads."""
    with here().database.reading(me().clinic.id) as uow:
        yield uow


@contextmanager
def writing() -> Iterator[UnitOfWork]:
    """Open a unit of work in the signed-in clinic, and make it durable unless something was refused."""
    with here().database.writing(me().clinic.id) as uow:
        yield uow
        uow.commit()


def own_case(uow: UnitOfWork, code: str) -> Case:
    """Give one's own case, however its code was typed in the address bar. Raises `NotFound` for any other."""
    try:
        return get_own_case(uow, code=code.upper(), by=me().staff)
    except NotFound:
        raise NotFound(NOT_HERE) from None


def instrument_of(case: Case) -> Instrument:
    """Give the instrument a case is followed with, in the staff's language."""
    return instruments.load(case.instrument_id)


def today() -> date:
    """Give the clinic's own day."""
    return local_day(here().clock, me().clinic.timezone)


def check(form: StaffForm) -> None:
    """Pass a form whose token and fields are right. Raises `Refused` with the first thing that is not."""
    if not form.validate():
        raise Refused(str(next(iter(form.errors.values()))[0]))
