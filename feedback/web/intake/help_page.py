"""Someone else to talk to. Nothing is stored when it is opened."""

from flask import Response

from feedback.domain.care import Clinic
from feedback.domain.help_numbers import preset_for
from feedback.web.client_page import client_page
from feedback.web.current_clinic import any_clinic, named_clinic
from feedback.web.intake import intake
from feedback.web.surfaces import here


@intake.get("/help")
def help_anywhere() -> Response:
    """Say who to talk to where no clinic is known: the only clinic's people, else the country's."""
    return help_page(any_clinic())


@intake.get("/help/<clinic_id>")
@intake.get("/k/<clinic_id>/help")
def help_at_clinic(clinic_id: str) -> Response:
    """Say who to talk to at a clinic."""
    return help_page(named_clinic(clinic_id))


def help_page(clinic: Clinic | None) -> Response:
    """Draw the page for a clinic, or for none."""
    preset = preset_for(clinic.country if clinic else here().settings.country)
    complaints = (clinic.complaints if clinic else "") or (preset.complaints if preset else "")
    return client_page("intake/help.html", clinic=clinic, complaints=complaints)
