"""Marking that what a client told outright was talked about, and taking that back."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from feedback.domain.care import Role
from feedback.domain.errors import NotFound
from feedback.persistence.answers.responses import Place
from feedback.services.flags.answer_told import answer_told, take_back_told
from feedback.web.access import NOT_HERE, me, requires
from feedback.web.surfaces import here
from feedback.web.therapist.desk import check, writing
from feedback.web.therapist.forms import ToldForm
from feedback.web.therapist.people import ending


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
        return redirect(url_for("therapist.dashboard_dashboard"), 303)
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
    return _back(place)


def _place(code: str, form: ToldForm) -> Place:
    if form.session.data is None:
        raise NotFound(NOT_HERE)
    return (code.upper(), form.session.data, form.seat.data or "A")


def _back(place: Place) -> Response:
    code, number, seat = place
    return redirect(f"{url_for('therapist.case_show', code=code, session=number)}#mark{ending(seat)}", 303)
