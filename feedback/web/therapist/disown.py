"""Saying that a shared answer is not from one's client: asked once, then erased."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from feedback.domain.care import Case, Role, TherapySession
from feedback.domain.errors import NotFound
from feedback.persistence.answers.responses import nonce_at
from feedback.persistence.cases import care
from feedback.persistence.database import UnitOfWork
from feedback.services.answers.disown_response import disown_response
from feedback.web.access import NOT_HERE, me, requires
from feedback.web.surfaces import here
from feedback.web.therapist import wording
from feedback.web.therapist.case_access import check, led_case, reading, today, writing
from feedback.web.therapist.forms import CodeForm


@requires(Role.THERAPIST)
def ask(code: str) -> str:
    """Ask whether it is really to go, and say what that does."""
    with reading() as uow:
        case = led_case(uow, code)
        meeting, seat = _place(uow, case, request.args.get("session", type=int), request.args.get("seat"))
    return render_template("therapist/disown.html", case=case, meeting=meeting, seat=seat, today=today(), words=wording)


@requires(Role.THERAPIST)
def erase(code: str) -> Response:
    """Erase it and go back to the session, which says so."""
    it, form = here(), CodeForm()
    check(form)
    with writing() as uow:
        case = led_case(uow, code)
        meeting, seat = _place(uow, case, form.session.data, form.seat.data)
        disown_response(
            uow,
            it.clock,
            it.keyring,
            it.chance,
            journal=it.journal,
            case=case,
            number=meeting.number,
            seat=seat,
            by=me().staff,
        )
    return redirect(url_for("therapist.case_show", code=case.code, session=meeting.number), 303)


def _place(uow: UnitOfWork, case: Case, number: int | None, asked: str | None) -> tuple[TherapySession, str]:
    """Return the therapy session and seat of a shared answer. Raises `NotFound` where there is none."""
    seat = asked or "A"
    if number is None or seat not in tuple(case.places) or nonce_at(uow, (case.code, number, seat)) is None:
        raise NotFound(NOT_HERE)
    return care.get_therapy_session(uow, case.code, number), seat
