"""One case: what was shared, what it means, and what happened next."""

from collections.abc import Sequence
from datetime import date

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from feedback.domain.care import Case, Role
from feedback.domain.errors import NotFound
from feedback.domain.weekly import planned_days
from feedback.persistence.cases import care
from feedback.persistence.database import UnitOfWork
from feedback.services.cases.add_therapy_session import add_therapy_session
from feedback.services.cases.case_file import CaseFile
from feedback.services.cases.note_opened import find_unnoted
from feedback.services.cases.open_case import close_case, reopen_case
from feedback.services.cases.show_case import show_case
from feedback.services.codes.issue_access_code import issue_access_code
from feedback.web.access import NOT_HERE, me, opens_answers, requires
from feedback.web.surfaces import here
from feedback.web.therapist import wording
from feedback.web.therapist.case_access import (
    check,
    instrument_of,
    led_case,
    note_shown,
    opened_case,
    own_case,
    reading,
    today,
    writing,
)
from feedback.web.therapist.forms import MeetingForm, ReviewForm, TokenForm
from feedback.web.therapist.people import draw_people


@requires(Role.THERAPIST, Role.SUPERVISOR)
@opens_answers
def show(code: str) -> str:
    """Show a case with one session opened, for everybody who answers: the newest, or the one of `?session=`."""
    session = request.args.get("session", type=int)
    with reading() as uow:
        access = opened_case(uow, code)
        file = show_case(uow, here().keyring, access=access, instrument=instrument_of(access.case), session=session)
        weekly = care.get_weekly_day(uow, access.case.code)
        unnoted = find_unnoted(uow, shown=file.answers_shown, by=me().staff)
    if session is not None and file.chosen is None:
        raise NotFound(NOT_HERE)
    note_shown(unnoted)
    held = {row.held_on for row in file.meetings}
    planned = planned_days(weekly, held, today()) if weekly and file.case.is_open else ()
    return draw(file, ReviewForm(formdata=None), seat="A", planned=planned)


def draw(file: CaseFile, form: ReviewForm, *, seat: str, planned: Sequence[date] = ()) -> str:
    """Draw the page of a case; `form` is what was typed about the flag of a seat, `planned` are days to confirm."""
    instrument = instrument_of(file.case)
    return render_template(
        "therapist/case.html",
        file=file,
        people=draw_people(
            file, instrument, clinic=me().clinic, therapist=me().staff.display_name, form=form, seat=seat
        ),
        form=form,
        planned=planned,
        instrument=instrument,
        today=today(),
        words=wording,
    )


@requires(Role.THERAPIST)
def new_meeting(code: str) -> Response:
    """Add a therapy session and open a code for each seat in the same step: the people are in the room."""
    it, form = here(), MeetingForm()
    check(form)
    with writing() as uow:
        case = own_case(uow, code)
        meeting = add_therapy_session(uow, it.clock, it.keyring, case=case, by=me().staff, held_on=form.held_on.data)
        for seat in case.places:
            issue_access_code(
                uow, it.clock, it.keyring, it.chance, case=case, by=me().staff.id, meeting=meeting, seat=seat
            )
    return redirect(url_for("therapist.codes_show", code=case.code, session=meeting.number), 303)


@requires(Role.THERAPIST)
def close(code: str) -> Response:
    """Close a case."""
    with writing() as uow:
        case = _checked_case(uow, code)
        close_case(uow, here().clock, here().keyring, case=case, by=me().staff)
    return redirect(url_for("therapist.case_show", code=case.code), 303)


@requires(Role.THERAPIST)
def reopen(code: str) -> Response:
    """Open a closed case again."""
    with writing() as uow:
        case = _checked_case(uow, code)
        reopen_case(uow, here().clock, here().keyring, case=case, by=me().staff)
    return redirect(url_for("therapist.case_show", code=case.code), 303)


def _checked_case(uow: UnitOfWork, code: str) -> Case:
    case = led_case(uow, code)
    check(TokenForm())
    return case
