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
    "opened_case",
    "own_case",
    "reading",
    "today",
    "writing",
]


def opened_case(uow: UnitOfWork, code: str) -> CaseAccess:
    """Open a case to read, however its code was typed in the address bar. Raises `NotFound` for any other.

    When it is somebody else's, that is written down first: what cannot be written down is not shown.
    """
    try:
        access = open_to(uow, here().clock, code=code.upper(), by=me().staff)
    except NotFound:
        raise NotFound(NOT_HERE) from None
    if request.method != "POST":
        if access.leads:
            note_own_reading(uow, access.case.code)
        else:
            _note_reading(access.case)
    return access


def note_own_reading(uow: UnitOfWork, subject: str) -> None:
    """Write into the log once a day that somebody read what is their own: a case of theirs, or their first page.

    Who reads with a stolen sign-in leaves a trace that way. A page is shown also while nothing can be kept: a therapist
    must be able to read what a client wrote (docs/decisions/0060).
    """
    it, day = here(), today()
    if "own_reading_noted" in g or has_read(uow, subject=subject, by=me().staff, today=day):
        return
    g.own_reading_noted = True
    with suppress(NotSaved), writing() as own:
        note_read(own, it.clock, it.keyring, subject=subject, by=me().staff, today=day)


def _note_reading(case: Case) -> None:
    """Record once per page that somebody looked at a case that is not their own."""
    it = here()
    if "reading_noted" not in g:
        with writing() as uow:
            record_audit(uow, it.clock, it.keyring, actor=me().staff.id, action="case.read", subject=case.code)
        g.reading_noted = True


def own_case(uow: UnitOfWork, code: str) -> Case:
    """Return a case one is a therapist of, to work on it. Raises `NotFound`."""
    access = opened_case(uow, code)
    if not access.works:
        raise NotFound(NOT_HERE)
    return access.case


def led_case(uow: UnitOfWork, code: str) -> Case:
    """Return a case that is one's own, to decide on it: who sees it, whose it is, when it ends. Raises `NotFound`."""
    access = opened_case(uow, code)
    if not access.leads:
        raise NotFound(NOT_HERE)
    return access.case


def instrument_of(case: Case) -> Instrument:
    """Return the instrument a case is followed with, in the staff's language."""
    return instrument_named(case.instrument_id)


def instrument_named(instrument_id: str) -> Instrument:
    """Return an instrument of this clinic; one that ships costs no query."""
    with reading() as uow:
        return find_instrument(uow, instrument_id)
