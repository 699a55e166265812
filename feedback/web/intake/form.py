"""The form itself, at `/F/{token}`: shown, sent, and shown again when something is missing."""

from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from flask import Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from feedback.domain.audience import Audience
from feedback.domain.errors import DomainError, NonceRefused, NotSaved, TooManyForms
from feedback.instruments import easier
from feedback.persistence.database import UnitOfWork
from feedback.security.receipts import check_nonce, make_receipt, nonce_hash
from feedback.services.answers.find_form import (
    FoundForm,
    day_sent_for,
    find_code,
    find_form,
    may_have_asked_repair,
)
from feedback.services.answers.submit_response import Sending, submit_response
from feedback.services.answers.what_stands import what_stands
from feedback.services.clinic.find_instrument import find_instrument, languages_in
from feedback.web.asked import asked
from feedback.web.compress import answer
from feedback.web.days import shown_day
from feedback.web.i18n import gettext_noop, language
from feedback.web.intake import intake
from feedback.web.intake.answers import CHOOSE, EMPTY, NOTES_OFF, UNREAD, Answers, read_answers
from feedback.web.intake.drawn_form import blank_form, draw_form
from feedback.web.intake.form_key import new_key
from feedback.web.intake.form_page import REPAIR_ITEM, FormPage, Sent
from feedback.web.intake.thanks import Thanks, seal_thanks
from feedback.web.intake.typed import Typed
from feedback.web.intake.visit import begin_visit
from feedback.web.query_state import carried, is_about_today, is_easy, is_kiosk
from feedback.web.surfaces import here

KEPT_BY_BROWSER = "private, no-cache"
"""Lets Back restore a form on somebody's own phone. Every other page says `no-store`, those of a tablet as well."""

AGAIN = gettext_noop("Your answers are still here. Please press the button once more.")
WAIT = gettext_noop("Your answers are still here. Please wait a minute, then press the button once more.")


@intake.get("/f/<token>")
@intake.get("/F/<token>")
def show_form(token: str) -> AnyResponse:
    """Show the form of a link. Opening it uses nothing up. `?kiosk=1` begins a visit to a shared tablet instead."""
    if asked("kiosk") == "1":
        return begin_visit(token)
    with here().database.reading(None) as uow:
        form = find(uow, token)
        check(form)
        page = page_of(form)
    key = new_key(token, page.sentence)
    return _kept(answer(blank_form(page), key))


@intake.post("/f/<token>")
@intake.post("/F/<token>")
def send_form(token: str) -> AnyResponse:
    """Take an answer, or show the form once more with everything in it."""
    if asked("kiosk") == "1":
        return begin_visit(token)
    nonce = request.form.get("nonce", "")
    sentence = _sentence_read(nonce, token)
    to_therapist = sentence is not None and Audience.of(request.form.get("audience")) is not Audience.TOTALS
    with opened(token, writes=sentence is not None) as uow:
        form = find(uow, token, nonce, to_write=to_therapist)
        page = sent_page(uow, form, sentence, request.form)
        answers = read_answers(page, request.form)
        g.typed = None if sentence is None else Typed(page, answers, token, nonce)
        check(form, nonce)
        sent, status = look_over(page, answers)
        if sent.note == EMPTY and sentence is not None:
            sent = replace(sent, stands=_has_sent(uow.within(form.found.clinic.id), nonce))
        audience = None if sent.is_back else answers.audience
        receipt = audience and submit(uow, form, Sending(token, nonce, answers.as_response(page, audience)))
    if sentence is None:
        again = (sent, status) if audience is None else (replace(sent, note=AGAIN), 400)
        return _under_new_key(page, token, *again)
    if receipt is None:
        return _again(page, nonce, sent, status)
    thanks = Thanks(page.clinic.id, page.instrument.language, page.therapist, receipt)
    return redirect(url_for("intake.show_thanks", sealed=seal_thanks(here().keyring, thanks), **carried()), 303)


def _has_sent(uow: UnitOfWork, nonce: str) -> bool:
    """Return whether an answer stands that this very form sent before."""
    keyring = here().keyring
    return what_stands(uow, keyring, receipt=make_receipt(keyring, nonce)) is not None


def _sentence_read(nonce: str, token: str) -> int | None:
    """Return the who-reads sentence that stood on the form being sent; none for a key that is not of this code."""
    try:
        return check_nonce(here().keyring, nonce, token)
    except NonceRefused:
        return None


