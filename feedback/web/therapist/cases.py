"""The caseload, and a new case."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from feedback.domain.care import SEATS, Role
from feedback.services.cases.list_caseload import list_caseload
from feedback.services.cases.open_case import LABEL_LENGTH, open_case
from feedback.services.clinic.find_instrument import list_offered
from feedback.web.access import me, requires
from feedback.web.forms import kept_line
from feedback.web.surfaces import here
from feedback.web.therapist import wording
from feedback.web.therapist.case_access import reading, today, writing
from feedback.web.therapist.forms import CaseForm

MOST_SOUGHT = 40
"""Characters of what is searched for; the rest is left out."""


@requires(Role.THERAPIST)
def caseload() -> str:
    """Show one's own cases."""
    return _page(_case_form(formdata=None))


@requires(Role.THERAPIST)
def new_case() -> Response | tuple[str, int]:
    """Open a case under a code the system draws."""
    it, form = here(), _case_form()
    if not form.validate():
        return _page(form), 400
    with writing() as uow:
        label, seats = form.label.data or "", form.seats.data or 1
        case = open_case(
            uow,
            it.clock,
            it.keyring,
            it.chance,
            by=me().staff,
            label=label,
            seats=seats,
            instrument_id=form.instrument.data,
        )
    return redirect(url_for("therapist.case_show", code=case.code), 303)


def _case_form(**more: None) -> CaseForm:
    form = CaseForm(**more)
    with reading() as uow:
        form.instrument.choices = [(each.id, f"{each.title} – {each.id}") for each in list_offered(uow)]
    return form


def _page(form: CaseForm) -> str:
    sought, closed = kept_line(request.args.get("q"))[:MOST_SOUGHT], request.args.get("closed") == "1"
    with reading() as uow:
        lines = list_caseload(uow, here().keyring, therapist=me().staff, sought=sought, with_closed=closed)
    return render_template(
        "therapist/cases.html",
        lines=lines,
        sought=sought,
        closed=closed,
        form=form,
        today=today(),
        words=wording,
        label_length=LABEL_LENGTH,
        most=len(SEATS),
    )
