"""Typing a code instead of scanning it."""

from dataclasses import dataclass

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from feedback.domain.access import TYPED_LENGTH, typed_shortfall
from feedback.domain.errors import AccessCodeUnknown
from feedback.domain.plain_text import plain_text
from feedback.services.answers.resolve_access_code import find_typed_code
from feedback.web.client_page import client_page
from feedback.web.i18n import gettext, isolated, ngettext
from feedback.web.intake import intake
from feedback.web.query_state import carried
from feedback.web.rate_limit import origin_here
from feedback.web.surfaces import here

_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Typed:
    """A code that led nowhere, as somebody typed it, and what may be wrong with it."""

    text: str
    wrong: str
    shortfall: int


@intake.get("/")
def ask_code() -> Response:
    """Ask for the code; staff find their way in from here."""
    return _page("", "")


@intake.post("/code")
def open_code() -> AnyResponse:
    """Lead from a typed code to its form, or keep what was typed and say what may be wrong."""
    found = read_code(request.form.get("code", ""))
    if isinstance(found, Typed):
        return _page(found.text, found.wrong, 404)
    return redirect(url_for("intake.show_form", token=found, **carried()), 303)


def read_code(written: str) -> str | Typed:
    """Return the token that a typed code stands for, or what was typed with what may be wrong with it.

    Raises `TooManyTries`.
    """
    typed = plain_text(written)[:_LONGEST]
    it = here()
    try:
        return find_typed_code(it.database, it.clock, it.keyring, typed=typed, limiter=it.limiter, origin=origin_here())
    except AccessCodeUnknown:
        short = typed_shortfall(typed) if typed else TYPED_LENGTH
        return Typed(typed, say_what_is_wrong(typed, short), short)


def say_what_is_wrong(typed: str, short: int) -> str:
    """Say what may be wrong with a code that is so many characters short; `typed` is repeated, where there is any."""
    unread = gettext("We could not find that code. It has 8 letters and numbers.")
    if abs(short) >= TYPED_LENGTH:
        return unread
    sought = gettext("We could not find %(code)s.", code=isolated(typed)) if typed else unread
    if short > 0:
        return sought + " " + ngettext("It looks %(num)s short.", "It looks %(num)s short.", short)
    if short < 0:
        return sought + " " + ngettext("It looks %(num)s too long.", "It looks %(num)s too long.", -short)
    return sought + " " + gettext("Check for a mix-up and try again.")


def _page(typed: str, wrong: str, status: int = 200) -> Response:
    has_staff = "staff" in here().settings.surfaces
    return client_page("intake/code.html", status=status, typed=typed, wrong=wrong, has_staff=has_staff)
