"""Marking that what a client told outright was talked about, and taking that back."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from feedback.domain.care import SEATS, Role
from feedback.domain.errors import NotFound
from feedback.persistence.answers.responses import Place
from feedback.persistence.database import UnitOfWork
from feedback.services.flags.answer_told import answer_told, is_talked_about, take_back_told
from feedback.web.access import NOT_HERE, me, requires
from feedback.web.surfaces import here
from feedback.web.therapist.case_access import check, writing
from feedback.web.therapist.forms import ToldForm
from feedback.web.therapist.people import ending

MOST_DIGITS = 6
"""Of the number of a therapy session in an address."""


@requires(Role.THERAPIST)
def answer(code: str) -> Response:
    """Keep that it was talked about, and go back to the page that was asked from."""
    it, form = here(), ToldForm()
    check(form)
    place = _place(code, form)
    try:
        with writing() as uow:
            answer_told(uow, it.clock, it.keyring, place=place, by=me().staff)
    except NotFound:
        raise NotFound(NOT_HERE) from None
    if form.from_first.data:
        return redirect(url_for("therapist.dashboard", done=_written(place)), 303)
    return _back(place)


@requires(Role.THERAPIST)
def undo(code: str) -> Response:
    """Take it back."""
    it, form = here(), ToldForm()
    check(form)
    place = _place(code, form)
    try:
        with writing() as uow:
            take_back_told(uow, it.clock, it.keyring, place=place, by=me().staff)
    except NotFound:
        raise NotFound(NOT_HERE) from None
    if form.from_first.data:
        return redirect(url_for("therapist.dashboard"), 303)
    return _back(place)


def just_marked(uow: UnitOfWork, written: str) -> Place | None:
    """Return the place of a mark just made on the first page, while it can be taken back."""
    code, _, rest = written.partition("/")
    number, seat = rest[:-1], rest[-1:]
    if seat not in SEATS or not (number.isascii() and number.isdecimal() and len(number) <= MOST_DIGITS):
        return None
    place = (code, int(number), seat)
    return place if is_talked_about(uow, here().clock, place=place, by=me().staff) else None


def _written(place: Place) -> str:
    code, number, seat = place
    return f"{code}/{number}{seat}"


def _place(code: str, form: ToldForm) -> Place:
    if form.session.data is None:
        raise NotFound(NOT_HERE)
    return (code.upper(), form.session.data, form.seat.data or "A")


def _back(place: Place) -> Response:
    code, number, seat = place
    return redirect(f"{url_for('therapist.case_show', code=code, session=number)}#mark{ending(seat)}", 303)
