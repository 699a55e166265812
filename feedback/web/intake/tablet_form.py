"""The form on a shared tablet. What was given never comes back in a page: only what is missing is asked again.

A form that has gaps travels on in the sealed address of the page that asks for them.
"""

from dataclasses import replace

from flask import Response, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from feedback.domain.audience import Audience
from feedback.domain.errors import NotSaved
from feedback.domain.response import Response as AnswersSent
from feedback.persistence.database import UnitOfWork
from feedback.security.receipts import check_nonce
from feedback.services.answers.find_form import FoundForm
from feedback.services.answers.submit_response import Sending
from feedback.services.answers.tablet_visit import note_sent
from feedback.web.client_page import ANSWER_BYTES
from feedback.web.compress import pad_page
from feedback.web.intake import intake
from feedback.web.intake.answers import Answers, read_answers
from feedback.web.intake.drawn_form import draw_form
from feedback.web.intake.form import AGAIN, check, find, look_over, opened, sent_page, submit
from feedback.web.intake.form_page import FormPage, Sent
from feedback.web.intake.tablet_thanks import to_thanks
from feedback.web.intake.thanks import Thanks
from feedback.web.intake.visit import (
    GRACE_SECONDS,
    Returned,
    Visit,
    address_of,
    check_going_on,
    leave,
    open_visit,
)
from feedback.web.query_state import CLEARS_SECONDS, beyond_back
from feedback.web.surfaces import here


@intake.get("/k/<clinic_id>/form/<sealed>")
def show_tablet_form(clinic_id: str, sealed: str) -> Response:
    """Show the form, always empty, or what of it is missing. Once it was sent it is not shown again."""
    visit = open_visit(clinic_id, sealed)
    with here().database.reading(None) as uow:
        check_going_on(uow, visit, is_unsent=True)
        form = find(uow, visit.token)
        check(form)
        page = _page(uow, form, visit)
    if not visit.returned:
        return beyond_back(Response(draw_form(page, Sent(), ""), content_type="text/html; charset=utf-8"))
    missing = Response(_draw_missing(page, visit, visit.returned), content_type="text/html; charset=utf-8")
    return pad_page(beyond_back(missing), ANSWER_BYTES)


@intake.post("/k/<clinic_id>/form/<sealed>")
def send_tablet_form(clinic_id: str, sealed: str) -> AnyResponse:
    """Take an answer, or lead to what is missing. The same answer sent again meets the same thank-you.

    Never answered with a page: a browser keeps what it sent for one, and sends it again for whoever comes next.
    """
    visit = open_visit(clinic_id, sealed, grace=GRACE_SECONDS)
    try:
        with opened(visit.token, writes=True) as uow:
            check_going_on(uow, visit)
            fields = _fields(visit)
            form = find(
                uow, visit.token, visit.nonce, to_write=Audience.of(fields.get("audience")) is not Audience.TOTALS
            )
            check(form, visit.nonce)
            page = _page(uow, form, visit)
            answers = read_answers(page, fields)
            sent, _status = look_over(page, answers)
            if answers.audience and not sent.is_back:
                return to_thanks(visit, _keep(uow, form, visit, page, answers.as_response(page, answers.audience)))
            check_going_on(uow, visit, is_unsent=True)
    except NotSaved:
        with here().database.reading(None) as uow:
            check_going_on(uow, visit)
            page = _page(uow, find(uow, visit.token, visit.nonce), visit)
        answers = read_answers(page, _fields(visit))
        sent = replace(look_over(page, answers)[0], note=AGAIN)
    return _to_missing(visit, answers, sent)


def _page(uow: UnitOfWork, form: FoundForm, visit: Visit) -> FormPage:
    return sent_page(uow, form, check_nonce(here().keyring, visit.nonce, visit.token), _fields(visit))


def _fields(visit: Visit) -> MultiDict[str, str]:
    """Return what was given on the page before this one, with what this one adds or changes."""
    given = visit.returned.given if visit.returned else {}
    fields: MultiDict[str, str] = MultiDict({name: list(values) for name, values in given.items()})
    for name, values in request.form.lists():
        fields.setlist(name, values)
    return fields


def _keep(uow: UnitOfWork, form: FoundForm, visit: Visit, page: FormPage, response: AnswersSent) -> Thanks:
    """Keep the answer and that its form was sent in one transaction; return what the thank-you says."""
    if not note_sent(uow, here().keyring, tablet=visit.tablet, visit_id=visit.id):
        leave(visit.clinic_id)
    receipt = submit(uow, form, Sending(visit.token, visit.nonce, response))
    if receipt is None:
        leave(visit.clinic_id)
    return Thanks(page.clinic.id, page.instrument.language, page.therapist, receipt)


def _to_missing(visit: Visit, answers: Answers, sent: Sent) -> AnyResponse:
    """Lead to the page that asks for what is missing, for another ten minutes."""
    given = {name: values for name, values in sent.given.items() if name not in sent.excess}
    given |= {"send_as_is": ("1",)} if answers.goes_as_is and not answers.is_empty else {}
    returned = Returned(given, [item.id for item in sent.missed], sent.excess, sent.note)
    longer = replace(visit.lasting(CLEARS_SECONDS), returned=returned)
    return redirect(address_of("intake.show_tablet_form", longer), 303)


def _draw_missing(page: FormPage, visit: Visit, returned: Returned) -> str:
    """Draw what is missing and nothing of what was given; the way back is to an empty form.

    Where nothing was given at all, and sent so, that is the empty form itself.
    """
    if not (returned.given or returned.missed or returned.excess):
        return draw_form(page, Sent(note=returned.note), "")
    only = frozenset([*returned.missed, *returned.excess])
    missed = tuple(item for item in page.instrument.scales if item.id in returned.missed)
    sent = Sent(missed=missed, excess=returned.excess, note=returned.note)
    empty = address_of("intake.show_tablet_form", replace(visit, returned=None))
    return draw_form(replace(page, only=only), sent, "", empty=empty)
