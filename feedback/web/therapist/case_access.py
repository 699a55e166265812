"""What the views of the desk share: the cases that may be opened here, and what all staff work with."""

from contextlib import suppress

from flask import g, request

from feedback.domain.care import Case
from feedback.domain.errors import NotFound, NotSaved
from feedback.domain.instrument import Instrument
from feedback.persistence.database import UnitOfWork
from feedback.services.audit.note_read import has_read, note_read
from feedback.services.audit.record_audit import record_audit
from feedback.services.cases.case_authorisation import CaseAccess, open_to
from feedback.services.cases.note_opened import Shown, note_opened
from feedback.services.clinic.find_instrument import find_instrument
from feedback.web.access import NOT_HERE, me
from feedback.web.request_uow import check, reading, today, writing
from feedback.web.surfaces import here

__all__ = [
    "check",
    "instrument_named",
    "instrument_of",
    "led_case",
    "note_own_reading",
    "note_shown",
    "opened_case",
    "own_case",
    "reading",
    "today",
    "writing",
]


def opened_case(uow: UnitOfWork, code: str) -> CaseAccess:
    """Open a case to read, however its code was typed in the address bar. Raises `NotFound` for any other.

    The read is written down first. When the case is somebody else's, what cannot be written down is not shown.
    """
    access = _authorised_case(uow, code)
    if access.leads:
        note_own_reading(uow, access.case.code)
    else:
        _note_reading(access.case)
    return access


def _authorised_case(uow: UnitOfWork, code: str) -> CaseAccess:
    try:
        return open_to(uow, here().clock, code=code.upper(), by=me().staff)
    except NotFound:
        raise NotFound(NOT_HERE) from None


def note_own_reading(uow: UnitOfWork, subject: str) -> None:
    """Write into the log once a day that somebody read what is their own: a case of theirs, or a page of all of them.

    Who reads with a stolen sign-in leaves a trace that way. A page is shown also while nothing can be kept: a therapist
    must be able to read what a client wrote (docs/decisions/0006).
    """
    it, day = here(), today()
    if "read_logged" in g:
        return
    g.read_logged = True
    if has_read(uow, subject=subject, by=me().staff, today=day):
        return
    with suppress(NotSaved), writing() as own:
        note_read(own, it.clock, it.keyring, subject=subject, by=me().staff, today=day)


def _note_reading(case: Case) -> None:
    """Record once per page that somebody looked at a case that is not their own."""
    it = here()
    if "read_logged" not in g:
        with writing() as uow:
            record_audit(uow, it.clock, it.keyring, actor=me().staff.id, action="case.read", subject=case.code)
        g.read_logged = True


def note_shown(shown: Shown) -> None:
    """Keep that these answers were opened or seen. A page is shown also while nothing can be kept."""
    if shown:
        with suppress(NotSaved), writing() as uow:
            note_opened(uow, shown=shown, by=me().staff)


def own_case(uow: UnitOfWork, code: str) -> Case:
    """Return a case one is a therapist of, to work on it. Raises `NotFound`."""
    access = _case_of_page(uow, code)
    if not access.works:
        raise NotFound(NOT_HERE)
    return access.case


def led_case(uow: UnitOfWork, code: str) -> Case:
    """Return a case that is one's own, to decide on it: who sees it, whose it is, when it ends. Raises `NotFound`."""
    access = _case_of_page(uow, code)
    if not access.leads:
        raise NotFound(NOT_HERE)
    return access.case


def _case_of_page(uow: UnitOfWork, code: str) -> CaseAccess:
    """Open a case. A form that is sent about it leaves a record of its own, and shows nothing."""
    return _authorised_case(uow, code) if request.method == "POST" else opened_case(uow, code)


def instrument_of(case: Case) -> Instrument:
    """Return the instrument a case is followed with, in the staff's language."""
    return instrument_named(case.instrument_id)


def instrument_named(instrument_id: str) -> Instrument:
    """Return an instrument of this clinic; one that ships costs no query."""
    with reading() as uow:
        return find_instrument(uow, instrument_id)
