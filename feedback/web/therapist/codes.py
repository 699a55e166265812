"""Showing a code to the client in the room, on a card, or as a link in a video call."""

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from flask import redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from feedback.domain.access import AccessCodeKind, show_typed
from feedback.domain.care import Case, Role, TherapySession
from feedback.domain.errors import NotFound
from feedback.persistence import care
from feedback.persistence.database import UnitOfWork
from feedback.persistence.overview import list_meetings
from feedback.services.issue_access_code import (
    ShownCode,
    find_living_code,
    issue_access_code,
    revoke_access_code,
    show_access_code,
)
from feedback.services.show_dashboard import SEAT
from feedback.web.access import NOT_HERE, me, requires
from feedback.web.qr import code_address, qr_svg
from feedback.web.surfaces import here
from feedback.web.therapist import wording
from feedback.web.therapist.desk import check, own_case, reading, today, writing
from feedback.web.therapist.forms import CodeForm, TokenForm


@dataclass(frozen=True, slots=True)
class Plate:
    """A code ready to be shown: the square, the characters to type, the link, and how long it lasts."""

    id: str
    square: Markup = field(repr=False)
    typed: str = field(repr=False)
    link: str = field(repr=False)
    domain: str = ""
    issued_on: date | None = None
    closes_on: date | None = None
    is_card: bool = False


@requires(Role.THERAPIST)
def show(code: str) -> str:
    """Show the living code of a therapy session full-screen, or of the case card without `?session=`."""
    with reading() as uow:
        case = own_case(uow, code)
        meeting = _meeting(uow, case, request.args.get("session", type=int))
        plate = _plate(uow, case, meeting)
        shared = _is_shared(uow, case, meeting)
    square_only = request.args.get("view") == "square" and plate is not None
    template = "therapist/square.html" if square_only else "therapist/code.html"
    return render_template(
        template, case=case, meeting=meeting, plate=plate, shared=shared, today=today(), words=wording
    )


@requires(Role.THERAPIST)
def issue(code: str) -> Response:
    """Open a code for a therapy session, or a case card; a living one is shown again instead."""
    it, form = here(), CodeForm()
    check(form)
    with writing() as uow:
        case = own_case(uow, code)
        meeting = _meeting(uow, case, form.session.data)
        if find_living_code(uow, it.clock, case=case, meeting=meeting) is None:
            issue_access_code(uow, it.clock, it.keyring, it.chance, case=case, by=me().staff.id, meeting=meeting)
    return redirect(url_for("therapist.codes_show", code=case.code, session=form.session.data), 303)


@requires(Role.THERAPIST)
def close(code: str, code_id: str) -> Response:
    """Close a code before its time."""
    with writing() as uow:
        case = own_case(uow, code)
        check(TokenForm())
        revoke_access_code(uow, here().clock, here().keyring, case=case, code_id=code_id, by=me().staff.id)
    return redirect(url_for("therapist.case_show", code=case.code), 303)


@requires(Role.THERAPIST)
def card(code: str) -> str:
    """Show a page to print: the card of a therapy session, or the case card for every session."""
    with reading() as uow:
        case = own_case(uow, code)
        meeting = _meeting(uow, case, request.args.get("session", type=int))
        plate = _plate(uow, case, meeting)
    return render_template("therapist/card.html", case=case, meeting=meeting, plate=plate, today=today(), words=wording)


def _meeting(uow: UnitOfWork, case: Case, number: int | None) -> TherapySession | None:
    try:
        return care.get_therapy_session(uow, case.code, number) if number is not None else None
    except NotFound:
        raise NotFound(NOT_HERE) from None


def _is_shared(uow: UnitOfWork, case: Case, meeting: TherapySession | None) -> bool:
    rows = list_meetings(uow, case.code, SEAT) if meeting else ()
    return any(row.is_shared for row in rows if meeting and row.number == meeting.number)


def _plate(uow: UnitOfWork, case: Case, meeting: TherapySession | None) -> Plate | None:
    living = find_living_code(uow, here().clock, case=case, meeting=meeting) if case.is_open else None
    return _drawn(show_access_code(uow, here().keyring, living)) if living else None


def _drawn(shown: ShownCode) -> Plate:
    base = here().settings.base_url
    domain = urlsplit(base).netloc
    return Plate(
        id=shown.code.id,
        square=qr_svg(code_address(base, shown.token), f"QR code. It opens the check-in at {domain}"),
        typed=show_typed(shown.typed),
        link=f"{base}/F/{shown.token}",
        domain=domain,
        issued_on=shown.code.issued_on,
        closes_on=shown.code.expires_on,
        is_card=shown.code.kind is AccessCodeKind.CASE_CARD,
    )
