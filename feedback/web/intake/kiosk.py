"""The shared tablet's start page: type a code, answer, and the screen clears by itself for the next person."""

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from feedback.domain.care import Clinic
from feedback.domain.errors import NotFound, TooManyTries
from feedback.domain.plain_text import plain_text
from feedback.security.receipts import read_receipt
from feedback.web.asked import asked
from feedback.web.client_page import client_page
from feedback.web.current_clinic import any_clinic, named_clinic
from feedback.web.intake import intake
from feedback.web.intake.code import Typed, read_code, say_what_is_wrong
from feedback.web.intake.tablet import end_any_visit_here
from feedback.web.intake.visit import NOT_NOW, begin_visit, to_start
from feedback.web.intake.withdraw import LONGEST_RECEIPT, withdraw_with
from feedback.web.query_state import WIPES, beyond_back, carried
from feedback.web.surfaces import here

START_SECONDS = 300
"""After which the start page is loaded anew, so that no code stays in it that somebody typed and left."""

_BREAK = "wait"
_WAITS = {_BREAK, NOT_NOW}
_LONGEST_SLIP = 3


@intake.get("/k")
def start_only_clinic() -> AnyResponse:
    """Lead to the start page of the installation's only clinic. Raises `NotFound` when there are several."""
    clinic = any_clinic()
    if clinic is None:
        raise NotFound("There is no page here.")
    return redirect(url_for("intake.start_tablet", clinic_id=clinic.id, **carried()), 303)


@intake.get("/k/<clinic_id>")
def start_tablet(clinic_id: str) -> Response:
    """Wait for the next person: whatever visit went on at this tablet is over.

    `?slip=` says why a code led to no form, and nothing of the code itself.
    """
    clinic = named_clinic(clinic_id)
    slip = asked("slip") or ""
    if slip in _WAITS:
        return _page(clinic, "", waits=slip)
    is_known = len(slip) <= _LONGEST_SLIP and slip.removeprefix("-").isdecimal()
    return _page(clinic, say_what_is_wrong("", int(slip)) if is_known else "")


@intake.post("/k/<clinic_id>")
def open_on_tablet(clinic_id: str) -> AnyResponse:
    """Lead from a typed code to its form, in a visit of its own; or to a fresh start page that says what was wrong.

    Never answered with a page, which whoever comes next could have sent again, with the code in it.
    """
    clinic = named_clinic(clinic_id)
    if _is_left_over(request.form.get("until", "")):
        return to_start(clinic.id)
    try:
        found = read_code(request.form.get("code", ""))
    except TooManyTries:
        return _back(clinic, _BREAK)
    return _back(clinic, str(found.shortfall)) if isinstance(found, Typed) else begin_visit(found, clinic.id)


@intake.get("/k/<clinic_id>/withdraw")
def ask_receipt_on_tablet(clinic_id: str) -> Response:
    """Ask for the receipt that somebody wrote down. `?slip=1` says that there was a slip in it."""
    clinic = named_clinic(clinic_id)
    wrong = asked("slip") == "1"
    return client_page("intake/withdraw.html", clinic=clinic, clears=START_SECONDS, typed="", wrong=wrong)


@intake.post("/k/<clinic_id>/withdraw")
def withdraw_on_tablet(clinic_id: str) -> AnyResponse:
    """Take the answer back and lead to the page that says so; never answered with a page, as on the start page."""
    clinic = named_clinic(clinic_id)
    receipt = read_receipt(plain_text(request.form.get("receipt", ""))[:LONGEST_RECEIPT])
    if receipt is None:
        return redirect(url_for("intake.ask_receipt_on_tablet", clinic_id=clinic.id, slip="1", **carried()), 303)
    withdraw_with(receipt)
    return redirect(url_for("intake.say_taken_back", clinic_id=clinic.id, **carried()), 303)


def _back(clinic: Clinic, slip: str) -> AnyResponse:
    return redirect(url_for("intake.start_tablet", clinic_id=clinic.id, slip=slip, **carried()), 303)


def _is_left_over(until: str) -> bool:
    """Return whether a start page is older than it is ever shown; never for what does not say how old."""
    return until.isascii() and until.isdigit() and int(until[:12]) < here().clock.now().timestamp()


def _page(clinic: Clinic, wrong: str, *, waits: str = "") -> Response:
    until = int(here().clock.now().timestamp()) + START_SECONDS + 1
    response = client_page(
        "intake/kiosk.html", clinic=clinic, clears=START_SECONDS, wrong=wrong, waits=waits, until=until
    )
    response.headers.update(WIPES)
    end_any_visit_here(response)
    return beyond_back(response)
