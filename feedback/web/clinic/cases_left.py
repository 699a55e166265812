"""Where the open cases of a therapist go whose account is or will be disabled: a colleague, or kept until asked for.

The admin learns nothing of them, not even how many there are: no page of theirs depends on a case.
"""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from feedback.domain.care import Role, Staff
from feedback.domain.errors import NotFound, Refused
from feedback.persistence.accounts.accounts import get_staff
from feedback.persistence.database import UnitOfWork
from feedback.services.accounts.disable_staff import KEEP, disable_staff
from feedback.services.cases.cases_left import hand_over_led, list_successors
from feedback.web.access import NOT_HERE, me, requires
from feedback.web.clinic.forms import CasesLeftForm
from feedback.web.request_uow import reading, writing
from feedback.web.surfaces import here


@requires(Role.CLINIC_ADMIN, just_confirmed=True)
def show(staff_id: str) -> str:
    """Ask where somebody's open cases go."""
    with reading() as uow:
        return _page(uow, get_staff(uow, staff_id), None)


@requires(Role.CLINIC_ADMIN, just_confirmed=True)
def decide(staff_id: str) -> Response | tuple[str, int]:
    """Disable the account and hand its cases over or keep them; or hand over those of one disabled before."""
    it = here()
    with writing() as uow:
        staff = get_staff(uow, staff_id)
        form = _form(uow, staff)
        if form.validate():
            try:
                if staff.disabled_on is None:
                    to = form.colleague.data or KEEP
                    disable_staff(
                        uow, it.clock, it.keyring, journal=it.journal, staff=staff, by=me().staff.id, cases_to=to
                    )
                else:
                    code, to = form.code.data or "", form.colleague.data or ""
                    hand_over_led(
                        uow,
                        it.clock,
                        it.keyring,
                        journal=it.journal,
                        of=staff,
                        to=to,
                        by=me().staff.id,
                        typed_code=code,
                    )
            except Refused as refused:
                form.form_errors.append(str(refused))
        if form.errors:
            return _page(uow, staff, form), 400
    return redirect(url_for("clinic.people"), 303)


def _form(uow: UnitOfWork, staff: Staff, **more: None) -> CasesLeftForm:
    form = CasesLeftForm(**more)
    kept = [] if staff.disabled_on else [(KEEP, "Nobody yet: keep them until somebody asks for them")]
    form.colleague.choices = [
        *kept,
        *((one.id, one.display_name) for one in list_successors(uow, staff, me().staff.id)),
    ]
    return form


def _page(uow: UnitOfWork, staff: Staff, form: CasesLeftForm | None) -> str:
    if staff.role is not Role.THERAPIST:
        raise NotFound(NOT_HERE)
    return render_template("clinic/cases_left.html", person=staff, form=form or _form(uow, staff, formdata=None))
