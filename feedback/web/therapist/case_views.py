"""A case on paper, and a case to look at together with the client."""

from flask import render_template, request

from feedback.domain.care import Role
from feedback.domain.errors import NotFound
from feedback.services.cases.case_file import CaseFile, SeatFile
from feedback.services.cases.note_opened import find_unnoted
from feedback.services.cases.show_case import show_case
from feedback.web.access import NOT_HERE, me, opens_answers, requires
from feedback.web.surfaces import here
from feedback.web.therapist import pictures, wording
from feedback.web.therapist.case_access import instrument_of, note_shown, opened_case, reading, today
from feedback.web.therapist.forms import ReviewForm
from feedback.web.therapist.people import draw_people


@requires(Role.THERAPIST)
@opens_answers
def on_paper(code: str) -> str:
    """Show a page to print: everything the case page shows, with the tables open and without a single button."""
    file = _file(code)
    instrument = instrument_of(file.case)
    return render_template(
        "therapist/on_paper.html",
        file=file,
        people=draw_people(
            file,
            instrument,
            clinic=me().clinic,
            therapist=me().staff.display_name,
            form=ReviewForm(formdata=None),
            seat="A",
        ),
        instrument=instrument,
        today=today(),
        words=wording,
    )


@requires(Role.THERAPIST)
@opens_answers
def together(code: str) -> str:
    """Show one person their own answers, large and plain: no flag, no range, no jargon, nobody else in it."""
    file = _file(code)
    person = _person(file, request.args.get("seat", "A"))
    return render_template(
        "therapist/together.html",
        case=file.case,
        person=person,
        pictures=pictures.plain_course(person),
        instrument=instrument_of(file.case),
        today=today(),
        words=wording,
    )


def _file(code: str) -> CaseFile:
    session = request.args.get("session", type=int)
    with reading() as uow:
        access = opened_case(uow, code)
        file = show_case(uow, here().keyring, access=access, instrument=instrument_of(access.case), session=session)
        unnoted = find_unnoted(uow, shown=file.answers_shown, by=me().staff)
    if session is not None and file.chosen is None:
        raise NotFound(NOT_HERE)
    note_shown(unnoted)
    return file


def _person(file: CaseFile, seat: str) -> SeatFile:
    found = next((person for person in file.people if person.seat == seat), None)
    if found is None:
        raise NotFound(NOT_HERE)
    return found
