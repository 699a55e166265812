"""The thank-you on a shared tablet: long enough to write the receipt down, longer by a tap, and then never again."""

from contextlib import suppress
from dataclasses import replace

from flask import Response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from feedback.domain.errors import NotSaved
from feedback.services.answers.withdraw_response import withdraw_response
from feedback.web.client_page import client_page
from feedback.web.current_clinic import named_clinic
from feedback.web.i18n import speak
from feedback.web.intake import intake
from feedback.web.intake.help_page import help_page
from feedback.web.intake.thanks import Thanks, thanks_page
from feedback.web.intake.visit import (
    GRACE_SECONDS,
    Visit,
    address_of,
    check_going_on,
    end_on,
    leave,
    open_visit,
    to_start,
)
from feedback.web.query_state import CLEARS_SECONDS, WIPES, beyond_back
from feedback.web.surfaces import here

SHOWN_SECONDS = 90
"""How long a receipt is shown: five seconds for each of its eighteen characters."""

LONGER_SECONDS = 120
"""How long it is shown after a tap on *Keep this page longer*, as often as it is tapped (WCAG 2.2.1 asks for ten)."""


def to_thanks(visit: Visit, thanks: Thanks) -> AnyResponse:
    """Lead to the thank-you."""
    sent = replace(visit.lasting(SHOWN_SECONDS), thanks=thanks)
    return redirect(address_of("intake.show_tablet_thanks", sent), 303)


@intake.get("/k/<clinic_id>/thanks/<sealed>")
def show_tablet_thanks(clinic_id: str, sealed: str) -> Response:
    """Say thank you and give the receipt, while the visit goes on."""
    visit, thanks = _going_on(clinic_id, sealed)
    page = thanks_page(
        thanks,
        longer=address_of("intake.keep_thanks_longer", visit),
        takes_back=address_of("intake.ask_to_take_back", visit.lasting(CLEARS_SECONDS)),
    )
    page.headers.update(WIPES)
    return beyond_back(page)


@intake.get("/k/<clinic_id>/longer/<sealed>")
def keep_thanks_longer(clinic_id: str, sealed: str) -> AnyResponse:
    """Lead to the same thank-you for longer."""
    visit, _thanks = _going_on(clinic_id, sealed)
    return redirect(address_of("intake.show_tablet_thanks", visit.lasting(LONGER_SECONDS)), 303)


@intake.get("/k/<clinic_id>/withdraw/<sealed>")
def ask_to_take_back(clinic_id: str, sealed: str) -> Response:
    """Ask whether to take the answer back. Its receipt is in the address, where nobody can read it."""
    _visit, thanks = _going_on(clinic_id, sealed)
    named_clinic(thanks.clinic_id)
    speak(thanks.language)
    return beyond_back(client_page("intake/withdraw.html", typed="", wrong=False, is_in_visit=True))


@intake.post("/k/<clinic_id>/withdraw/<sealed>")
def take_back(clinic_id: str, sealed: str) -> AnyResponse:
    """Take the answer back and end the visit with it; a page that is the same for everybody says so."""
    visit, thanks = _going_on(clinic_id, sealed, grace=GRACE_SECONDS)
    it = here()
    with it.database.writing(None) as uow:
        check_going_on(uow, visit)
        withdraw_response(uow, it.clock, it.keyring, it.chance, receipt=thanks.receipt, journal=it.journal)
        end_on(uow, visit)
    return redirect(url_for("intake.say_taken_back", clinic_id=clinic_id, lang=thanks.language), 303)


@intake.get("/k/<clinic_id>/withdrawn")
def say_taken_back(clinic_id: str) -> Response:
    """Say that it is done. This page belongs to nobody's visit."""
    return client_page("intake/withdrawn.html", clinic=named_clinic(clinic_id), clears=SHOWN_SECONDS)


@intake.get("/k/<clinic_id>/help/<sealed>")
def help_in_visit(clinic_id: str, sealed: str) -> Response:
    """Say who else to talk to, within a visit."""
    visit = open_visit(clinic_id, sealed)
    with here().database.reading(None) as uow:
        check_going_on(uow, visit)
    return beyond_back(help_page(named_clinic(clinic_id)))


@intake.get("/k/<clinic_id>/end/<sealed>")
def end_visit_here(clinic_id: str, sealed: str) -> AnyResponse:
    """End a visit for good and lead to the start page; where nothing can be saved just now, its time still ends it."""
    visit = open_visit(clinic_id, sealed, grace=CLEARS_SECONDS)
    with suppress(NotSaved), here().database.writing(None) as uow:
        end_on(uow, visit)
    return to_start(clinic_id)


def _going_on(clinic_id: str, sealed: str, *, grace: int = 0) -> tuple[Visit, Thanks]:
    """Return a visit in which something was sent, and its thank-you. Aborts with the start page once it has ended."""
    visit = open_visit(clinic_id, sealed, grace=grace)
    if visit.thanks is None:
        leave(clinic_id)
    with here().database.reading(None) as uow:
        check_going_on(uow, visit)
    return visit, visit.thanks
