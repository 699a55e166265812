"""The form as a clinic's clients will see it, for whoever set it up: without a code, and nothing can be sent."""

from flask import Response

from feedback.domain.care import USUAL_INSTRUMENT
from feedback.domain.clock import local_day
from feedback.instruments import easier, load
from feedback.web.carried import is_easy
from feedback.web.client_page import client_page
from feedback.web.days import shown_day
from feedback.web.intake import intake
from feedback.web.intake.form_page import FormPage, Sent
from feedback.web.language import language
from feedback.web.surfaces import here
from feedback.web.whose import named_clinic

SAMPLE_NAME = "Dana"


@intake.get("/preview/<clinic_id>")
def show_preview(clinic_id: str) -> Response:
    """Show the form of a clinic with a sample name in the place of the therapist's. It holds nothing about anybody."""
    clinic = named_clinic(clinic_id)
    usual = load(USUAL_INSTRUMENT, language().code)
    plainer = easier(usual)
    day = shown_day(local_day(here().clock, clinic.timezone), language())
    asked = plainer if plainer and is_easy() else usual
    page = FormPage(clinic, SAMPLE_NAME, day, asked, asks_repair=False, has_easier=plainer is not None)
    return client_page("intake/form.html", clinic=clinic, page=page, sent=Sent(), day=day, sample=SAMPLE_NAME)
