"""The form as a clinic's clients will see it, for whoever set it up: without a code, and nothing can be sent."""

from flask import Response, g

from feedback.domain.care import USUAL_INSTRUMENT, Clinic, Role
from feedback.domain.clock import local_day
from feedback.domain.instrument import Instrument
from feedback.domain.who_reads import WHO_READS_VERSION
from feedback.instruments import easier, load
from feedback.persistence.clinic.own_instruments import get_own
from feedback.services.clinic.find_instrument import read_own
from feedback.web.access import me, requires
from feedback.web.client_page import client_page
from feedback.web.current_clinic import named_clinic
from feedback.web.days import shown_day
from feedback.web.i18n import language
from feedback.web.intake import intake
from feedback.web.intake.form_page import FormPage, Sent
from feedback.web.query_state import is_easy
from feedback.web.surfaces import here

SAMPLE_NAME = "Dana"


@intake.get("/preview/<clinic_id>")
def show_preview(clinic_id: str) -> Response:
    """Show the form of a clinic with a sample name in the place of the therapist's. It holds nothing about anybody."""
    usual = load(USUAL_INSTRUMENT, language().code)
    plainer = easier(usual)
    asked = plainer if plainer and is_easy() else usual
    return _draw(named_clinic(clinic_id), asked, has_easier=plainer is not None)


@intake.get("/preview/own/<instrument_id>/<int:version>/<spoken>")
@requires(Role.CLINIC_ADMIN)
def show_own_preview(instrument_id: str, version: int, spoken: str) -> Response:
    """Show a questionnaire the clinic added as its clients will see it. Its words may be licensed: admins only."""
    clinic = me().clinic
    with here().database.reading(clinic.id) as uow:
        kept = get_own(uow, (instrument_id, version, spoken))
    g.worded = (spoken,)
    return _draw(clinic, read_own(kept), has_easier=False)


def _draw(clinic: Clinic, asked: Instrument, *, has_easier: bool) -> Response:
    day = shown_day(local_day(here().clock, clinic.timezone), language())
    page = FormPage(
        clinic, SAMPLE_NAME, day, asked, asks_repair=False, sentence=WHO_READS_VERSION, has_easier=has_easier
    )
    return client_page("intake/form.html", clinic=clinic, page=page, sent=Sent(), day=day, sample=SAMPLE_NAME)
