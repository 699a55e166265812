"""The shared tablet: type a code, answer, and the screen clears by itself for the next person."""

from flask import Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from feedback.domain.care import Clinic
from feedback.domain.errors import NotFound
from feedback.web.carried import CLEARS_SECONDS, carried
from feedback.web.client_page import client_page
from feedback.web.intake import intake
from feedback.web.intake.code import Typed, read_code
from feedback.web.intake.thanks import WIPES
from feedback.web.whose import any_clinic, named_clinic


@intake.get("/k")
def start_only_clinic() -> AnyResponse:
    """Lead to the start page of the installation's only clinic. Raises `NotFound` when there are several."""
    clinic = any_clinic()
    if clinic is None:
        raise NotFound("There is no page here.")
    return redirect(url_for("intake.start_tablet", clinic_id=clinic.id, **carried()), 303)


@intake.get("/k/<clinic_id>")
def start_tablet(clinic_id: str) -> Response:
    """Wait for the next person. This page holds nothing, so it stays."""
    return _page(named_clinic(clinic_id), Typed("", ""))


@intake.post("/k/<clinic_id>")
def open_on_tablet(clinic_id: str) -> AnyResponse:
    """Lead from a typed code to its form, which clears by itself; or keep what was typed and say what may be wrong."""
    g.kiosk = True
    clinic = named_clinic(clinic_id)
    found = read_code(request.form.get("code", ""))
    if isinstance(found, Typed):
        return _page(clinic, found)
    return redirect(url_for("intake.show_form", token=found, **carried()), 303)


def _page(clinic: Clinic, typed: Typed) -> Response:
    g.kiosk = True
    status = 404 if typed.wrong else 200
    clears = CLEARS_SECONDS if typed.wrong else 0
    response = client_page("intake/kiosk.html", clinic=clinic, status=status, clears=clears, typed=typed)
    response.headers.update(WIPES)
    return response
