"""What the views of signed-in staff share: units of work in their own clinic, its day, and a token that fits."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from feedback.domain.clock import local_day
from feedback.domain.errors import Refused
from feedback.persistence.database import UnitOfWork
from feedback.web.access import me
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


def today() -> date:
    """Return the clinic's own day."""
    return local_day(here().clock, me().clinic.timezone)


def check(form: StaffForm) -> None:
    """Pass a form whose token and fields are right. Raises `Refused` with the first thing that is not."""
    if not form.validate():
        raise Refused(str(next(iter(form.errors.values()))[0]))
