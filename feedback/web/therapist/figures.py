"""A therapist's own figures and guesses: for learning, on nobody else's page."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from feedback.domain.care import Case, Role
from feedback.domain.errors import NotFound
from feedback.persistence.answers.responses import Place
from feedback.persistence.cases import care
from feedback.persistence.database import UnitOfWork
from feedback.services.audit.note_read import OWN_FIGURES
from feedback.services.cases.note_opened import Shown, find_unnoted
from feedback.services.dashboard.guess_session import STEPS, guess_session, may_guess
from feedback.services.dashboard.show_own_figures import show_own_figures
from feedback.web.access import NOT_HERE, me, opens_answers, requires
from feedback.web.surfaces import here
from feedback.web.therapist import pictures, wording
from feedback.web.therapist.case_access import check, note_own_reading, note_shown, own_case, reading, today, writing
from feedback.web.therapist.forms import GuessForm


@requires(Role.THERAPIST)
@opens_answers
def own() -> str:
    """Show one's own figures of the last quarter of a year."""
    with reading() as uow:
        figures = show_own_figures(uow, here().clock, clinic=me().clinic, therapist=me().staff)
        note_own_reading(uow, OWN_FIGURES)
        unnoted = find_unnoted(uow, shown=Shown(seen=figures.answers_shown), by=me().staff)
    note_shown(unnoted)
    return render_template(
        "therapist/figures.html",
        figures=figures,
        picture=pictures.guesses(figures.guesses),
        today=today(),
        words=wording,
    )


@requires(Role.THERAPIST)
def guess(code: str) -> str:
    """Ask for a guess of one session, before its answer is opened."""
    with reading() as uow:
        case, place = _place(uow, code, request.args.get("session", type=int), request.args.get("seat"))
        open_to_guess = may_guess(uow, place=place, by=me().staff)
    whose = f", {wording.person(place[2])}" if case.seats > 1 else ""
    return render_template("therapist/guess.html", place=place, whose=whose, steps=STEPS, open_to_guess=open_to_guess)


@requires(Role.THERAPIST)
def keep_guess(code: str) -> Response:
    """Keep the guess and open the session."""
    form = GuessForm()
    check(form)
    with writing() as uow:
        _, place = _place(uow, code, form.session.data, form.seat.data)
        guess_session(uow, place=place, value=form.value.data, by=me().staff)
    return redirect(url_for("therapist.case_show", code=place[0], session=place[1]), 303)


def _place(uow: UnitOfWork, code: str, number: int | None, asked: str | None) -> tuple[Case, Place]:
    case, seat = own_case(uow, code), asked or "A"
    if number is None or seat not in tuple(case.places):
        raise NotFound(NOT_HERE)
    try:
        return case, (case.code, care.get_therapy_session(uow, case.code, number).number, seat)
    except NotFound:
        raise NotFound(NOT_HERE) from None
