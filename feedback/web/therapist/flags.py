"""Marking what happened after a possible rupture, and taking a mark back."""

from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response

from feedback.domain.care import Role
from feedback.domain.errors import NotFound
from feedback.domain.rupture import FlagStatus, RuptureFlag
from feedback.persistence.database import UnitOfWork
from feedback.services.cases.note_opened import find_unnoted
from feedback.services.cases.show_case import show_case
from feedback.services.flags.review_flag import get_own_flag, review_flag, undo_review
from feedback.web.access import NOT_HERE, me, opens_answers, requires
from feedback.web.surfaces import here
from feedback.web.therapist.case import draw
from feedback.web.therapist.case_access import check, instrument_of, note_shown, opened_case, reading, writing
from feedback.web.therapist.forms import ReviewForm, TokenForm
from feedback.web.therapist.people import ending


@requires(Role.THERAPIST)
@opens_answers
def review(flag_id: str) -> Any:
    """Keep a mark and a note; what was typed comes back when something is missing."""
    it, form = here(), ReviewForm()
    if not form.validate():
        return _again(flag_id, form), 400
    with writing() as uow:
        flag = _own(uow, flag_id)
        outcome, note = FlagStatus(form.outcome.data), form.note.data or ""
        review_flag(uow, it.clock, it.keyring, flag=flag, outcome=outcome, by=me().staff, note=note)
    return _back(flag)


@requires(Role.THERAPIST)
def undo(flag_id: str) -> Response:
    """Take the latest mark back."""
    with writing() as uow:
        flag = _own(uow, flag_id)
        check(TokenForm())
        undo_review(uow, here().clock, here().keyring, flag=flag, by=me().staff)
    return _back(flag)


def _own(uow: UnitOfWork, flag_id: str) -> RuptureFlag:
    try:
        return get_own_flag(uow, here().clock, flag_id=flag_id, by=me().staff)
    except NotFound:
        raise NotFound(NOT_HERE) from None


def _again(flag_id: str, form: ReviewForm) -> str:
    with reading() as uow:
        flag = _own(uow, flag_id)
        access = opened_case(uow, flag.case_code)
        instrument = instrument_of(access.case)
        file = show_case(uow, here().keyring, access=access, instrument=instrument, session=flag.session_number)
        unnoted = find_unnoted(uow, shown=file.answers_shown, by=me().staff)
    note_shown(unnoted)
    return draw(file, form, seat=flag.seat)


def _back(flag: RuptureFlag) -> Response:
    address = url_for("therapist.case_show", code=flag.case_code, session=flag.session_number)
    return redirect(f"{address}#mark{ending(flag.seat)}", 303)
