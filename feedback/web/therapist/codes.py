"""Showing a code to whoever is in the room, on a card, or as a link in a video call: one seat at a time."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from feedback.domain.care import Case, Role, TherapySession
from feedback.domain.errors import NotFound
from feedback.domain.languages import Language
from feedback.persistence.cases import care
from feedback.persistence.dashboard.overview import list_meetings
from feedback.persistence.database import UnitOfWork
from feedback.services.cases.choose_language import languages_for
from feedback.services.codes.issue_access_code import find_living_code, issue_access_code, revoke_access_code
from feedback.web.access import NOT_HERE, me, requires
from feedback.web.surfaces import here
from feedback.web.therapist import wording
from feedback.web.therapist.case_access import check, opened_case, own_case, reading, today, writing
from feedback.web.therapist.code_panel import living_plate
from feedback.web.therapist.forms import CodeForm, TokenForm
from feedback.web.therapist.printed import clinics_languages, language_to_print, with_card, with_panel

PAPERS = {"a4": "A4, eight to a page", "letter": "Letter, eight to a page", "wallet": "card size, one to a page"}
"""What a page of cards can be laid out for; the last for printers that take cards or labels."""


@requires(Role.THERAPIST)
def show(code: str) -> str:
    """Show the living code of a therapy session full-screen, or of the case card without `?session=`."""
    with reading() as uow:
        case = own_case(uow, code)
        meeting = _meeting(uow, case, request.args.get("session", type=int))
        seat = _seat(case, request.args.get("seat"))
        plate = living_plate(uow, case, meeting, seat)
        shared = _is_shared(uow, case, meeting, seat)
        offered = _languages(uow, case)
    if plate is not None:
        plate = with_panel(plate, language_to_print(offered, case))
    square_only = request.args.get("view") == "square" and plate is not None
    template = "therapist/square.html" if square_only else "therapist/code.html"
    return render_template(
        template, plate=plate, shared=shared, today=today(), words=wording, **_of(case, meeting, seat)
    )


@requires(Role.THERAPIST)
def issue(code: str) -> Response:
    """Open a code for a therapy session, or a case card; a living one is shown again instead."""
    it, form = here(), CodeForm()
    check(form)
    with writing() as uow:
        case = own_case(uow, code)
        meeting, seat = _meeting(uow, case, form.session.data), _seat(case, form.seat.data)
        if find_living_code(uow, it.clock, case=case, meeting=meeting, seat=seat) is None:
            issue_access_code(
                uow, it.clock, it.keyring, it.chance, case=case, by=me().staff.id, meeting=meeting, seat=seat
            )
    return redirect(url_for("therapist.codes_show", **_of(case, meeting, seat)["place"]), 303)


@requires(Role.THERAPIST)
def close(code: str, code_id: str) -> Response:
    """Close a code before its time."""
    with writing() as uow:
        case = own_case(uow, code)
        check(TokenForm())
        revoke_access_code(
            uow, here().clock, here().keyring, journal=here().journal, case=case, code_id=code_id, by=me().staff.id
        )
    return redirect(url_for("therapist.case_show", code=case.code), 303)


@requires(Role.THERAPIST)
def card(code: str) -> str:
    """Show a page to print: a card for everybody who answers after one therapy session, or after every one."""
    with reading() as uow:
        case = own_case(uow, code)
        meeting = _meeting(uow, case, request.args.get("session", type=int))
        found = [living_plate(uow, case, meeting, seat) for seat in case.places]
        offered = _languages(uow, case)
    chosen = language_to_print(offered, case)
    return render_template(
        "therapist/card.html",
        plates=[with_card(plate, chosen) for plate in found if plate is not None],
        paper=_paper(),
        offered=offered,
        chosen=chosen,
        papers=PAPERS,
        **_of(case, meeting, "A"),
    )


def _of(case: Case, meeting: TherapySession | None, seat: str) -> dict[str, Any]:
    """Return what every page of a code needs: `place` is its address, with the seat only where there are several."""
    number, named = meeting.number if meeting else None, seat if case.seats > 1 else None
    place = {"code": case.code, "session": number, "seat": named}
    return {"case": case, "meeting": meeting, "seat": seat, "place": place}


def _languages(uow: UnitOfWork, case: Case) -> Sequence[Language]:
    return languages_for(uow, me().clinic, case) or clinics_languages()


def _meeting(uow: UnitOfWork, case: Case, number: int | None) -> TherapySession | None:
    try:
        return care.get_therapy_session(uow, case.code, number) if number is not None else None
    except NotFound:
        raise NotFound(NOT_HERE) from None


def _paper() -> str:
    """Return the paper asked for with `?paper=`, A4 without."""
    asked = request.args.get("paper", "")
    return asked if asked in PAPERS else "a4"


def _seat(case: Case, asked: str | None) -> str:
    """Return the seat asked for, the first without one. Raises `NotFound` for one this case does not have."""
    seat = asked or case.places[0]
    if seat not in tuple(case.places):
        raise NotFound(NOT_HERE)
    return seat


def _is_shared(uow: UnitOfWork, case: Case, meeting: TherapySession | None, seat: str) -> bool:
    if meeting is None:
        return False
    rows = list_meetings(uow, case, opened_case(uow, case.code).versions, by=me().staff.id).get(seat, ())
    return any(row.is_shared for row in rows if row.number == meeting.number)