@contextmanager
def opened(token: str, *, writes: bool) -> Iterator[UnitOfWork]:
    """Yield the one unit of work in which a send is read and kept: two of them cost a tenth of a send more.

    It writes for whoever shows a key of ours for this code. Nothing else could be kept, so nobody else stands in the
    queue of writers. Where nothing can be kept just now, the page that says so still is that of the code's clinic.
    """
    database = here().database
    try:
        with database.writing(None) if writes else database.reading(None) as uow:
            yield uow
    except NotSaved:
        if "found" not in g:
            with suppress(DomainError), database.reading(None) as uow:
                find(uow, token)
        raise


def find(uow: UnitOfWork, token: str, nonce: str = "", *, to_write: bool = False) -> FoundForm:
    """Find the form of a link and leave in `g.found` whose it is, for the page of whatever error follows.

    `g.instrument` is what its case is followed with, `g.worded` the languages it exists in.
    """
    it = here()
    g.found = found = find_code(uow, it.clock, it.keyring, token=token, to_write=to_write)
    within = uow.within(found.clinic.id)
    form = find_form(within, it.keyring, found, nonce, is_about_today=is_about_today())
    g.worded = languages_in(within, found.case.instrument_id)
    g.instrument = find_instrument(within, found.case.instrument_id, language().code)
    g.day = shown_day(day_sent_for(form, nonce_hash(it.keyring, nonce)), language())
    return form


def check(form: FoundForm, nonce: str = "") -> None:
    """Pass while the code takes an answer. A send that repeats one already kept passes: the same form may change it."""
    form.found.check_can_be_read()
    if not form.is_repeat(nonce_hash(here().keyring, nonce)):
        form.found.check_usable()
        form.check_open()


def sent_page(uow: UnitOfWork, form: FoundForm, sentence: int | None, fields: Container[str]) -> FormPage:
    """Return the form as it was when it was opened: what it asked then is kept, also where it would not ask it now."""
    page = page_of(form) if sentence is None else replace(page_of(form), sentence=sentence)
    if REPAIR_ITEM not in fields or page.asks_repair:
        return page
    return replace(page, asks_repair=may_have_asked_repair(uow.within(form.found.clinic.id), form))


def page_of(form: FoundForm) -> FormPage:
    """Return the form as asked for. Where no easier version exists, asking for it changes nothing."""
    found = form.found
    usual = g.instrument
    plainer = easier(usual)
    asked = plainer if plainer and is_easy() else usual
    return FormPage(
        found.clinic,
        found.therapist,
        g.day,
        asked,
        form.asks_repair,
        found.sentence,
        has_easier=plainer is not None,
        is_about_earlier=form.is_about_earlier,
    )


def look_over(page: FormPage, answers: Answers) -> tuple[Sent, int]:
    """Say what has to be looked at again, and with which status: nothing, once for gaps, or what cannot be kept."""
    missed = (
        () if answers.goes_as_is else tuple(item for item in page.instrument.scales if item.id not in answers.given)
    )
    left_out = "" if is_kiosk() else answers.left_out
    note = UNREAD if answers.unread else NOTES_OFF if answers.left_out else "" if answers.audience else CHOOSE
    if answers.is_empty and not (missed or note):
        note = EMPTY
    audience = answers.audience or Audience.THERAPIST
    sent = Sent(answers.given, missed, answers.excess, note, audience.value, left_out)
    return sent, 400 if note else 422 if answers.excess else 200


def _under_new_key(page: FormPage, token: str, sent: Sent, status: int) -> Response:
    """Show the form once more under a new key; where none is given out just now, without one and with the wait."""
    try:
        return _again(page, new_key(token, page.sentence), sent, status)
    except TooManyForms as refused:
        response = _again(page, "", replace(sent, note=WAIT), 429)
        response.headers["Retry-After"] = str(refused.retry_after_seconds)
        return response


def _again(page: FormPage, key: str, sent: Sent, status: int) -> Response:
    body = draw_form(page, sent, key)
    return _kept(Response(body, status, content_type="text/html; charset=utf-8"))


def submit(uow: UnitOfWork, form: FoundForm, sending: Sending) -> str | None:
    """Keep the answer and give its receipt; nothing for a key that is not of this code.

    It is scored and judged under the case's own instrument, whichever version asked.
    """
    it = here()
    try:
        return submit_response(
            uow, it.keyring, it.chance, form=form, sending=sending, instrument=g.instrument, journal=it.journal
        )
    except NonceRefused:
        return None


def _kept(response: Response) -> Response:
    response.headers["Cache-Control"] = KEPT_BY_BROWSER
    return response
